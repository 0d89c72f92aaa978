"""What can happen to an audit, in lines: each step with for whom it is, what it asks, and every reason against it."""

from dataclasses import dataclass
from datetime import date, datetime

from rich.cells import cell_len
from textual.content import Content

from audit_engine.calendars import day_in_words
from audit_engine.matter_views import MatterPage, MatterView
from audit_engine.work_views import MachineView, StepView, WhyView
from tui.drawing.words import BAD, GOOD, HERE, QUIET, Lines, fitted, joined, rule, words, wrapped

_INDENT = 13
_BEGINS_TO_BE = "may not do this: it is for"
"""In the reason that only says whose it is, which its line says already."""


@dataclass(frozen=True, slots=True)
class Doable:
    """One line that takes a key: a step of one of the machines."""

    machine: MachineView
    step: StepView

    @property
    def can(self) -> bool:
        """Whether the reader can do it now."""
        return self.step.possible and self.step.mine

    @property
    def called(self) -> str:
        """What its line begins with. Where it is withheld from the reader whether it can be done, it says neither."""
        if self.can:
            return "can"
        if self.step.by_itself:
            return "by itself"
        if self.step.withheld:
            return "withheld"
        return "not you" if self.step.possible else "not yet"

    @property
    def against(self) -> tuple[str, ...]:
        """Why the reader cannot do it now."""
        theirs = () if self.step.mine else (f"It is for {' or '.join(self.step.for_whom)}.",)
        mine = tuple(one for one in self.step.against_me if _BEGINS_TO_BE not in one)
        return (*self.step.reasons, *theirs, *mine)


def doables(view: WhyView | MatterPage) -> tuple[Doable, ...]:
    """Every step, in the order it is drawn."""
    return tuple(Doable(machine, step) for machine in view.machines for step in machine.steps)


def steps_lines(view: WhyView | MatterPage, place: int, width: int) -> tuple[Lines, list[int], list[int]]:
    """Every machine with its steps.

    Returns:
        The lines; for each step the number of its first line; and how many beside it should be in sight with it.
    """
    heads = _stands(view.stands) if isinstance(view, MatterPage) else [f"{about(view)}."]
    lines: Lines = [line for text in heads for line in wrapped(text, width - 1, 1)]
    at: list[int] = []
    beside: list[int] = []
    for number, machine in enumerate(view.machines):
        lines += [Content("")] if number else []
        head = len(lines) if number else 0
        lines += _machine(machine, view, width)
        for step in machine.steps:
            at.append(len(lines))
            lines += _step(Doable(machine, step), width, here=len(at) - 1 == place)
            beside.append(max(len(lines) - at[-1], at[-1] - head if step is machine.steps[0] else 0))
    return lines, at, beside


def about(view: WhyView) -> str:
    """Whose case it is, whose work, and who audits it."""
    people = (("practitioner", view.practitioner), ("auditor", view.auditor))
    return ", ".join([f"Case {view.case}", *(f"{word} {name}" for word, name in people if name)])


def _stands(matter: MatterView) -> list[str]:
    """What a matter is about, who opened it, who stands in it, and what was recorded, in sentences."""
    about = f"About the {matter.about} {matter.subject}. " if matter.subject else ""
    about += f"From audit {matter.audit}, case {matter.case}. " if matter.audit else ""
    opened = f"Opened on {day_in_words(matter.opened_at.date())} by {matter.opened_by}"
    opened += f", from {matter.hangs_on}." if matter.hangs_on not in (None, matter.audit) else "."
    people = ", ".join(f"{place} {person}" for place, person in matter.people)
    return [
        f"{about}{opened}", *([f"{people[:1].upper()}{people[1:]}."] if people else []),
        *(f"{title}: {said}" for title, said in matter.recorded),
    ]  # fmt: skip


def _machine(machine: MachineView, view: WhyView | MatterPage, width: int) -> Lines:
    what = f"{machine.what[:1].upper()}{machine.what[1:]}"
    if machine.what == "audit" and isinstance(view, WhyView):
        what = f"Audit {view.reference}"
    lines = [rule(f"{what}: {machine.stage}", width)]
    # Whoever acts for the child must know of which child, also far down.
    if machine.number is not None and isinstance(view, WhyView):
        lines += wrapped(f"{about(view)}.", width - 1, 1)
    parts = [f"Since {_moment(machine.since)}."] if machine.since else []
    if machine.waits_for is None:
        parts.append("It is at its end. Nothing can happen to it any more.")
    else:
        due = f", due {_day(machine.due)}" if machine.due else ""
        parts.append(f"It waits for {machine.waits_for}{due}.")
    if machine.stands_still:
        parts.append(machine.stands_still)
    lines += wrapped(" ".join(parts), width - 1, 1)
    risk = BAD if machine.number is not None else ""
    lines += [line for text in machine.notices for line in wrapped(text, width - 1, 1)]
    return [*lines, *(line for text in machine.says for line in wrapped(text, width - 1, 1, risk))]


def _step(one: Doable, width: int, *, here: bool) -> Lines:
    step = one.step
    head, leads = f" {'>' if here else ' '} {one.called:<{_INDENT - 4}} ", f" -> {step.to}" if step.to else ""
    title = step.title + leads
    if cell_len(title) > width - _INDENT:
        title, leads = step.title, leads.strip()
    else:
        leads = ""
    if here:
        first = words(fitted(head + title, width), HERE)
    else:
        first = joined(words(head, GOOD if one.can else QUIET), words(fitted(title, width - _INDENT).rstrip()))
    more = _asks(step) if step.mine else []
    said = [one for one in (leads, *more, *one.against) if one]
    return [first, *(line for text in said for line in wrapped(text, width - 1, _INDENT, QUIET))]


def _asks(step: StepView) -> list[str]:
    asks = [f"asks for {text}" for text in step.asks]
    if step.reason_from:
        asks[-1] = f"asks why: one reason of {len(step.reason_from)}"
    return [*asks, *(f"opens {text}" for text in step.opens), *([step.window] if step.window else [])]


def _day(day: date) -> str:
    return f"{day:%A} {day_in_words(day)}"


def _moment(at: datetime) -> str:
    here = at.astimezone()
    return f"{_day(here.date())}, {here:%H:%M}"
