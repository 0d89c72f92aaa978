"""Scripts of a simulation, one step a line, for people who make the rules: read whole, every problem at once.

as auditor: begin
set facts.law_type private
as reader: give_view  view = agrees
expect stage grading
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from audit_engine.definitions.conditions import Kind, Value
from audit_engine.definitions.workflow import Event, ReadWorkflow
from audit_engine.definitions.workflow_parts import DAY, WORDS, Record
from audit_engine.engine import simulating
from audit_engine.engine.guards import GUARDS
from audit_engine.engine.simulated_people import cast
from audit_engine.engine.simulating import OPEN, Said, Simulation
from audit_engine.engine.simulation_expectations import Expectation, expectation
from audit_engine.problems import Place, Problem, Unusable, nearest
from audit_engine.safe_text import cleaned, quoted

MAX_STEPS = 5_000
MAX_WAIT = 999
_TOKEN = re.compile(r'"(?P<text>[^"]*)"|(?P<sign>[=:])|(?P<word>[^\s"=:#]+)|(?P<note>#.*)|(?P<open>")')
_STEPS = "Steps begin with as, set, open, end, raise, close, guard, wait, until or expect; `on DATE` may come first."
Act = Callable[[Simulation], Simulation]


@dataclass(frozen=True, slots=True)
class Step:
    """One line that was read."""

    line: int
    text: str
    act: Act | None
    """What it does; None where it expects something."""
    expects: Expectation | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that was read."""

    day: date | None
    """The day on which it begins; None: not said."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign or a text in quotation marks, with its column, counted from 1."""

    words: str
    column: int
    is_text: bool = False


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, token: Token | None, code: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.token, self.code, self.message, self.help = token, code, message, help


def read_script(read: ReadWorkflow, text: str, name: str) -> Script:
    """All steps of a script.

    Args:
        name: The file, for problems.

    Raises:
        Unusable: with the problem of every line that cannot be read.
    """
    problems: list[Problem] = []
    steps: list[Step] = []
    day, begins = None, True
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            tokens = _tokens(line)
            if not tokens:
                continue
            is_first, begins = begins, False
            if tokens[0].words == "on" and is_first:
                day = _day(_only(tokens, 1, "on 2026-04-07"))
                continue
            steps.append(_step(read, tokens, number, line))
        except _Wrong as wrong:
            column = wrong.token.column if wrong.token is not None else len(line.rstrip()) + 1
            problems.append(Problem(Place(name, number, column), wrong.code, wrong.message, wrong.help))
    if len(steps) > MAX_STEPS:
        problems.append(
            Problem(Place(name), "P021", f"there are more than {MAX_STEPS:,} steps", "Make several scripts.")
        )
    if problems:
        raise Unusable(problems)
    return Script(day, tuple(steps))


def read_line(read: ReadWorkflow, line: str, name: str) -> Step | None:
    """One step that somebody typed; None for an empty line or a note. Raises Unusable."""
    script = read_script(read, line.replace("\n", " "), name)
    return script.steps[0] if script.steps else None


def read_setting(read: ReadWorkflow, written: str, name: str) -> Act:
    """What `--set NAME=VALUE` does. Raises Unusable."""
    before, sign, after = written.partition("=")
    try:
        token = Token(before.strip(), 1)
        return _set(read, [Token("set", 1), token, Token(after.strip() if sign else "", len(before) + 2)])
    except _Wrong as wrong:
        raise Unusable([Problem(Place(name), wrong.code, wrong.message, wrong.help)]) from None


def _tokens(line: str) -> list[Token]:
    found = []
    text, _ = cleaned(line)
    for match in _TOKEN.finditer(text):
        if match["note"] is not None:
            break
        if match["open"] is not None:
            token = Token('"', match.start() + 1)
            raise _Wrong(token, "P021", "these quotation marks are never closed", 'Write a second " at the end.')
        is_text = match["text"] is not None
        found.append(Token(match["text"] if is_text else match[0], match.start() + 1, is_text))
    return found


def _step(read: ReadWorkflow, tokens: Sequence[Token], line: int, text: str) -> Step:
    first = tokens[0].words
    if first == "expect":
        return Step(line, text.strip(), None, _expected(read, tokens))
    readers = {
        "as": _as, "set": _set, "open": _open, "end": _end, "raise": _raise, "close": _close, "guard": _guard,
        "wait": _wait, "until": _until,
    }  # fmt: skip
    if first == "on":
        hint = "Move this line to the top; later on, write until 2026-04-07."
        raise _Wrong(tokens[0], "P021", "the day on which it begins is said before everything else", hint)
    if first not in readers:
        raise _Wrong(tokens[0], "P021", f"no step begins with {quoted(first)}", nearest(first, readers) or _STEPS)
    return Step(line, text.strip(), readers[first](read, tokens))


# --- people do something ----------------------------------------------------------------------------------------


def _as(read: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    form = "as auditor: begin"
    if len(tokens) < 4 or tokens[2].words != ":":
        raise _Wrong(
            tokens[min(2, len(tokens) - 1)], "P021", "this does not say who does what", f"Write it like {form}."
        )
    who = _known(tokens[1], cast(read), "person, place or role")
    if tokens[3].words == "open" and len(tokens) > 4 and "open" not in read.events:
        link = _known(_only(tokens, 4, "as auditor: open action"), read.workflow.links, "link")
        return lambda simulation: simulating.opened(simulation, link, who)
    event = _known(tokens[3], read.events, "event")
    said = _said(read, read.event(event).written, tokens[4:])
    return lambda simulation: simulating.does(simulation, who, event, said)


def _said(read: ReadWorkflow, event: Event, tokens: Sequence[Token]) -> Said:
    said = Said()
    for n in range(0, len(tokens), 3):
        group = tokens[n : n + 3]
        if len(group) < 3 or group[1].words != "=" or group[1].is_text:
            raise _Wrong(group[0], "P021", "what is said stands as NAME = VALUE", 'As in reason = "Look again".')
        said = _with(read, event, said, group[0], group[2])
    return said


def _with(read: ReadWorkflow, event: Event, said: Said, name: Token, value: Token) -> Said:
    asked = {*event.asks, *event.names, "reason"}
    if name.words == "reason":
        return replace(said, reason=_reason(read, event, value))
    if name.words in event.asks:
        record = read.workflow.records[name.words]
        return replace(said, recorded={**said.recorded, name.words: _recorded(record, value)})
    if name.words in event.names:
        return replace(said, named={**said.named, name.words: _known(value, cast(read), "person, place or role")})
    if name.words in settable(read):
        return replace(said, values={**said.values, name.words: _value(read.kinds[name.words], value)})
    message = f"'{event.id}' asks for nothing called {quoted(name.words)}"
    raise _Wrong(name, "D018", message, nearest(name.words, asked))


def _reason(read: ReadWorkflow, event: Event, value: Token) -> str:
    if event.reason_from is not None:
        return _known(value, {one.id for one in read.workflow.reasons[event.reason_from]}, "reason of this list")
    return value.words


def _recorded(record: Record, value: Token) -> str:
    """What is said of a record, as it is kept."""
    kind = record.kinds[0]
    if kind == WORDS:
        return _known(value, record.one_of or (), "word for this record")
    return _day(value).isoformat() if kind == DAY else value.words


# --- facts, links, guards, time ---------------------------------------------------------------------------------


def settable(read: ReadWorkflow) -> set[str]:
    """The names that a script may set: facts, and what is known of the work."""
    kept = {f"record.{name}" for name in read.workflow.records}
    kept |= {f"{name}.{what}" for name in read.workflow.links for what in ("open", "opened", "ended")}
    return set(read.kinds) - kept - {"stage", OPEN}


def _set(read: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    words = [token for token in tokens if token.words != "=" or token.is_text]
    if len(words) != 3 or not words[2].words:
        raise _Wrong(tokens[-1], "P021", "this does not set one name", "Write it like set facts.law_type private.")
    name = words[1].words
    if name.startswith("record."):
        hint = "Events say it: as auditor: EVENT NAME = VALUE."
        raise _Wrong(words[1], "P022", "what is recorded is not set: an event says it", hint)
    if name in read.kinds and name not in settable(read):
        hint = "Use open, end, raise or close; or an event that leads there."
        raise _Wrong(words[1], "P022", f"{quoted(name)} follows from what happens, and is not set", hint)
    known = _known(words[1], settable(read), "name that can be set")
    value = _value(read.kinds[known], words[2])
    return lambda simulation: simulating.with_value(simulation, known, value)


def _value(kind: Kind, token: Token) -> Value:
    if kind.word == "yes_no":
        return _known(token, ("yes", "no"), "answer: yes or no") == "yes"
    if kind.word == "number":
        if not re.fullmatch(r"-?\d{1,9}", token.words, re.ASCII):
            raise _Wrong(token, "P022", f"{quoted(token.words)} is not a whole number", "Write it like 3.")
        return int(token.words)
    if kind.word == "word":
        return _known(token, kind.words, "word for this name")
    if kind.word == "words":
        parts = [part for part in token.words.split(",") if part]
        return tuple(_known(replace(token, words=part), kind.words, "word for this name") for part in parts)
    return token.words


def _open(read: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    link = _known(_only(tokens, 1, "open action"), read.workflow.links, "link")
    return lambda simulation: simulating.opened(simulation, link)


def _end(read: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    form = "end action as done"
    token = tokens[1] if len(tokens) > 1 else None
    if token is None or len(tokens) not in (2, 4) or (len(tokens) == 4 and tokens[2].words != "as"):
        raise _Wrong(token, "P021", "this does not say what ends, and how", f"Write it like {form}.")
    link = _known(token, read.workflow.links, "link")
    ends = read.workflow.links[link].ends
    if len(tokens) == 2 and ends:
        raise _Wrong(token, "P021", "conditions here ask how it ended", f"Say as which: end {link} as {ends[0]}.")
    end = tokens[3].words if len(tokens) == 4 else None
    if end is not None and ends:
        end = _known(tokens[3], ends, "end of this link")
    return lambda simulation: simulating.ended(simulation, link, end)


def _raise(_: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    _known(_only(tokens, 1, "raise escalation"), ("escalation",), "thing to raise")
    return lambda simulation: simulating.escalated(simulation, 1)


def _close(_: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    _known(_only(tokens, 1, "close escalation"), ("escalation",), "thing to close")
    return lambda simulation: simulating.escalated(simulation, -1)


def _guard(read: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    if len(tokens) != 3:
        raise _Wrong(tokens[-1], "P021", "this does not say which guard fails", "As in guard four_eyes fails.")
    known = {name for name, _ in _guards(read)}
    name = _known(tokens[1], known or GUARDS, "guard in this workflow")
    holds = _known(tokens[2], ("fails", "holds"), "state of a guard: fails or holds") == "holds"
    return lambda simulation: simulating.with_guard(simulation, name, holds=holds)


def _guards(read: ReadWorkflow) -> Iterator[tuple[str, str]]:
    for event in read.events.values():
        for guard in (*event.guards, *(guard for end in event.ends for guard in end.guards)):
            yield guard, event.written.id


def _wait(_: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    words = [token.words for token in tokens[1:]]
    if len(words) != 3 or words[1:] not in (["working", "days"], ["working", "day"]):
        raise _Wrong(tokens[-1], "P021", "this does not say how long", "Write it like wait 10 working days.")
    days = int(words[0]) if re.fullmatch(r"\d{1,3}", words[0], re.ASCII) else 0
    if not 1 <= days <= MAX_WAIT:
        raise _Wrong(tokens[1], "P022", f"{quoted(words[0])} is no number of days", f"Write one from 1 to {MAX_WAIT}.")
    return lambda simulation: simulating.later(simulation, days)


def _until(_: ReadWorkflow, tokens: Sequence[Token]) -> Act:
    day = _day(_only(tokens, 1, "until 2026-04-07"))
    return lambda simulation: simulating.until(simulation, day)


# --- what is expected -------------------------------------------------------------------------------------------


def _expected(read: ReadWorkflow, tokens: Sequence[Token]) -> Expectation:
    forms = {
        "stage": "expect stage NAME", "refused": 'expect refused "a part of the sentence"',
        "due": "expect due 2026-05-06, or expect due none", "told": 'expect told "a part of the line"',
        "record": "expect record NAME VALUE", "open": "expect open LINK", "closed": "expect closed LINK",
        "possible": "expect possible EVENT", "impossible": "expect impossible EVENT", "locked": "expect locked",
        "unlocked": "expect unlocked",
    }  # fmt: skip
    if len(tokens) < 2:
        raise _Wrong(None, "P021", "this does not say what is expected", f"As in {forms['stage']}.")
    what = _known(tokens[1], forms, "thing to expect")
    wanted = tokens[2:]
    count = {"record": (2,), "refused": (0, 1), "locked": (0,), "unlocked": (0,)}.get(what, (1,))
    if len(wanted) not in count:
        raise _Wrong(tokens[-1], "P021", "this does not say what is expected", f"Write it like {forms[what]}.")
    return expectation(what, tuple(_wanted(read, what, wanted)))


def _wanted(read: ReadWorkflow, what: str, tokens: Sequence[Token]) -> Iterator[str]:
    known: dict[str, tuple[Iterable[str], str]] = {
        "stage": (read.workflow.stage_ids, "stage"), "open": (read.workflow.links, "link"),
        "closed": (read.workflow.links, "link"), "possible": (read.events, "event"),
        "impossible": (read.events, "event"),
    }  # fmt: skip
    if what in known:
        yield _known(tokens[0], *known[what])
    elif what == "due":
        yield "none" if tokens[0].words == "none" else _day(tokens[0]).isoformat()
    elif what == "record":
        name = _known(tokens[0], read.workflow.records, "record")
        yield name
        yield _recorded(read.workflow.records[name], tokens[1])
    else:
        yield from (token.words for token in tokens)


# --- words ------------------------------------------------------------------------------------------------------


def _only(tokens: Sequence[Token], at: int, form: str) -> Token:
    """The one token that may come last."""
    if len(tokens) != at + 1:
        token = tokens[at + 1] if len(tokens) > at + 1 else None
        raise _Wrong(token, "P021", "this line has too much or too little in it", f"Write it like {form}.")
    return tokens[at]


def _known(token: Token, known: Iterable[str], what: str) -> str:
    names = list(known)
    if token.words not in names:
        listed = f"Known here: {', '.join(sorted(names)[:12])}." if names else "There is none in this workflow."
        raise _Wrong(token, "D018", f"{quoted(token.words)} is no {what}", nearest(token.words, names) or listed)
    return token.words


def _day(token: Token) -> date:
    try:
        return date.fromisoformat(token.words)
    except ValueError:
        message = f"{quoted(token.words)} is not a day"
        raise _Wrong(token, "P022", message, "Write it like 2026-04-07.") from None
