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
