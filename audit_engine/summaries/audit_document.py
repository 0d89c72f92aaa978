"""One audit as a document: for its file, with everything; or for its practitioner, with what they need and no more.

All of it is words that are ready to print; the template only arranges them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from audit_engine.calendars import day_in_words
from audit_engine.views import EntryView
from audit_engine.work_views import (
    AnswerView,
    AuditFile,
    CriterionView,
    DifferenceView,
    EscalationView,
    FiledCriterion,
    ModerationFile,
    SharedCriterion,
    SharedView,
)


@dataclass(frozen=True, slots=True)
class Told:
    """One line with its heading, and what stands below it."""

    title: str
    text: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """One heading with its lines."""

    title: str
    says: str
    lines: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class AuditDocument:
    """The whole document."""

    title: str
    marking: tuple[str, ...]
    """TRAINING, INTERNAL: words that stand on every rendition."""
    subtitle: str
    of: str
    glance: tuple[Told, ...]
    chapters: tuple[Chapter, ...]
    provenance: tuple[str, ...]


CLOSING = "What people wrote is printed as they wrote it."


def file_document(view: AuditFile, marking: Sequence[str]) -> AuditDocument:
    """An audit for its file."""
    where = ", ".join(dict.fromkeys(word for word in (view.area, view.team) if word))
    chapters = [
        *_overall_chapter(view),
        *_sections([(one.criterion.section, _filed(one)) for one in view.criteria]),
        *(_moderation(one) for one in view.moderations),
        *_escalations(view.escalations),
        *_practitioner(view),
        Chapter("What happened", "Oldest first. Times are UTC.", tuple(_story(view.story))),
    ]
    return AuditDocument(
        title=f"Audit {view.reference}", marking=tuple(marking), subtitle=view.programme,
        of=f"Case {view.case}, {where}. Audited on {day_in_words(view.audited_on)}.", glance=_glance(view),
        chapters=tuple(chapters),
        provenance=(f"Rubric: {view.rubric} {view.rubric_version}, text {view.rubric_digest[:12]}",),
    )  # fmt: skip


def _glance(view: AuditFile) -> tuple[Told, ...]:
    overall = [Told("Overall", view.final_overall or "not decided yet", (view.overall_means,))] if view.graded else []
    together = {None: "not recorded", True: "yes", False: "no"}[view.collaborative]
    counts = f"since {day_in_words(view.counts_on)}" if view.counts_on else "not yet"
    people = (f"practitioner {view.practitioner}", f"manager {view.manager}")
    return (
        *overall,
        Told("Stage", view.stage_title, (f"Counts in the figures: {counts}",)),
        Told("Auditor", view.auditor, people),
        Told("Together with the practitioner", together, (f"Feedback from child and family: {view.feedback}",)),
    )


def _overall_chapter(view: AuditFile) -> list[Chapter]:
    lines = []
    if view.graded:
        if view.given_overall and view.given_overall != view.final_overall:
            lines.append(Told("The auditor gave", view.given_overall))
        if view.suggested:
            lines.append(Told("Suggested by the rubric", view.suggested, (view.because,) if view.because else ()))
        if view.overall_reason:
            lines.append(Told("Why the auditor chose another grade than the suggested one", view.overall_reason))
        lines += [Told("Bound by", text) for text in view.bound_by]
        lines += [Told("OVERRIDDEN", text) for text in view.overridden]
    if view.selected_because:
        lines.append(Told("Selected for moderation", view.selected_because))
    if view.as_found:
        lines.append(Told("Accepted as found", view.as_found))
    if view.withdrawn_because:
        lines.append(Told("Withdrawn", view.withdrawn_because.replace("_", " ")))
    return [Chapter("How the overall grade came about", "", tuple(lines))] if lines else []


def _sections(lines: Iterable[tuple[str, Told]]) -> list[Chapter]:
    grouped = groupby(lines, key=lambda pair: pair[0])
    return [Chapter(section, "", tuple(told for _, told in those)) for section, those in grouped]


def _filed(one: FiledCriterion) -> Told:
    answer = one.criterion.answer
    grade = answer.grade if answer else None
    note = "Note" if one.given is None else "The auditor's note"
    below = _below(answer, one.criterion.grade_text(grade), note)
    if one.given is not None:
        below = (f"The auditor gave {one.given}; the moderation decided otherwise.", *below)
    return Told(one.criterion.title, _answer_words(answer) + one.criterion.mark, (*below, *_override(one.criterion)))


def _override(one: CriterionView) -> tuple[str, ...]:
    """Why a grade bears a mark."""
    if one.asked is None or not one.asked.overridden:
        return ()
    return (f"** The answers lead to {one.asked.suggested_label}: {one.asked.because}",)


def _answer_words(answer: AnswerView | None) -> str:
    return answer.words if answer else "not expected, by the facts of the case"


def _below(answer: AnswerView | None, text: str, note: str) -> tuple[str, ...]:
    if answer is None:
        return ()
    lines = [text] if text else []
    lines += list(answer.answers)
    lines += [f"{note}: {answer.note}"] if answer.note else []
    return tuple(lines + ([f"Evidence: {answer.pointer}"] if answer.pointer else []))


_DIRECTIONS = {
    "agreed": ", as the auditor gave",
    "raised": ", higher than the auditor gave",
    "lowered": ", lower than the auditor gave",
}


def _moderation(one: ModerationFile) -> Chapter:
    number = f" {one.number}" if one.number > 1 else ""
    lines = []
    if one.blind_overall or one.decided_overall:
        decided = one.decided_overall or "nothing yet"
        direction = _DIRECTIONS.get(one.direction or "", "")
        told = f"blind {one.blind_overall or 'not recorded'}, decided {decided}{direction}"
        lines.append(Told("Overall", told, (f"Because: {one.reason}",) if one.reason else ()))
    elif one.reason:
        lines.append(Told("Because", one.reason))
    lines += [_difference(different) for different in one.differences]
    when = f", on {day_in_words(one.moderated_on)}" if one.moderated_on else ""
    return Chapter(f"Moderation{number}", f"{one.stage} by {one.moderator}{when}, graded blind first.", tuple(lines))


def _difference(one: DifferenceView) -> Told:
    auditor, moderator = _answer_words(one.auditor), _answer_words(one.moderator)
    below = [f"Stands: {one.stands}"] if one.stands else ["Not decided yet"]
    below += [f"Because: {one.reason}"] if one.reason else []
    below += [f"The moderator's note: {one.moderator.note}"] if one.moderator and one.moderator.note else []
    return Told(one.criterion.title, f"the auditor gave {auditor}; blind: {moderator}", tuple(below))


def _escalations(views: tuple[EscalationView, ...]) -> list[Chapter]:
    lines = []
    for one in views:
        at = f" at {one.criterion}" if one.criterion else ""
        day = one.raised_at.strftime("%Y-%m-%d %H:%M UTC")
        below = [f"Raised by {one.raised_by}{at}, {day}"]
        below += [f"Done, by {one.acted_by}: {one.action_taken}"] if one.action_taken else []
        below += [f"Closed by {one.closed_by}: {one.outcome}"] if one.outcome else []
        lines.append(Told(one.stage_title, one.concern, tuple(below)))
    return [Chapter("Escalations", "", tuple(lines))] if lines else []


def _practitioner(view: AuditFile) -> list[Chapter]:
    if view.answer is None:
        return []
    words = (view.answer_text,) if view.answer_text else ()
    line = Told(view.practitioner, f"{view.answer} on {day_in_words(view.answered_on)}", words)
    return [Chapter("The practitioner's answer", "", (line,))]


_KINDS = {
    "drawn": "drew the case", "assigned": "took it on", "rated": "answered criteria", "undone": "took answers back",
    "moderated": "worked on the moderation", "imported": "imported it", "changed": "changed it",
    "migrated": "moved it to another text of its workflow", "rubric_changed": "moved it to another text of its rubric",
}  # fmt: skip


def _story(entries: Iterable[EntryView]) -> Iterable[Told]:
    """What happened, with several answers in a row told as one."""
    for (words, who, role), those in groupby(entries, key=lambda entry: (_did(entry), entry.actor, entry.role)):
        several = list(those)
        first, times = several[0].at, f", {len(several)} times" if len(several) > 1 else ""
        yield Told(first.strftime("%Y-%m-%d %H:%M"), f"{who}, as {role.replace('_', ' ')}, {words}{times}")


def _did(entry: EntryView) -> str:
    if entry.kind not in ("moved", "recorded"):
        return _KINDS.get(entry.kind, entry.kind)
    payload = entry.payload or {}
    did = "moved it on" if entry.kind == "moved" else "recorded"
    moved = f"{did}: {str(payload.get('event', '')).replace('_', ' ')}"
    return f"{moved} ({payload['reason']})" if payload.get("reason") else moved


def practitioner_document(view: SharedView, marking: Sequence[str]) -> AuditDocument:
    """An audit for its practitioner: what was found, why, and what they can do. Nothing of how it was agreed."""
    together = " You made it together with the auditor." if view.collaborative else ""
    heard = f" Feedback came from: {', '.join(view.feedback_from)}." if view.feedback_from else ""
    glance = [Told("Overall", view.overall_label, (view.overall_means,))] if view.overall_label else []
    glance += [
        Told("Audited", f"{day_in_words(view.audited_on)}, by {view.auditor}"),
        Told("Where it is now", view.stage_title),
    ]
    answer = Chapter("Your answer", "", (_your_answer(view),))
    return AuditDocument(
        title=f"Your work on case {view.case}", marking=tuple(marking), subtitle=f"Audit {view.reference}",
        of=f"{view.programme}. This is what the audit found in your work.{together}{heard}", glance=tuple(glance),
        chapters=(*_sections([(one.section, _shared(one)) for one in view.criteria]), answer),
        provenance=("Grades are about the work on this case on the day it was looked at, not about a person.",),
    )  # fmt: skip


def _shared(one: SharedCriterion) -> Told:
    return Told(one.title, _answer_words(one.answer) + one.mark, _below(one.answer, one.text, "Why"))


def _your_answer(view: SharedView) -> Told:
    if view.answer is not None:
        words = (view.answer_text,) if view.answer_text else ()
        return Told("You answered", f"{view.answer} on {day_in_words(view.answered_on)}", words)
    due = f" by {day_in_words(view.due)}" if view.due and view.stage == "shared" else ""
    how = (
        "Accept it, and add what you want to be known.",
        "Or challenge it: say what you see differently, and where in the record it stands. It is kept with the audit.",
        f"At a terminal: audit grade {view.reference} --plain --answer",
    )
    return Told("What you can do", f"answer{due}", how)
