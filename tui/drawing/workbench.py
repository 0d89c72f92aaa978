"""The workbench in lines: all criteria with their marks, and one of them with everything needed to answer it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual.content import Content

from audit_engine.work_views import AnswerView, Choice, CriterionView, OverallView, WorkView
from tui.drawing.words import BAD, HERE, QUIET, STRONG, Lines, fitted, hanging, joined, rule, words, wrapped

EVIDENCE = (Choice("1", "found", "found"), Choice("2", "partly", "partly"), Choice("3", "not_found", "not found"))
IMPACT = (Choice("1", "yes", "yes"), Choice("2", "no", "no"), Choice("3", "cannot_tell", "cannot tell"))
DEMANDS = {
    "grade": "a grade", "evidence": "whether evidence was found", "impact": "whether it made a difference",
    "reason": "a reason", "note": "a note", "pointer": "where in the record the evidence is",
}  # fmt: skip
LEGEND = "[x] done [ ] open [!] asks for more [?] come back [-] not expected"


@dataclass(frozen=True, slots=True)
class Slot:
    """One line to answer with one key. A ladder criterion has three, every other has one."""

    criterion: CriterionView
    what: str
    """`grade`, `evidence` or `impact`."""

    @property
    def open(self) -> bool:
        """Whether it is still asked for."""
        return self.what in self.criterion.demands or ("reason" in self.criterion.demands and self.what == "grade")

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What its digits mean, best first."""
        return {"evidence": EVIDENCE, "impact": IMPACT}.get(self.what, self.criterion.grades)


def slots(view: WorkView) -> tuple[Slot, ...]:
    """Every line that takes a key, in the rubric's order; without grades, one for each criterion."""
    return tuple(
        Slot(one, what)
        for one in view.criteria
        for what in (("evidence", "grade", "impact") if one.ladder and view.graded else ("grade",))
    )


def mark(one: CriterionView, flagged: Collection[str] = ()) -> str:
    """How a criterion stands, without colour."""
    if one.id in flagged:
        return "[?]"
    if one.answer is None:
        return "[-]" if one.expected == "not_expected" and not one.open else "[ ]"
    return "[!]" if one.open else "[x]"


def digit_of(slot: Slot) -> str:
    """The key that was pressed for it, or a word."""
    answer = slot.criterion.answer
    if answer is None:
        return "."
    if answer.applicability == "cannot_tell":
        return "?"
    if answer.applicability != "expected":
        return "n/a"
    given = {"evidence": answer.evidence, "impact": answer.impact}.get(slot.what, answer.grade)
    return next((one.key for one in slot.choices if one.id == given), ".")


def criteria_lines(view: WorkView, place: int, width: int, flagged: Collection[str] = ()) -> tuple[Lines, list[int]]:
    """All criteria under their sections.

    Returns:
        The lines; and for each slot the number of its line.
    """
    lines: Lines = []
    at, section = [], ""
    for number, slot in enumerate(slots(view)):
        one = slot.criterion
        if one.section != section:
            section = one.section
            lines.append(_section(view, section, width))
        first = slot.what == "evidence" or (slot.what == "grade" and not (one.ladder and view.graded))
        if first and one.ladder and view.graded:
            lines.append(words(fitted(f"  {mark(one, flagged)} {one.number:>2} {one.title}", width)))
        at.append(len(lines))
        lines.append(_slot_line(slot, width, here=number == place, flagged=flagged, ladder=one.ladder and view.graded))
    return lines, at


def _section(view: WorkView, section: str, width: int) -> Content:
    mine = [one for one in view.criteria if one.section == section]
    told = f"{sum(not one.open for one in mine)}/{len(mine)}"
    return words(f"{fitted(f' {section}', width - len(told) - 1)} {told}", STRONG)


def _slot_line(slot: Slot, width: int, *, here: bool, flagged: Collection[str], ladder: bool) -> Content:
    one, point = slot.criterion, ">" if here else " "
    if ladder:
        called = {"evidence": "recorded", "grade": "quality", "impact": "difference"}[slot.what]
        box = "[ ]" if slot.open else "[x]" if one.answer else "[-]" if one.expected == "not_expected" else "[ ]"
        left = f" {point}   {box} {called}"
    else:
        left = f" {point}{mark(one, flagged)} {one.number:>2} {one.title}"
    text = f"{fitted(left, width - 4)} {digit_of(slot):>3}"
    return words(text, HERE if here else "")


def question_lines(view: WorkView, slot: Slot, width: int, *, whole: bool = False) -> Lines:
    """One criterion: what it asks, what each grade looks like, what was answered, what is still asked for."""
    one = slot.criterion
    lines = [rule(f"{one.number} {one.title}", width), *wrapped(one.asks, width - 1, 1, STRONG)]
    lines += _expected(one, width)
    if whole:
        lines += [Content(""), *hanging(" Look for: ", "; ".join(one.look_for), width - 1, 11)]
    lines.append(Content(""))
    lines += _choices(view, slot, width)
    if not whole and one.look_for:
        lines += [Content(""), *hanging(" Look for: ", "; ".join(one.look_for), width - 1, 11, QUIET, QUIET)]
    return [*lines, *_answered(one, width)]


def _expected(one: CriterionView, width: int) -> Lines:
    if one.expected == "not_expected":
        text = (
            f"By the facts of this case it is not expected. {one.expected_because} Answer it only if you saw otherwise."
        )
        return wrapped(text, width - 1, 1)
    return wrapped(one.expected_because, width - 1, 1, QUIET) if one.expected_because else []


def _choices(view: WorkView, slot: Slot, width: int) -> Lines:
    lines: Lines = []
    if not view.graded:
        lines += wrapped(
            "This audit is made without grades: `e` writes a note, `0` says that it does not apply.", width - 1, 1
        )
    elif slot.what == "grade":
        given = slot.criterion.answer.grade if slot.criterion.answer else None
        indent = min(max((len(one.label) for one in slot.criterion.grades), default=0) + 6, 18)
        for one in slot.criterion.grades:
            lines += _grade(one, width, indent, chosen=one.id == given)
    else:
        asks = "Was evidence of it found in the record?" if slot.what == "evidence" else "Did it make a difference?"
        lines += wrapped(asks, width - 1, 1)
        lines += [words(f" {one.key} {one.label}", STRONG) for one in slot.choices]
    lines.append(words(" 0 Does not apply, or cannot be told (a reason is needed)", QUIET))
    return lines


def _grade(one: Choice, width: int, indent: int, *, chosen: bool) -> Lines:
    label = wrapped(one.label, indent - 3 - 1)
    text = wrapped(one.text, width - indent - 1) if one.text else []
    point = "=" if chosen else " "
    made = []
    for row in range(max(len(label), len(text))):
        head = f"{point}{one.key} " if row == 0 else "   "
        left = label[row].plain if row < len(label) else ""
        right = text[row] if row < len(text) else Content("")
        made.append(joined(words(fitted(head + left, indent), STRONG), right))
    return made


def _answered(one: CriterionView, width: int) -> Lines:
    answer = one.answer
    lines = [Content(""), rule("Your answer", width)]
    lines += wrapped(f"{answer.words}.", width - 1, 1) if answer else [words(" none yet", QUIET)]
    if one.demands and answer:
        lines += wrapped(f"Still asked for: {demanded(one)}.", width - 1, 1, BAD)
    lines += note_lines(answer, width)
    return lines


def note_lines(answer: AnswerView | None, width: int) -> Lines:
    """The note, and where the evidence is."""
    if answer is None:
        return []
    lines = hanging(" Note: ", answer.note, width - 1, 7) if answer.note else []
    return lines + (hanging(" Where: ", answer.pointer, width - 1, 8) if answer.pointer else [])


def demanded(one: CriterionView) -> str:
    """What a criterion still asks for, in words."""
    told = [DEMANDS[name] for name in one.demands]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def overall_lines(view: OverallView, width: int, most: int = 3) -> Lines:
    """What follows for the audit as a whole, and the rule that binds it, in at most `most` lines."""
    so_far = " so far" if view.provisional else ""
    suggested = f"{view.label(view.suggested)}" if view.suggested else "not yet"
    may = ", ".join(one.label for one in view.grades if one.id in view.permitted) or "none"
    lines = wrapped(f"Overall{so_far}: suggested {suggested}. Permitted: {may}.", width - 1, 1, STRONG)
    told = [f"Bound by rule {text}" for text in view.bound_by] or ([view.because] if view.because else [])
    for text in told:
        lines += wrapped(text, width - 1, 1)
    if len(lines) > most:
        lines = [*lines[: most - 1], words(fitted(lines[most - 1].plain.rstrip() + " ... s shows all", width - 1))]
    return lines


def writing_lines(one: CriterionView, what: str, used: int, most: int, width: int) -> Lines:
    """What stands above a note while it is written: the grade it is for, what that looks like, and how long it is."""
    answer = one.answer
    given = answer.words if answer else "not answered"
    lines = [rule(f"{one.number} {one.title}", width), *wrapped(f"{given}.", width - 1, 1, STRONG)]
    text = one.grade_text(answer.grade if answer else None)
    lines += wrapped(text, width - 1, 1, QUIET)[:4] if text else []
    asked = "the note is needed" if what in one.demands else "as you like"
    told = {"note": "NOTE, without names", "pointer": "WHERE IN THE RECORD the evidence is"}[what]
    return [*lines, rule(f"{told} - {asked} - {used:,}/{most:,}", width)]


def found_in(view: WorkView, typed: str) -> list[int]:
    """The slots whose question, note or pointer holds these words."""
    wanted = typed.casefold()
    return [
        number
        for number, slot in enumerate(slots(view))
        if slot.what == "grade" and wanted in _all_words(slot.criterion).casefold()
    ]


def _all_words(one: CriterionView) -> str:
    answer = one.answer
    own = (answer.note or "", answer.pointer or "", answer.words) if answer else ()
    parts: Sequence[str] = (one.id, one.title, one.asks, *one.look_for, *own)
    return "\n".join(parts)
