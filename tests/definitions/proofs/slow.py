"""An explorer that knows nothing of the prover's: one step at a time, by the engine that runs.

It makes people raise escalations, write grades, open what hangs on an audit and bring it to an end, each in a step of
its own; it asks `engine.machine` where each event leads; and it judges every situation that an event left, or that
something left which was opened or came to an end straight after.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product

from audit_engine.definitions.conditions import Condition, Value
from audit_engine.definitions.properties import ReadProperty
from audit_engine.definitions.workflow import ReadEvent, ReadWorkflow
from audit_engine.engine.machine import next_stage
from audit_engine.engine.move_facts import Linked, MoveFacts, kept_values
from audit_engine.problems import Refused
from tests.engine.moves import MODERATOR, NAMES, OTHER, PEOPLE

MOST_RETURNED = 3
MOST_OPEN = {"action": 1, "follow_up": 3}
LINKS: dict[str, tuple[str | None, ...]] = {"action": (None,), "follow_up": ("improved", "reviewed", "dropped")}
"""By link: how one may end. Nothing asks how an action did, so one of them is as good as several."""
WORDS = {"verdict": ("agreed", "refused", "open"), "seen": ("yes_seen", "not_seen")}
Hanging = tuple[tuple[str, int, bool, str | None], ...]
State = tuple[str, bool, tuple[tuple[str, Value], ...], Hanging]
"""Stage, whether grades are locked, what is known, and by link: how many are open, whether any was, how one ended."""
EVENT, LINK, PERSON = "event", "link", "person"


class Slow:
    """Every situation, by single steps; nothing is left out and nothing remembered but where it was."""

    def __init__(self, read: ReadWorkflow) -> None:
        self.read = read
        self.named = set(asked_for(read))
        self.steps: dict[State, set[tuple[str, State]]] = {}
        self.starts: list[State] = []
        self.judged: set[State] = set()
        for disclosed in (False, True) if "facts.da_disclosed" in self.named else (False,):
            values: dict[str, Value] = {
                "facts.da_disclosed": disclosed, "graded": True, "feedback": "unknown", "answer": "none",
                "returned_times": 0, "escalation.open": False,
            }  # fmt: skip
            if "record.verdict" in self.named:
                values["record.verdict"] = "open"
            start = state("allocated", False, values, tuple((name, 0, False, None) for name in LINKS))
            self.starts.append(start)
            self.visit(start)
        self.judge()

    def visit(self, first: State) -> None:
        pending = [first]
        while pending:
            here = pending.pop()
            if here not in self.steps:
                self.steps[here] = {
                    *((PERSON, one) for one in self.people(*here)),
                    *((LINK, one) for one in self.hanging(*here)),
                    *((EVENT, one) for one in self.events(*here)),
                }
                pending += [one for _, one in self.steps[here]]

    def judge(self) -> None:
        pending = [*self.starts, *(one for steps in self.steps.values() for kind, one in steps if kind == EVENT)]
        while pending:
            here = pending.pop()
            if here not in self.judged:
                self.judged.add(here)
                pending += [one for kind, one in self.steps[here] if kind == LINK]

    def people(
        self, stage: str, locked: bool, kept: tuple[tuple[str, Value], ...], hanging: Hanging
    ) -> Iterator[State]:
        """What people do to the audit itself between events."""
        values = dict(kept)
        if "escalation.open" in self.named:
            yield state(stage, locked, values | {"escalation.open": not values["escalation.open"]}, hanging)
        if stage == "grading" and not locked:
            for written in self.written():
                yield state(stage, locked, values | written, hanging)
            if "graded" in self.named:
                yield state(stage, locked, values | {"graded": False}, hanging)

    def hanging(
        self, stage: str, locked: bool, kept: tuple[tuple[str, Value], ...], hanging: Hanging
    ) -> Iterator[State]:
        """What is opened by hand, or comes to an end, between events."""
        for n, (name, count, opened, ended) in enumerate(hanging):
            if name not in self.named:
                continue
            changed = []
            if stage in self.read.workflow.links[name].sources and count < MOST_OPEN[name]:
                changed.append((name, count + 1, True, ended))
            if count:
                changed += [(name, count - 1, opened, how) for how in LINKS[name]]
            for one in changed:
                yield state(stage, locked, dict(kept), (*hanging[:n], one, *hanging[n + 1 :]))

    def written(self) -> Iterator[dict[str, Value]]:
        feedback = ("given", "none", "unknown") if "feedback" in self.named else ("unknown",)
        together = (False, True) if "collaborative" in self.named else (False,)
        for one, other in product(feedback, together):
            yield {"feedback": one, "collaborative": other}

    def events(
        self, stage: str, locked: bool, kept: tuple[tuple[str, Value], ...], hanging: Hanging
    ) -> Iterator[State]:
        for name, event in self.read.events.items():
            if stage not in event.leaves:
                continue
            for pending, spoken in product(self.pending(name, dict(kept)), self.spoken(event)):
                values = dict(kept) | pending | spoken
                try:
                    to = next_stage(self.read, stage, name, facts(values, hanging))
                except Refused:
                    continue
                if name == "return":
                    times = values["returned_times"]
                    assert isinstance(times, int)
                    values["returned_times"] = min(times + 1, MOST_RETURNED)
                opened = self.opened(event, {**known(values, hanging), "stage": to}, hanging)
                yield state(to, self.read.locked_after(name, to, locked), values, opened)

    def spoken(self, event: ReadEvent) -> Iterator[dict[str, Value]]:
        """What may be recorded with an event, of what anything speaks of."""
        asked = [name for name in event.written.asks if f"record.{name}" in self.named]
        for words in product(*(WORDS[name] for name in asked)):
            said = {**event.written.sets, **dict(zip(asked, words, strict=True))}
            yield {f"record.{name}": word for name, word in said.items() if f"record.{name}" in self.named}

    def opened(self, event: ReadEvent, values: dict[str, Value], hanging: Hanging) -> Hanging:
        """What hangs on it once an event has opened what it opens."""
        more = [link for link, when in event.opens if when is None or when.outcome(values).held]
        more = [link for link in more if link in self.named]
        return tuple(
            (name, min(count + more.count(name), MOST_OPEN[name]), opened or name in more, ended)
            for name, count, opened, ended in hanging
        )

    def pending(self, event: str, values: dict[str, Value]) -> Iterator[dict[str, Value]]:
        if event == "answer":
            yield {"answer": "accepted"}
            yield {"answer": "challenged"}
        elif event == "submit":
            lots = (False, True) if "selected_for_moderation" not in values else (values["selected_for_moderation"],)
            # Whatever may stay unsaid is said: leaving it out adds no way, see docs/adr/0014-proofs.md.
            for written, lot in product(self.written(), lots):
                yield written | {"selected_for_moderation": lot}
        else:
            yield {}

    # --- what is broken -------------------------------------------------------------------------------------------

    def breaks(self, one: ReadProperty) -> bool:
        if one.then is not None:
            return self.breaks_in_order(one, one.then)
        if one.kind in ("never", "always"):
            return any(is_so(one.condition, here) is (one.kind == "never") for here in self.judged)
        good = {here for here in self.judged if is_so(one.condition, here)}
        coming: dict[State, list[State]] = {}
        for here, steps in self.steps.items():
            for _, there in steps:
                coming.setdefault(there, []).append(here)
        pending = list(good)
        while pending:
            for before in coming.get(pending.pop(), ()):
                if before not in good:
                    good.add(before)
                    pending.append(before)
        return bool(self.judged - good)

    def breaks_in_order(self, one: ReadProperty, then: Condition) -> bool:
        """Whether two things come in an order they must not: by every way there is, told apart by what has been."""
        pending = [(start, False, True) for start in self.starts]
        seen = set[tuple[State, bool, bool]]()
        while pending:
            here, has_been, is_judged = pending.pop()
            if (here, has_been, is_judged) in seen:
                continue
            seen.add((here, has_been, is_judged))
            first, second = (one.condition, then) if one.kind == "once" else (then, one.condition)
            if is_judged and one.kind == "until":
                has_been = has_been or bool(is_so(first, here))
                if not has_been and is_so(second, here):
                    return True
            elif is_judged:
                if has_been and is_so(second, here):
                    return True
                has_been = has_been or bool(is_so(first, here))
            pending += [
                (there, has_been, kind == EVENT or (kind == LINK and is_judged)) for kind, there in self.steps[here]
            ]
        return False


def asked_for(read: ReadWorkflow) -> Iterator[str]:
    """The names that anything in a workflow speaks of, and the links."""
    for event in read.events.values():
        conditions = [condition for condition, _ in event.conditions]
        conditions += [one for one in (*(end.when for end in event.ends), *(when for _, when in event.opens)) if one]
        for condition in conditions:
            yield from (part for name in condition.names for part in (name, name.partition(".")[0]))
        for demand in event.demands:
            yield demand.closed or demand.opened or ""
    for one in read.properties:
        for condition in (one.condition, *([one.then] if one.then else [])):
            yield from (part for name in condition.names for part in (name, name.partition(".")[0]))


def state(stage: str, locked: bool, values: dict[str, Value], hanging: Hanging) -> State:
    return (stage, locked, tuple(sorted(values.items())), hanging)


def linked(hanging: Hanging) -> dict[str, Linked]:
    return {name: Linked(count, int(opened), ended) for name, count, opened, ended in hanging}


def known(values: dict[str, Value], hanging: Hanging) -> dict[str, Value]:
    """Everything that conditions may speak of but the stage."""
    return values | kept_values({}, linked(hanging), {}, LINKS)


def is_so(condition: Condition, here: State) -> bool | None:
    return condition.outcome(known(dict(here[2]), here[3]) | {"stage": here[0]}).held


def facts(values: dict[str, Value], hanging: Hanging) -> MoveFacts:
    """No guard refuses but the one that asks for escalations."""
    graded = values["graded"] is True
    return MoveFacts(
        values=known(values, hanging), overall="good" if graded else None, permitted=("good",), graded=graded,
        open_escalations=int(values["escalation.open"] is True), people={**PEOPLE, "moderator": MODERATOR},
        names=NAMES, actor=OTHER, links=linked(hanging), today=date(2026, 1, 5),
    )  # fmt: skip
