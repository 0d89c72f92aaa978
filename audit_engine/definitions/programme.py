"""Programmes: a round of audits of one stream, and what its audits are called wherever they are counted."""

from typing import Annotated

from audit_engine.definitions.names import STREAMS
from audit_engine.definitions.reading import Definition, Identifier, Label, Version, as_one_of


class Programme(Definition):
    """Which audits are made, under which rubric, and what they are called."""

    programme: Identifier
    version: Version
    title: Label
    stream: Annotated[str, as_one_of(STREAMS)]
    audits_called: Label
    """In the plural, as a figure says it: `local Quality and Impact audits`."""
    subject: Annotated[str, as_one_of(("case",))]
    rubric: Identifier
    graded: Annotated[str, as_one_of(("always", "optional"))]
    """`optional`: a learning audit may be recorded without grades."""
