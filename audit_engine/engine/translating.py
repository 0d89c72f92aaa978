"""Grades of one scale on another: the same where the scale is the same, else as a mapping says. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from audit_engine.definitions.scale_mapping import IDENTICAL, INCOMPARABLE, ScaleMapping
from audit_engine.definitions.scales import Scale


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What a grade of one scale is on another."""

    how: str
    """`identical`, `mapped` or `incomparable`."""
    to: str | None
    """None where it is incomparable."""
    because: str = ""


def counterpart(grade: str, old: Scale, new: Scale, mappings: Iterable[ScaleMapping]) -> Counterpart:
    """What `grade` of the scale `old` is on `new`; incomparable where neither the scale nor a mapping says."""
    if old.scale == new.scale:
        if grade in new.ids:
            return Counterpart(IDENTICAL, grade)
        return Counterpart(INCOMPARABLE, None, f"The scale '{new.title}' has no grade '{grade}' any more.")
    found = next((one for one in mappings if (one.source, one.target) == (old.scale, new.scale)), None)
    if found is None or grade not in found.by_grade:
        because = f"No mapping says what a grade of '{old.title}' is on the scale '{new.title}'."
        return Counterpart(INCOMPARABLE, None, because)
    mapped = found.by_grade[grade]
    return Counterpart(mapped.how, mapped.to, mapped.because or "")
