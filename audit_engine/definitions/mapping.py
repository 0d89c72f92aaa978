"""Mapping files: how a service's own columns and words become ours when a file is imported."""

from typing import Annotated

from pydantic import Field

from audit_engine.definitions.reading import (
    Definition,
    Identifier,
    Line,
    Sentence,
    Version,
    as_one_of,
    judged,
    repeated,
)
from audit_engine.definitions.sources import Source
from audit_engine.problems import Problem, Unusable

DATE_FORMATS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "DD-MM-YYYY": "%d-%m-%Y",
    "DD Mon YYYY": "%d %b %Y",
}


class Column(Definition):
    """One of our columns: what the file calls it and how it writes its values."""

    column: Line
    called: Line | None = None
    """The heading in the file; the same as ours when left out."""
    dates: Annotated[str, as_one_of(DATE_FORMATS)] | None = None
    words: dict[str, str] = {}
    """What the file writes -> what we write."""


class AsFound(Definition):
    """One audit that breaks four eyes or a limiting rule and is accepted all the same; it stays marked."""

    audit: Line
    reason: Sentence


class Mapping(Definition):
    """How one kind of file is read."""

    mapping: Identifier
    version: Version
    reads: Annotated[str, as_one_of(("people", "cases", "audits", "observations", "indicators"))]
    columns: Annotated[tuple[Column, ...], Field(max_length=200)] = ()
    ignore: Annotated[tuple[Line, ...], Field(max_length=500)] = ()
    """Headings in the file that are not read."""
    accept_as_found: Annotated[tuple[AsFound, ...], Field(max_length=1000)] = ()


def read_mapping(source: Source, reads: str) -> Mapping:
    """The mapping in `source`, for files of one kind.

    Raises:
        Unusable: its shape is wrong, a column stands twice, or it is for files of another kind.
    """
    found = judged(source, Mapping)
    if isinstance(found, list):
        raise Unusable(found)
    problems: list[Problem] = repeated(
        source, [(("columns", n, "column"), c.column) for n, c in enumerate(found.columns)], "D016", "column"
    )
    if found.reads != reads:
        problems.append(
            source.problem(
                ("reads",),
                "D025",
                f"this mapping is for {found.reads}, and the file is read as {reads}",
                "Give the mapping made for this kind of file.",
            )
        )
    if found.accept_as_found and reads != "audits":
        problems.append(
            source.problem(
                ("accept_as_found",), "D022", "only past audits are accepted as found", "Delete these lines."
            )
        )
    if problems:
        raise Unusable(problems)
    return found
