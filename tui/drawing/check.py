"""The check before grades are handed in, as parts and points: what stops it, what to look at, the overall grade, what
is said with it. The same for an auditor who submits, a moderator who locks, and a moderator who makes grades final."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from audit_engine.work_views import ComparisonView, CriterionView, InNote, NoticedView, OverallView, WorkView
from tui.drawing.words import HERE, STRONG, Lines, fitted, hanging, rule, words, wrapped
from tui.drawing.workbench import demanded

RISK = "A child may be at risk"
"""How the sentence begins that asks for an escalation: the only one that the open questions do not say themselves."""
NOT_SAID = "not said yet"
WITHOUT_GRADES = "This audit is made without grades, so it has no overall grade."
LOCKS = {
    "check": (
        "Submitting locks your grades. After that only a moderator can return the audit to you; undo does not reach "
        "across it."
    ),
    "lock": "Locking cannot be undone: your grades never change after it, and you see the auditor's.",
    "finish": "Made final, the grades count from now on. This cannot be undone.",
}
"""What cannot be taken back, by the name of the screen."""
_KEPT = {
    "flag": "you marked it: come back to it",
    "note": "a note that you had not finished is kept: `e` shows it",
    "pointer": "where the evidence is, not finished, is kept: `p` shows it",
    "concern": "a concern that was not sent is kept: Enter shows it",
}
"""What a draft means, by the first part of its place."""
_NARROW = 14
"""Where the text begins beside a short head."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something said, and what Enter does there."""

    head: str
    """A word or a question; empty for a whole sentence."""
    text: str
    does: str = ""
    """`question`, `escalate`, `overall`, `feedback` or `together`; empty: it is only read."""
    criterion: CriterionView | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Points under a title."""

    title: str
    points: Sequence[Point]
    of_questions: bool = False
    """The heads are questions, which need more room than a word."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has said so far of what handing in asks."""

    overall: str | None = None
    """None: the offered grade."""
    reason: str = ""
    feedback: tuple[str, ...] | None = None
    """Who gave feedback; empty when nobody did, None when it was not said."""
    why_none: str = ""
    together: bool | None = None

    @property
    def feedback_said(self) -> bool:
        """Whether nothing more need be asked about feedback."""
        return bool(self.feedback) or (self.feedback == () and bool(self.why_none))


def must_fix(view: WorkView) -> tuple[Point, ...]:
    """Every open question with what it still asks for, and a child of whom nobody was told."""
    open_ones = [_at(one, f"still asks for {demanded(one)}") for one in view.criteria if one.open]
    open_ones = [point for one in open_ones for point in (one, *_waiting(one.criterion))]
    # What a blind moderator has still to do are these questions, and the overall grade, which is chosen here.
    more = [text for text in view.to_do if text.startswith(RISK) or not (open_ones or view.blind)]
    return (*open_ones, *(_sentence(view, text) for text in more))


def _waiting(one: CriterionView | None) -> tuple[Point, ...]:
    """Each question under it that waits; Enter goes to them."""
    return tuple(Point("", f"  {text}", "answers", one) for text in one.waiting) if one is not None else ()


def fitting(noticed: Sequence[NoticedView], criteria: Sequence[CriterionView]) -> tuple[Point, ...]:
    """What does not fit together, at the first question it is about. It bars nothing."""
    by_number = {one.number: one for one in criteria}
    return tuple(
        Point(one.title, one.says, "question" if one.about and one.about[0] in by_number else "",
              by_number.get(one.about[0]) if one.about else None)
        for one in noticed
    )  # fmt: skip


def _sentence(view: WorkView, text: str) -> Point:
    return Point("", text, "escalate", _titled_in(view, text)) if text.startswith(RISK) else Point("", text)


def undecided(view: ComparisonView) -> tuple[Point, ...]:
    """Every disagreement without a decision."""
    return tuple(_at(one.criterion, "is not decided") for one in view.differences if one.decision is None)


def look_at(view: WorkView, drafts: Mapping[str, str], in_notes: Sequence[InNote] = ()) -> tuple[Point, ...]:
    """Warnings, what notes may tell, marks to come back, texts that were begun: none of them stops anybody."""
    of_open = {f"'{one.title}' still needs " for one in view.criteria if one.open}
    warned = [Point("", text) for text in view.warnings if not any(text.startswith(one) for one in of_open)]
    by_id = {one.id: one for one in view.criteria}
    kept = []
    for place in drafts:
        kind, _, name = (place.removeprefix("blind:") if view.blind else place).partition(":")
        if kind in _KEPT:
            kept.append((kind, by_id.get(name)))
    kept.sort(key=lambda one: (one[1].number if one[1] else 0, one[0]))
    returned = [Point("", f"The moderator returned it: {view.returned_because}")] if view.returned_because else []
    told = [_at(one.criterion, one.text) for one in in_notes]
    return (
        *returned,
        *warned,
        *told,
        *(_kept(kind, one) for kind, one in kept if one is not None or kind == "concern"),
    )


def _kept(kind: str, one: CriterionView | None) -> Point:
    does = "escalate" if kind == "concern" else "question"
    return Point(_title(one) if one else "The audit", _KEPT[kind], does, one)


def _at(one: CriterionView, text: str) -> Point:
    return Point(_title(one), text, "question", one)


def _title(one: CriterionView) -> str:
    return f"{one.number:>2} {one.title}"


def _titled_in(view: WorkView, text: str) -> CriterionView | None:
    """The question that a sentence names: the longest title in it, since one title may hold another."""
    named = [one for one in view.criteria if one.title in text]
    return max(named, key=lambda one: len(one.title), default=None)


def chosen_points(view: OverallView, said: Said, offered: str | None, how: str) -> list[Point]:
    """Which overall grade is handed in, and why where it was chosen.

    Args:
        offered: The grade that stands when no other was chosen; None when nothing is offered.
        how: How the offered one came about: `as suggested`.
    """
    chosen = said.overall or offered
    if chosen is None:
        return [Point("Overall", "not chosen yet: a digit chooses it", "overall")]
    points = [Point("Overall", f"{_named(view, chosen)}, {how if chosen == offered else 'chosen by you'}", "overall")]
    return [*points, Point("Why", said.reason)] if said.reason and chosen != offered else points


def why_points(view: OverallView) -> list[Point]:
    """Which overall grade is suggested and why, which may be given, and each rule that binds."""
    told = f"{view.label(view.suggested)}. {view.because}" if view.suggested else view.because
    may = ", ".join(_named(view, one.id) for one in view.grades if one.id in view.permitted)
    so_far = " (so far: something is still missing)" if view.provisional else ""
    rules = [Point("Rule", text) for text in (*view.bound_by, *(f"{text}." for text in view.leaves))]
    rules += [Point("Marked", f"OVERRIDDEN: {text}") for text in view.overridden]
    return [Point("Suggested", told), Point("Permitted", f"{may}{so_far}"), *rules]


def barred_words(view: OverallView, grade: str) -> str:
    """Why a grade may not be given: the rule that bars it; where several do, their names."""
    choice = next(one for one in view.grades if one.id == grade)
    rules = [text for text in view.bound_by if text.partition(": ")[2] in choice.text]
    if len(rules) > 1:
        names = ", ".join(text.partition(": ")[0] for text in rules)
        return f"{choice.label} may not be given. These rules bar it, and stand above: {names}."
    return f"{choice.label} may not be given. {f'Rule {rules[0]}' if rules else choice.text}"


def _named(view: OverallView, grade: str) -> str:
    """A grade with its digit."""
    return next(f"{one.key} {one.label}" for one in view.grades if one.id == grade)


def said_points(said: Said) -> list[Point]:
    """Who gave feedback, and whether it was made together."""
    feedback = ", ".join(said.feedback) if said.feedback else NOT_SAID
    if said.feedback == ():
        feedback = f"from nobody: {said.why_none or 'why not is not said yet'}"
    together = {None: NOT_SAID, True: "yes, with the practitioner", False: "no"}[said.together]
    return [Point("Feedback", feedback, "feedback"), Point("Together", together, "together")]


def part_lines(parts: Sequence[Part], place: int, width: int) -> tuple[Lines, list[int]]:
    """All parts, one below the other.

    Args:
        place: Of the points where Enter does something, the one where the person is.

    Returns:
        The lines; and for each of those points the number of its line.
    """
    lines: Lines = []
    at: list[int] = []
    for part in parts:
        if not part.points:
            continue
        lines += [*([Content("")] if lines else []), words(f" {part.title}", STRONG)]
        wide = min(46, width * 2 // 5)
        for point in part.points:
            here = bool(point.does) and len(at) == place
            if point.does:
                at.append(len(lines))
            lines += _point_lines(point, width, wide if part.of_questions else _NARROW, here=here)
    return lines, at


def _point_lines(point: Point, width: int, indent: int, *, here: bool) -> Lines:
    lines = hanging(
        f" {'>' if here else ' '} {fitted(point.head, indent - 4)}" if point.head else f" {'>' if here else ' '} ",
        point.text, width - 1, indent if point.head else 3,
    )  # fmt: skip
    return [words(fitted(lines[0].plain, width), HERE), *lines[1:]] if here else lines


def count_words(done: int, total: int, stops: int, look: int, doing: str) -> str:
    """How many of how many are done, what stops, what to look at; with nothing to be done, the first alone."""
    if not doing:
        return f"{done} of {total} done."
    stopping = f"{stops} {_thing(stops)} you from {doing}" if stops else "nothing is open"
    looking = f"; {look} to look at" if look else ""
    return f"{done} of {total} done; {stopping}{looking}."


def submitted_words(view: WorkView, stamp: str) -> str:
    """That it is submitted, and who goes on with it.

    Args:
        stamp: When it was saved, `saved 14:02:31`; a turn behind it is left out.
    """
    said = f"{view.reference} submitted, {stamp.partition(' turn')[0]}. It is now '{view.stage_title}'"
    ahead = next((step for step in view.next if step.possible), None)
    if ahead is None:
        return f"{said}."
    return f"{said}; next: {ahead.title[:1].lower()}{ahead.title[1:]}, by {' or '.join(ahead.for_whom)}."


def _thing(count: int) -> str:
    return "thing stops" if count == 1 else "things stop"


def sending_lines(sentence: str, locks: str, width: int) -> Lines:
    """What the key that hands in will do, and what cannot be taken back."""
    strong = wrapped(sentence, width - 1, 1, STRONG) if sentence else []
    return [rule("", width), *strong, *(wrapped(locks, width - 1, 1) if locks else [])]
