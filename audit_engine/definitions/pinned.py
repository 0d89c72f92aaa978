"""Gives back the definitions that something was opened under, from the exact text that was pinned with it."""

import json
from functools import lru_cache
from typing import TypeVar

from audit_engine.definitions.criteria import Library
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.reading import Definition, judged
from audit_engine.definitions.rubric import ReadRubric, Rubric
from audit_engine.definitions.rubric_reading import Shared, Shelf, read_rubric
from audit_engine.definitions.rubric_rules import Limits
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Source, source_from
from audit_engine.problems import Unusable

D = TypeVar("D", bound=Definition)


@lru_cache(maxsize=64)
def rubric_from(text: str) -> ReadRubric:
    """The rubric of a pin's text, with the scale, facts and criteria it had then.

    Raises:
        Unusable: this version of the program no longer reads the text; the audits under it need the older one.
    """
    sources = {name: source_from(part.encode(), f"pinned {name}") for name, part in json.loads(text).items()}
    codebook, rubric = _part(sources["facts"], Codebook), _part(sources["rubric"], Rubric)
    scales = [_part(source, Scale) for name, source in sources.items() if name.split(" ")[0] == "scale"]
    libraries = [_part(source, Library) for name, source in sources.items() if name.startswith("criteria ")]
    shelf = Shelf(
        {scale.scale: scale for scale in scales},
        {codebook.codebook: codebook},
        {criterion.id: criterion for library in libraries for criterion in library.criteria},
        _limits([source for name, source in sources.items() if name.startswith("limits ")]),
    )
    read = read_rubric(sources["rubric"], rubric, shelf, pinned=True)
    if isinstance(read, list):
        raise Unusable(read)
    return read


def _limits(sources: list[Source]) -> dict[str, Shared]:
    found: dict[str, Shared] = {}
    for source in sources:
        found |= {rule.id: (source, ("rules", n), rule) for n, rule in enumerate(_part(source, Limits).rules)}
    return found


def _part(source: Source, model: type[D]) -> D:
    found = judged(source, model)
    if isinstance(found, list):
        raise Unusable(found)
    return found


_MAIN = {"rubric": ("rubric", "rubric"), "measures": ("measure_set", "measure_set"),
         "workflow": ("workflow", "workflow"), "programme": ("programme", "programme")}  # fmt: skip
"""Which part of a pin's text is the definition itself -> its kind, and the key that holds its name."""


def pinned_name(text: str) -> tuple[str, str, str] | None:
    """Kind, name and version as a pin's text itself says them; None when it cannot be read."""
    try:
        parts = json.loads(text)
        part = next(part for part in _MAIN if part in parts)
        kind, key = _MAIN[part]
        content = source_from(parts[part].encode(), "pinned").content
        return kind, content[key], content["version"]
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, Unusable):
        return None
