"""Gives back the definitions that something was opened under, from the exact text that was pinned with it."""

import json
from functools import lru_cache
from typing import TypeVar

from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.reading import Definition, judged
from audit_engine.definitions.rubric import Library, ReadRubric, Rubric, read_rubric
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
    scale, codebook = _part(sources["scale"], Scale), _part(sources["facts"], Codebook)
    libraries = [_part(source, Library) for name, source in sources.items() if name.startswith("criteria ")]
    criteria = {criterion.id: criterion for library in libraries for criterion in library.criteria}
    rubric = _part(sources["rubric"], Rubric)
    read = read_rubric(sources["rubric"], rubric, {scale.scale: scale}, {codebook.codebook: codebook}, criteria)
    if isinstance(read, list):
        raise Unusable(read)
    return read


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
