"""The workbench in lines: all criteria with their marks, and one of them with everything needed to answer it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual.content import Content

from audit_engine.work_views import AnswerView, Choice, CriterionView, OverallView, WorkView
from tui.drawing.asked import answered_words, leads_to_lines
from tui.drawing.words import BAD, GOOD, HERE, QUIET, STRONG, Lines, cut, fitted, hanging, joined, rule, words, wrapped

EVIDENCE = (Choice("1", "found", "found"), Choice("2", "partly", "partly"), Choice("3", "not_found", "not found"))
IMPACT = (Choice("1", "yes", "yes"), Choice("2", "no", "no"), Choice("3", "cannot_tell", "cannot tell"))
DEMANDS = {
    "answers": "answers to its questions (`a`)",
    "grade": "a grade", "evidence": "whether evidence was found", "impact": "whether it made a difference",
    "reason": "a reason", "note": "a note", "pointer": "where in the record the evidence is",
}  # fmt: skip
DESCRIPTOR = 5
"""Lines of the grade's descriptor above a note."""
PROMPT = 2
"""Lines of the question below the grade that was chosen, where room is short."""
NOT_RULED_OUT = "cannot be ruled out"
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
        also = ("reason", "answers")
        asked = any(one in self.criterion.demands for one in also) and self.what == "grade"
        return self.what in self.criterion.demands or asked

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
        return "[-]" if one.left_out and not one.open else "[ ]"
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
    if slot.what == "grade" and not slot.criterion.graded:
        return "a"
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
        box = "[ ]" if slot.open else "[x]" if one.answer else "[-]" if one.left_out else "[ ]"
        left = f" {point}   {box} {called}"
    else:
        left = f" {point}{mark(one, flagged)} {one.number:>2} {one.title}"
    text = f"{fitted(left, width - 4)} {digit_of(slot):>3}"
    return words(text, HERE if here else "")


def question_lines(view: WorkView, slot: Slot, width: int, height: int | None = None) -> Lines:
    """One criterion: what it asks, what was answered, what is still asked for, what each grade looks like.

    Args:
        height: Where everything does not fit in, descriptors keep their first sentence, then their first lines, so
            that every grade is in sight; None for all of it.
    """
    lines = _question(view, slot, width)
    if height is None or len(lines) <= height:
        return lines
    below = len(note_lines(slot.criterion.answer, width))
    for most in (99, 4, 3, 2):
        lines = _question(view, slot, width, most)
        if len(lines) <= height:
            return lines
    # A long note may stand below the edge, where it can be scrolled to. A grade may not.
    return lines if len(lines) - below <= height else _question(view, slot, width, 1)


def _question(view: WorkView, slot: Slot, width: int, most: int | None = None) -> Lines:
    one = slot.criterion
    look_for = hanging(" Look for: ", "; ".join(one.look_for), width - 1, 11, QUIET, QUIET) if one.look_for else []
    return [
        rule(f"{one.number} {one.title}", width),
        *wrapped(one.asks, width - 1, 1, STRONG),
        *(wrapped(f"Wording for this work: {one.variant}.", width - 1, 1, QUIET) if one.variant else []),
        *_expected(one, width),
        *_answered(view, one, width),
        *_choices(view, slot, width, most),
        *note_lines(one.answer, width),
        *(look_for if most is None else []),
    ]


def _expected(one: CriterionView, width: int) -> Lines:
    if one.expected == "not_in_force":
        return wrapped(f"It is not expected. {one.expected_because} A grade would not count.", width - 1, 1)
    if one.expected == "not_expected":
        text = (
            f"By the facts of the case it is not expected. {one.expected_because} Answer it only if you saw otherwise."
        )
        return wrapped(text, width - 1, 1)
    if one.expected == "unknown":
        return wrapped(one.expected_because, width - 1, 1)
    return []


def _answered(view: WorkView, one: CriterionView, width: int) -> Lines:
    lines = wrapped(f"= {one.answer.words}{one.mark}.", width - 1, 1, GOOD) if one.answer else []
    if one.asked is not None:
        lines += wrapped(f"`a` {answered_words(one.asked)}.", width - 1, 1)
        lines += leads_to_lines(one, width) if one.asked.suggested else []
    if one.demands and one.answer and view.begun:
        lines += wrapped(f"! Still asked for: {demanded(one)}.", width - 1, 1, BAD)
    return lines


def _choices(view: WorkView, slot: Slot, width: int, most: int | None) -> Lines:
    lines: Lines = []
    if not view.graded:
        text = "This audit is made without grades: `e` writes a note, `0` says that it does not apply."
        lines += wrapped(text, width - 1, 1)
    elif slot.what == "grade" and not slot.criterion.graded:
        lines += wrapped("It has no grade: `a` answers its questions, and they are all it asks.", width - 1, 1)
    elif slot.what == "grade":
        given = slot.criterion.answer.grade if slot.criterion.answer else None
        for one in slot.criterion.grades:
            lines += _grade(one, width, most, chosen=one.id == given)
    else:
        asks = "Was evidence of it found in the record?" if slot.what == "evidence" else "Did it make a difference?"
        lines += wrapped(asks, width - 1, 1)
        lines += [words(f" {one.key} {one.label}", STRONG) for one in slot.choices]
    return [*lines, words(" 0 Does not apply, or cannot be told: choose why", QUIET)]


def _grade(one: Choice, width: int, most: int | None, *, chosen: bool) -> Lines:
    """One grade: its digit and label, and what it looks like here."""
    text, head = one.text, f"{'=' if chosen else ' '}{one.key} {one.label}: "
    if most is not None:
        first = first_sentence(text)
        text = first if first == text else f"{first.rstrip('.')}.."
    lines = wrapped(f"{head[1:]}{text}", width - 4)
    lines = cut(lines, most) if most is not None else lines
    styled = lines[0].stylize(STRONG, 0, len(head) - 1) if lines else words(head)
    asked = hanging("   ? ", one.prompt, width - 1, 5) if chosen and one.prompt else []
    asked = cut(asked, PROMPT) if most == 1 else asked
    shown = [line for text in one.examples for line in hanging("   For example: ", text, width - 1, 5, QUIET, QUIET)]
    return [
        joined(words(head[0], STRONG), styled),
        *(joined(Content("   "), line) for line in lines[1:]),
        *asked,
        *(shown if most is None else []),
    ]


def first_sentence(text: str) -> str:
    """A descriptor's first sentence; all of it where it has only one."""
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def note_lines(answer: AnswerView | None, width: int) -> Lines:
    """The note, and where the evidence is."""
    if answer is None:
        return []
    lines = hanging(" Note: ", answer.note, width - 1, 7) if answer.note else []
    lines += hanging(" Where: ", answer.pointer, width - 1, 8) if answer.pointer else []
    return lines + [line for text in answer.answers for line in hanging(" - ", text, width - 1, 3, QUIET)]


def demanded(one: CriterionView) -> str:
    """What a criterion still asks for, in words."""
    told = [DEMANDS[name] for name in one.demands]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def overall_lines(view: OverallView, width: int, most: int = 3) -> Lines:
    """What follows for the audit as a whole, and the rule that binds it, in at most `most` lines."""
    so_far, certain = (" so far", "certain to be permitted") if view.provisional else ("", "permitted")
    suggested = f"suggested {view.label(view.suggested)}" if view.suggested else "nothing suggested yet"
    may = ", ".join(one.label for one in view.grades if one.id in view.permitted) or "none"
    lines = wrapped(f"Overall{so_far}: {suggested}; {certain}: {may}.", width - 1, 1, STRONG)
    # While questions are open most rules can still come to bind: that is no news. Those that bind already are.
    binding = [text for text in view.bound_by if not (view.provisional and NOT_RULED_OUT in text)]
    told = [f"Rule {text}" for text in binding] or ([view.because] if view.because else [])
    for text in told:
        lines += wrapped(text, width - 1, 1)
    if len(lines) > most:
        behind = " .. `s` shows all"
        cut = fitted(lines[most - 1].plain.rstrip(), width - 2 - len(behind)).rstrip().removesuffix("..").rstrip()
        lines = [*lines[: most - 1], words(cut + behind)]
    return lines


def writing_lines(one: CriterionView, what: str, used: int, most: int, width: int) -> Lines:
    """What stands above a note while it is written: the grade it is for, what that looks like, and how long it is."""
    answer = one.answer
    given = answer.words if answer else "not answered"
    lines = [rule(f"{one.number} {one.title}", width), *wrapped(f"{given}.", width - 1, 1, STRONG)]
    text = one.grade_text(answer.grade if answer else None)
    lines += cut(wrapped(text, width - 1, 1, QUIET), DESCRIPTOR) if text else []
    lines += wrapped(one.prompt, width - 1, 1) if one.prompt else []
    asked = "needed" if what in one.demands else "as you like"
    told = {"note": "NOTE, no names", "pointer": "WHERE IT IS"}[what]
    return [*lines, rule(f"{told} - {asked} - {used:,}/{most:,}", width)]


def undone(old: CriterionView, new: CriterionView) -> tuple[str, str]:
    """What an undo took back, in words, and the line it stood on: `grade`, `evidence`, `impact`, or `note`."""
    before, after = old.answer, new.answer
    if before is None or after is None:
        return f"{new.title} is now {after.words if after else 'not answered'}", "grade"
    for what, said in (("note", "the note"), ("pointer", "where the evidence is")):
        was, now = getattr(before, what), getattr(after, what)
        if was != now:
            return f"{said} at {new.title} is {'gone' if not now else 'as it was before'}", "note"
    changed = next((what for what in ("evidence", "impact") if getattr(before, what) != getattr(after, what)), "grade")
    return f"{new.title} is now {after.words}", changed


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
