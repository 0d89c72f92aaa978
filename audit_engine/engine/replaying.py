"""One finished audit under two texts of a rubric: what the second would have made of it. Pure: no database, no clock.

An audit is compared only where both texts can be decided in full by what was rated. Where they cannot, it is counted
apart, with what was never rated: an unknown is neither a change nor none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.scale_mapping import ScaleMapping
from audit_engine.engine.grading import Bar, Judgement, Override, judgement
from audit_engine.engine.in_force import NOT_KNOWN, Practice
from audit_engine.engine.ratings import BY_JUDGEMENT, CANNOT_TELL, Rated
from audit_engine.engine.translating import counterpart

COMPARED, NOT_SAID, OPEN_BEFORE, INCOMPARABLE = "compared", "not_said", "open_before", "incomparable"
AT_MOST, AT_LEAST = "at_most", "at_least"
LEFT_OUT = "not_expected"
"""As a file says it that does not tell how it was decided."""
_WANTED = {"grade", "answers", "reason"}
"""What a criterion lacks that can leave a grade open; the other steps of a ladder cannot."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished audit, as far as grading looks at it."""

    reference: str
    area: str
    team: str
    old: ReadRubric
    """The first of the two texts."""
    ratings: Mapping[str, Rated]
    """As they stand, after moderation."""
    facts: Mapping[str, Any]
    overall: str | None
    """As it stands; None where it was not recorded."""
    practice: Practice = NOT_KNOWN
    overrides: Mapping[str, Override] = field(default_factory=dict)
    """By limiting rule; under the second text it counts where that one's rule of this name allows it."""
    shown: bool = True
    """Whether the reader may see this audit by its reference."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the second text makes of one audit."""

    reference: str
    area: str
    team: str
    shown: bool
    state: str
    """`compared`; or why it is not: `not_said` by the second text, `open_before` by the first, `incomparable`."""
    given: tuple[str, int, str] | None
    """Its overall grade: scale, order on it, label. None where it was not recorded."""
    was_suggested: str | None = None
    """By the first text, as a grade of the second's scale."""
    suggested: str | None = None
    nearest: str | None = None
    """Of the grades that the second text's rules leave, the one nearest to the overall grade."""
    barred: str | None = None
    """`at_most` or `at_least`, where the overall grade would have to become `nearest`."""
    barred_before: bool = False
    """The first text does not permit the overall grade either."""
    second_look: bool = False
    """Somebody else would have to look, and under the first text did not."""
    escalates: bool = False
    """An escalation would have been opened, and under the first text was not."""
    never_rated: tuple[str, ...] = ()
    """Criteria without which the second text cannot say."""
    begins_to_hold: tuple[str, ...] = ()
    """Limiting rules of the second text that hold, and did not under the first."""
    no_longer_holds: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    """Why, in sentences."""
    rises: int = 0
    """By how many grades the suggestion; below 0 it falls."""

    @property
    def moved(self) -> bool:
        """Whether another grade is suggested."""
        return self.state == COMPARED and self.suggested != self.was_suggested

    @property
    def affected(self) -> bool:
        """Whether anything that the second text decides is not as it was."""
        return self.state == COMPARED and (self.moved or bool(self.barred) or self.second_look or self.escalates)


def replayed(audit: Finished, new: ReadRubric, mappings: Sequence[ScaleMapping]) -> Replayed:
    """Judge one audit under both texts."""
    old, scale = audit.old, audit.old.scale
    given = (
        (scale.title, scale.order(audit.overall), scale.label(audit.overall)) if audit.overall in scale.ids else None
    )
    found = Replayed(audit.reference, audit.area, audit.team, audit.shown, INCOMPARABLE, given)
    audit = replace(audit, ratings={name: _as_it_ended(rated) for name, rated in audit.ratings.items()})
    before = judgement(
        old, audit.ratings, audit.facts, audit.overall, practice=audit.practice, overrides=audit.overrides
    )
    read = _on_the_scales_of(new, audit, before, mappings)
    if isinstance(read, str):
        return replace(found, says=(read,))
    ratings, overall, was_suggested = read
    after = judgement(new, ratings, audit.facts, overall, practice=audit.practice, overrides=audit.overrides)
    found = _certain(replace(found, was_suggested=was_suggested), new, before, after, overall)
    if _undecided(before, old, audit.overall):
        return replace(found, state=OPEN_BEFORE)
    if _undecided(after, new, overall):
        waiting = tuple(one.criterion for one in after.missing if _WANTED & set(one.lacks))
        return replace(found, state=NOT_SAID, never_rated=waiting, says=(*found.says, after.because))
    return _compared(found, new, after)


def _as_it_ended(rated: Rated) -> Rated:
    """What was left out stays so, also where an imported audit does not say why: nobody is asked any more."""
    unsaid = rated.applicability in (BY_JUDGEMENT, CANNOT_TELL) and rated.reason is None
    return replace(rated, applicability=LEFT_OUT) if unsaid else rated


_Read = tuple[dict[str, Rated], str | None, str | None]


def _on_the_scales_of(
    new: ReadRubric, audit: Finished, before: Judgement, mappings: Sequence[ScaleMapping]
) -> _Read | str:
    """Ratings, overall and suggested grade as grades of the second text; else the sentence why they are none."""
    old, ratings = audit.old, dict[str, Rated]()
    for name, rated in audit.ratings.items():
        if name not in new.criteria or name not in old.criteria or rated.grade is None:
            ratings[name] = rated
            continue
        one = counterpart(rated.grade, old.scales[name], new.scales[name], mappings)
        if one.to is None:
            return f"'{new.criteria[name].title}' is {old.label(name, rated.grade)}. {one.because}"
        ratings[name] = replace(rated, grade=one.to)
    overalls: list[str | None] = []
    for grade in (audit.overall, before.suggested):
        if grade is None or grade not in old.scale.ids:
            overalls.append(None)
            continue
        one = counterpart(grade, old.scale, new.scale, mappings)
        if one.to is None:
            return f"The overall grade is {old.scale.label(grade)}. {one.because}"
        overalls.append(one.to)
    return ratings, overalls[0], overalls[1]


def _undecided(judged: Judgement, rubric: ReadRubric, overall: str | None) -> bool:
    """Whether what is not known could still change the suggestion, bar the overall grade or ask for a second look."""
    if judged.suggested is None:
        return True
    held = [bar for bar in judged.bound_by if bar.holds]
    order = rubric.scale.order(overall) if overall in rubric.scale.ids else None
    barred = order is not None and any(bar.bars(order) for bar in held)
    for bar in judged.bound_by:
        if bar.holds:
            continue
        asks = bar.second_look and not any(one.second_look for one in held)
        opens = bar.opens_escalation and not any(one.opens_escalation for one in held)
        if asks or opens or (order is not None and not barred and bar.bars(order)):
            return True
    return False


def _certain(found: Replayed, new: ReadRubric, before: Judgement, after: Judgement, overall: str | None) -> Replayed:
    """What holds whatever is still not known."""
    held, were = _held(after.bound_by), _held(before.bound_by)
    barred, nearest = _nearest(new, held, overall)
    refused_before = found.given is not None and any(bar.bars(found.given[1]) for bar in were)
    return replace(
        found, nearest=nearest, barred=barred, barred_before=barred is not None and refused_before,
        second_look=_any(held, "second_look") and not _any(were, "second_look"),
        escalates=_any(held, "opens_escalation") and not _any(were, "opens_escalation"),
        begins_to_hold=_without(held, were), no_longer_holds=_without(were, held),
        says=tuple(_sentences(held, after, barred)),
    )  # fmt: skip


def _held(bars: Iterable[Bar]) -> list[Bar]:
    return [bar for bar in bars if bar.holds]


def _any(bars: Iterable[Bar], what: str) -> bool:
    return any(getattr(bar, what) for bar in bars)


def _without(bars: Iterable[Bar], others: Iterable[Bar]) -> tuple[str, ...]:
    ids = {bar.id for bar in others}
    return tuple(bar.id for bar in bars if bar.id not in ids)


def _nearest(new: ReadRubric, held: Sequence[Bar], overall: str | None) -> tuple[str | None, str | None]:
    """How the overall grade is barred, and the nearest that is left."""
    if overall is None:
        return None, None
    order = new.scale.order(overall)
    active = [bar for bar in held if bar.override is None and not bar.gave_way]
    low = max((bar.lowest for bar in active), default=0)
    high = min((bar.highest for bar in active), default=len(new.scale.ids) - 1)
    if order > high:
        return AT_MOST, new.scale.ids[high]
    return (AT_LEAST, new.scale.ids[low]) if order < low else (None, overall)


def _sentences(held: Sequence[Bar], after: Judgement, barred: str | None) -> Iterable[str]:
    if barred is not None:
        certain = {bar.id for bar in held}
        yield from (f"{reason.rule}: {reason.text}" for reason in after.refused if reason.rule in certain)
    for bar in held:
        if bar.second_look:
            yield f"{bar.id} ({bar.title}): somebody else must look."
        if bar.opens_escalation:
            yield f"{bar.id} ({bar.title}): an escalation is opened."


def _compared(found: Replayed, new: ReadRubric, after: Judgement) -> Replayed:
    scale, was = new.scale, found.was_suggested
    rises = scale.order(after.suggested) - scale.order(was) if after.suggested and was else 0
    says = found.says
    if after.suggested != was and after.suggested and was:
        moved = f"{scale.label(after.suggested)} would be suggested (before: {scale.label(was)}). {after.because}"
        says = (moved, *says)
    return replace(found, state=COMPARED, suggested=after.suggested, rises=rises, says=tuple(dict.fromkeys(says)))
