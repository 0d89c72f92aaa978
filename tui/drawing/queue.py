"""The queue in lines."""

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len
from textual.content import Content

from audit_engine.queue_views import QueueCounts, QueueLine
from tui.drawing.words import BAD, HERE, QUIET, STRONG, Lines, fitted, rule, words, wrapped

_WIDE = 100
NARROW = 15
"""Cells for what is out of the ordinary, in a narrow window."""
NO_PROGRESS = "-"
BAR = 8
"""Cells of the bar that repeats `done of total`."""


def counts_words(counts: QueueCounts, width: int) -> str:
    """How much waits, in one line: in fewer words where they are too many."""
    for returned, others, done, apart in (
        ("Returned to me", "With others", "Finished", "   "),
        ("Returned", "Others", "Done", "  "),
        ("Returned", "", "", "  "),
    ):
        parts = [f"To do {counts.to_do:,}", f"Overdue {counts.overdue:,}"]
        parts += [f"{returned} {counts.returned:,}"] if counts.returned else []
        parts += [f"Escalations {counts.escalations:,}"] if counts.escalations else []
        parts += [f"Told {counts.told:,}"] if counts.told else []
        parts += [f"{others} {counts.others:,}", f"{done} {counts.done:,}"] if others else []
        text = apart.join(parts)
        if len(text) < width:
            break
    return text


def column_heads(width: int) -> Content:
    """What the columns are."""
    return words(_columns(("Audit", "Programme", "State", "Done", "Due", ""), "  ", width), STRONG)


def queue_row(line: QueueLine, today: date, width: int, *, here: bool) -> Content:
    """One audit, escalation or matter. Where the person is shows three ways: a mark, reverse video, and its place."""
    # What kind of matter it is tells more than its stage alone, where no column says so.
    state = f"{line.programme}, {line.state}" if line.matter and width < _WIDE else line.state
    cells = (
        line.reference, line.programme, state, done_words(line.done, line.total), due_words(line.due),
        flags(line, today),
    )  # fmt: skip
    text = _columns(cells, "> " if here else "  ", width)
    if here:
        return words(text, HERE)
    if line.group == "done":
        return words(text, QUIET)
    return words(text, BAD if is_late(line, today) or line.escalated else "")


def done_words(done: int | None, total: int | None) -> str:
    """Done of total, and a bar that repeats it."""
    if done is None or total is None:
        return NO_PROGRESS
    filled = BAR * done // total if total else BAR
    return f"{done:>2}/{total} {'#' * filled}{'.' * (BAR - filled)}"


def due_words(due: date | None) -> str:
    """`Fri 14 Nov`."""
    return f"{due:%a} {due.day} {due:%b}" if due else "-"


def is_late(line: QueueLine, today: date) -> bool:
    """Whether it should have been done by now, by this person."""
    return line.group == "me" and line.due is not None and line.due < today


def flags(line: QueueLine, today: date) -> str:
    """What is out of the ordinary, in words."""
    days = f" {(today - line.due).days}d" if is_late(line, today) and line.due is not None else ""
    parts = ["RISK"] if line.escalated else []
    # Whoever has to go on with it is told so by its being late; below the queue stands when they were told.
    parts += ["TOLD"] if line.told and line.group == "told" else []
    parts += ["REMINDED"] if line.reminded else ["OVERDUE"] if days else []
    parts += ["RETURNED"] if line.returned else []
    text = " ".join(parts)
    for late in ("OVERDUE", "REMINDED"):
        if len(text) + len(days) <= NARROW:
            text = text.replace(late, f"{late}{days}")
    return text


def _columns(cells: Sequence[str], mark: str, width: int) -> str:
    """Six columns in one line; the programme is only shown where there is room."""
    reference, programme, state, done, due, flag = cells
    if width >= _WIDE:
        room = width - 3 - 17 - 15 - 12 - 20 - 4
        stands = _stands(state, room - room // 2, done, 15)
        named = f"{fitted(reference, 16)} {fitted(programme, room // 2)}"
        return f" {mark}{named} {stands} {fitted(due, 11)} {fitted(flag, 20)}"
    room = width - 3 - 15 - 14 - 10 - NARROW - 4
    return f" {mark}{fitted(reference, 15)} {_stands(state, room, done, 14)} {fitted(due, 10)} {fitted(flag, NARROW)}"


def _stands(state: str, room: int, done: str, beside: int) -> str:
    """State and progress; a long state takes the place of the progress where there is none."""
    if done == NO_PROGRESS and cell_len(state) > room:
        return fitted(state, room + 1 + beside)
    return f"{fitted(state, room)} {fitted(done, beside)}"


def chosen_words(line: QueueLine | None, width: int) -> Lines:
    """What there is to say of the line where the person is."""
    if line is None:
        return []
    waits = _WAITS[line.group]
    due = f", due {due_words(line.due)}" if line.due else ""
    told = f" You were reminded on {due_words(line.reminded)}." if line.reminded else ""
    told += f" You were told on {due_words(line.told)} that it is late." if line.told else ""
    apart = ":" if line.number is None else ","
    about = f"{line.programme}. {line.stage_title}{apart} {waits}{due}.{told}"
    if line.matter:
        about = f"{line.stage_title}. It {waits}{due}.{told}"
    practitioner = f", practitioner {line.practitioner}" if line.practitioner else ""
    audit = f", audit {line.audit}" if line.audit else ""
    return [
        rule(line.reference, width),
        *(wrapped(f"Case {line.case}{practitioner}{audit}.", width - 1, 1) if line.case else []),
        *wrapped(about, width - 1, 1),
        *wrapped(_work_words(line), width - 1, 1, QUIET),
    ]


_WAITS = {
    "me": "waits for you", "told": "waits for somebody else", "others": "waits for somebody else",
    "done": "is finished",
}  # fmt: skip


def _work_words(line: QueueLine) -> str:
    if line.group != "me" and line.work != "steps":
        return "Enter opens it to be read."
    if line.work == "moderate" and "compare" in line.state:
        return "Enter opens the comparison."
    return {
        "grade": "Enter opens it; every answer is saved at once.",
        "moderate": "Enter opens it; the auditor's grades stay hidden until yours are locked.",
        "answer": "Enter opens it to be read and answered.",
        "steps": "Enter shows what can happen now, and why not.",
    }[line.work]
