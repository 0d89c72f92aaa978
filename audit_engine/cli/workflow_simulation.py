"""Stepping through a workflow at the terminal, from a pipe, or from a script. Nothing is read or written but words."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from audit_engine.calendars import day_in_words
from audit_engine.cli.talk import print_json, print_text
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.relations import chosen_from
from audit_engine.engine.simulated_people import cast
from audit_engine.engine.simulating import Simulation, begun
from audit_engine.engine.simulation_choices import Choice, choices
from audit_engine.engine.simulation_expectations import Done, Past, run
from audit_engine.engine.simulation_script import Script, Step, read_line, read_script, read_setting
from audit_engine.engine.workflow_parts_words import or_, plain, sentence, who
from audit_engine.problems import Problem, Refused, Unusable, unusable

MAX_BYTES = 1_000_000
MAX_LINE = 10_000
TYPED = "what you typed"
HELP = """\
  3                                  do what stands at 3
  as auditor: begin                  somebody does an event
  as reader: give_view view = agrees        and says what it asks for; reason = "..." gives a reason
  set overall inadequate             something is known
  wait 10 working days               time passes; what is late happens
  until 2026-04-07
  open action, end action as done    something that hangs on it
  raise escalation, close escalation
  guard notes_where_demanded fails   what a guard asks is not so; `holds`: it is again
  people                             who there is
  history, undo, ?                   what was done; one step back; this
  An empty line leaves."""


def script(read: ReadWorkflow, file: Path, settings: Sequence[str], day: date, *, json_: bool) -> bool:
    """Run a script, and tell how it went.

    Returns:
        Whether everything was as expected.

    Raises:
        Unusable: the script or a setting cannot be read.
    """
    found = read_script(read, _text_of(file), str(file))
    start = _set(begun(read, found.day or day), settings)
    done = list(run(start, found.steps))
    if json_:
        print_json(_for_programs(read, found, start, done))
    else:
        print_text("\n".join(_story(file, done)))
    return all(one.failure is None for one in done)


def session(read: ReadWorkflow, settings: Sequence[str], day: date) -> None:
    """Step through it with whoever types, or with what comes through a pipe."""
    talk = _Session(_set(begun(read, day), settings))
    workflow = read.workflow
    print_text(f"{workflow.title} ({workflow.workflow}), version {workflow.version}. Nothing here is kept. ? for help.")
    talk.show()
    while (line := _typed()) is not None:
        talk.take(line)
    if sys.stdin.isatty():
        print_text("")


def _typed() -> str | None:
    """One line; None where there is no more, or it is empty at a terminal."""
    at_terminal = sys.stdin.isatty()
    if at_terminal:
        sys.stdout.write("\n> ")
        sys.stdout.flush()
    line = sys.stdin.readline(MAX_LINE)
    if not line or (at_terminal and not line.strip()):
        return None
    return line.strip()


def _text_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"this script cannot be read: {(error.strerror or '').lower()}"
        raise unusable(str(file), "P020", message, "Give the path of a text file.") from None
    if len(raw) > MAX_BYTES:
        raise unusable(str(file), "P020", "this script has more than a million bytes", "Make several scripts.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unusable(str(file), "P020", "this script is not UTF-8 text", "Save it as UTF-8.") from None


def _set(simulation: Simulation, settings: Sequence[str]) -> Simulation:
    problems: list[Problem] = []
    for setting in settings:
        try:
            simulation = read_setting(simulation.read, setting, "--set")(simulation)
        except Unusable as wrong:
            problems += wrong.problems
    if problems:
        raise Unusable(problems)
    return simulation


# --- a script ---------------------------------------------------------------------------------------------------


def _story(file: Path, done: Sequence[Done]) -> Iterator[str]:
    for one in done:
        if one.step.expects is None:
            yield f"{one.step.line:>4}  {one.step.text}"
            yield from (f"        {line}" for line in one.after.lines if not one.refused)
            yield from (f"        Refused: {reason}" for reason in one.refused)
        if one.failure is not None:
            yield f"{file}:{one.step.line}: {sentence(one.failure)}"
            return
    count = sum(one.step.expects is not None for one in done)
    yield f"Everything is as expected: {len(done) - count} steps, {count} expectations."


def _for_programs(read: ReadWorkflow, found: Script, start: Simulation, done: Sequence[Done]) -> dict[str, Any]:
    return {
        "workflow": read.workflow.workflow,
        "version": read.workflow.version,
        "digest": read.digest,
        "day": start.today,
        "stage": start.stage,
        "as_expected": all(one.failure is None for one in done),
        "steps_read": len(found.steps),
        "steps": [_step(one) for one in done],
    }


def _step(one: Done) -> dict[str, Any]:
    return {
        "line": one.step.line,
        "text": one.step.text,
        "day": one.after.today,
        "stage": one.after.stage,
        "due": one.after.clock.due,
        "recorded": dict(one.after.recorded),
        "locked": one.after.locked,
        "refused": list(one.refused),
        "lines": list(one.after.lines) if one.step.act is not None and not one.refused else [],
        "failure": one.failure,
    }


# --- by hand ----------------------------------------------------------------------------------------------------


@dataclass
class _Session:
    """What was done so far; the last is how it stands."""

    now: Simulation
    before: list[tuple[str, Simulation]] = field(default_factory=list)
    """What was typed, with how it stood before."""
    offered: list[Choice] = field(default_factory=list)
    told: Past | None = None

    def take(self, line: str) -> None:
        if line == "?":
            print_text(HELP)
        elif line == "history":
            print_text(
                "\n".join(f"{n:>3}. {typed}" for n, (typed, _) in enumerate(self.before, start=1)) or "Nothing yet."
            )
        elif line == "people":
            print_text("\n".join(_people(self.now)))
        elif line == "undo":
            self._undo()
        elif line.isdecimal():
            self._chosen(int(line[:6]))
        else:
            self._do(line)

    def _undo(self) -> None:
        if not self.before:
            print_text("There is nothing to take back.")
            return
        typed, self.now = self.before.pop()
        self.told = None
        print_text(f"Taken back: {typed}")
        self.show()

    def _chosen(self, number: int) -> None:
        possible = [choice for choice in self.offered if not choice.reasons]
        if not 1 <= number <= len(possible):
            print_text(f"There is no {number} here. Choose one of the numbers above, or type ? for help.")
            return
        choice = possible[number - 1]
        asked = _asked(self.now.read, choice.event)
        line = f"as {choice.who[0]}: {choice.event}"
        if asked:
            print_text(f"Say what it asks for, as in:\n  {line} {asked}")
            return
        self._do(line)

    def _do(self, line: str) -> None:
        try:
            step = read_line(self.now.read, line, TYPED)
        except Unusable as wrong:
            for problem in wrong.problems:
                print_text(f"{sentence(problem.message)} {problem.help}".rstrip())
            return
        if step is not None:
            self._take(line, step)

    def _take(self, line: str, step: Step) -> None:
        if step.expects is not None:
            was = step.expects.was(self.told or Past(self.now, (), ()))
            print_text("As expected." if was is None else f"Expected {step.expects.says}; {was}.")
            return
        try:
            after = step.act(self.now) if step.act is not None else self.now
        except Refused as refused:
            reasons = tuple(reason.text for reason in refused.reasons)
            self.told = Past(self.now, reasons, ())
            print_text("\n".join(f"Refused: {reason}" for reason in reasons))
            return
        self.before.append((line, self.now))
        self.now, self.told = after, Past(after, (), after.lines)
        print_text("\n".join(after.lines))
        self.show()

    def show(self) -> None:
        self.offered = choices(self.now)
        print_text("\n".join(_standing(self.now, self.offered)))


def _asked(read: ReadWorkflow, event: str) -> str:
    """What must be said with an event, as it is typed."""
    written = read.event(event).written
    asked = [f"{name} = ..." for name in (*written.asks, *written.names)]
    if written.reason_from is not None:
        asked.append(f"reason = {or_(one.id for one in read.workflow.reasons[written.reason_from])}")
    return " ".join([*asked, *(['reason = "..."'] if written.reason == "required" else [])])


def _standing(now: Simulation, offered: Sequence[Choice]) -> Iterator[str]:
    stage = now.read.stage(now.stage)
    waits = f" Waits for {who(now.read, stage.waits_for)}." if stage.waits_for else " The end."
    due = f" Due on {day_in_words(now.clock.due)}." if now.clock.due else ""
    still = " The clock stands still." if now.clock.stopped_at is not None else ""
    yield ""
    yield f"{day_in_words(now.today)}, at '{stage.title}'.{waits}{due}{still}"
    yield from _kept(now)
    for number, choice in enumerate((one for one in offered if not one.reasons), start=1):
        yield f"{number:>3}  {choice.title} ({choice.event}), as {or_(choice.who)}{_leading(now, choice)}"
    for choice in (one for one in offered if one.reasons):
        yield f"  -  {choice.title} ({choice.event}): not now. {' '.join(choice.reasons)}"


def _leading(now: Simulation, choice: Choice) -> str:
    if choice.to is None or choice.to == now.stage:
        return ""
    return f": to '{now.read.stage(choice.to).title}'"


def _kept(now: Simulation) -> Iterator[str]:
    records = now.read.workflow.records
    said = [f"{records[name].title}: {plain(value)}" for name, value in now.recorded.items() if name in records]
    if said:
        yield f"     Recorded: {'; '.join(said)}."
    hanging = [f"{link}, {linked.open} open of {linked.opened}" for link, linked in now.links.items() if linked.opened]
    if hanging:
        yield f"     Hanging on it: {'; '.join(hanging)}."
    if now.escalations:
        yield f"     Escalations open: {now.escalations}."
    if now.failing:
        yield f"     Said to fail: {', '.join(sorted(now.failing))}."


def _people(now: Simulation) -> Iterator[str]:
    known = now.read.workflow.people_known
    everybody = cast(now.read)
    names = {actor.person: name for name, actor in everybody.items()}
    wide = max(map(len, everybody))
    for name, actor in everybody.items():
        person = now.people.get(name)
        stands = f"{names[person]} stands there" if person is not None else "nobody stands there yet"
        role = chosen_from(now.read, name) if name in known else None
        taken = f", whoever holds the role {plain(role)} may" if person is None and role is not None else ""
        roles = or_(map(plain, actor.roles)) or "none"
        yield f"  {name:<{wide}}  " + (f"{stands}{taken}" if name in known else f"role: {roles}")
