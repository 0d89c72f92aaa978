"""What can happen to an audit, in lines: each step with for whom it is, what it asks, and every reason against it."""

from dataclasses import dataclass
from datetime import date, datetime

from textual.content import Content

from audit_engine.calendars import day_in_words
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
    def against(self) -> tuple[str, ...]:
        """Why the reader cannot do it now."""
        theirs = () if self.step.mine else (f"It is for {' or '.join(self.step.for_whom)}.",)
        mine = tuple(one for one in self.step.against_me if _BEGINS_TO_BE not in one)
        return (*self.step.reasons, *theirs, *mine)


def doables(view: WhyView) -> tuple[Doable, ...]:
    """Every step, in the order it is drawn."""
    return tuple(Doable(machine, step) for machine in view.machines for step in machine.steps)


def steps_lines(view: WhyView, place: int, width: int) -> tuple[Lines, list[int], list[int]]:
    """Every machine with its steps.

    Returns:
        The lines; and for each step the number of its first line, and how many it has.
    """
    lines: Lines = []
    at: list[int] = []
    sizes: list[int] = []
    for machine in view.machines:
        lines += [Content("")] if lines else []
        lines += _machine(machine, view.reference, width)
        for step in machine.steps:
            at.append(len(lines))
            lines += _step(Doable(machine, step), width, here=len(at) - 1 == place)
            sizes.append(len(lines) - at[-1])
    return lines, at, sizes


def _machine(machine: MachineView, reference: str, width: int) -> Lines:
    what = f"Audit {reference}" if machine.what == "audit" else machine.what.capitalize()
    lines = [rule(f"{what}: {machine.stage}", width)]
    parts = [f"Since {_moment(machine.since)}."] if machine.since else []
    if machine.waits_for is None:
        parts.append("It is at its end. Nothing can happen to it any more.")
    else:
        due = f", due {_day(machine.due)}" if machine.due else ""
        parts.append(f"It waits for {machine.waits_for}{due}.")
    lines += wrapped(" ".join(parts), width - 1, 1)
    risk = BAD if machine.number is not None else ""
    return [*lines, *(line for text in machine.says for line in wrapped(text, width - 1, 1, risk))]


def _step(one: Doable, width: int, *, here: bool) -> Lines:
    step = one.step
    called = "can" if one.can else "not yet" if not step.possible else "not you"
    leads = f" -> {step.to}" if step.to else ""
    text = f" {'>' if here else ' '} {called:<{_INDENT - 4}} {step.title}{leads}"
    if here:
        first = [words(fitted(text, width), HERE)]
    else:
        style = GOOD if one.can else QUIET
        first = [joined(words(text[:_INDENT], style), words(text[_INDENT:][: width - _INDENT]))]
    more = [f"asks for {words}" for words in step.asks] if one.can or step.mine else []
    return [*first, *(line for said in (*more, *one.against) for line in wrapped(said, width - 1, _INDENT, QUIET))]


def _day(day: date) -> str:
    return f"{day:%A} {day_in_words(day)}"


def _moment(at: datetime) -> str:
    here = at.astimezone()
    return f"{_day(here.date())}, {here:%H:%M}"
