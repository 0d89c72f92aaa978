"""A slow explorer that knows nothing of the prover's agrees with it: one step at a time, by the engine that runs.

It makes people raise escalations and write grades in steps of their own, asks `engine.machine` where each event
leads, and judges every situation an event left. Random small workflows, each with three names that decide.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.definitions.conditions import Condition, Value
from audit_engine.definitions.proofs import BROKEN, PROVED, prove
from audit_engine.definitions.proofs_names import conditions_of, names_of
from audit_engine.definitions.proofs_ways import Explorer
from audit_engine.definitions.reading import judged
from audit_engine.definitions.sources import source_from
from audit_engine.definitions.workflow import ReadWorkflow, Workflow
from audit_engine.definitions.workflow_reading import read_workflow
from audit_engine.engine.machine import next_stage
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.problems import Refused
from tests.engine.moves import MODERATOR, NAMES, OTHER, PEOPLE

ATOMS = {
    "facts.da_disclosed": ["facts.da_disclosed"],
    "escalation.open": ["escalation.open"],
    "feedback": ["feedback == 'given'", "feedback != 'none'"],
    "returned_times": ["returned_times < 1", "returned_times >= 2", "returned_times == 1"],
    "selected_for_moderation": ["selected_for_moderation"],
    "graded": ["graded"],
    "collaborative": ["collaborative"],
    "answer": ["answer == 'accepted'", "answer != 'challenged'"],
}
MOST_RETURNED = 3
HEAD = """\
workflow: small
version: 1.0.0
title: Small
governs: audit
facts: case_facts
people:
  practitioner: {from: case}
  manager: {from: case}
  auditor: {role: auditor, independent_of: [practitioner, manager]}
  moderator: {role: head_of_practice, independent_of: [practitioner, manager, auditor]}
stages:
  - {id: allocated, title: Allocated, waits_for: auditor}
  - {id: grading, title: Being graded, waits_for: auditor, grades: yes}
  - {id: moderation, title: Being moderated, waits_for: moderator}
  - {id: decided, title: Decided, waits_for: quality_lead, finalises: yes}
  - {id: aside, title: Put aside, waits_for: quality_lead}
  - {id: relieved, title: Relieved, waits_for: quality_lead}
  - {id: closed, title: Closed, final: yes}
events:
"""
WAYS = [
    ("begin", "allocated", "auditor", ["grading"]), ("submit", "grading", "auditor", ["moderation", "decided"]),
    ("reallocate", "grading", "quality_lead", ["relieved", "grading"]),
    ("finalise", "moderation", "moderator", ["decided"]), ("return", "moderation", "moderator", ["grading"]),
    ("answer", "decided, aside", "practitioner, quality_lead", ["closed", "aside"]),
    ("put_aside", "decided", "quality_lead", ["aside"]),
    ("close", "decided, aside", "quality_lead", ["closed", "aside"]),
    ("take_back", "aside, relieved", "quality_lead", ["closed"]),
]  # fmt: skip
State = tuple[str, bool, tuple[tuple[str, Value], ...]]


@cache
def shipped() -> Catalogue:
    return load()


def said(atoms: list[str], *, stages: bool = False) -> st.SearchStrategy[str]:
    more = ["stage == 'aside'", "stage == 'closed'", "stage in ['grading', 'decided']"] if stages else []
    return st.recursive(
        st.sampled_from(atoms + more),
        lambda part: (
            st.builds("({} && {})".format, part, part)
            | st.builds("({} || {})".format, part, part)
            | st.builds("!({})".format, part)
        ),
        max_leaves=3,
    )


@st.composite
def workflows(draw: st.DrawFn) -> ReadWorkflow:
    names = draw(st.lists(st.sampled_from(sorted(ATOMS)), min_size=1, max_size=3, unique=True))
    atoms = [atom for name in names for atom in ATOMS[name]]
    lines = [HEAD]
    for name, left, by, ends in WAYS:
        lines.append(f"  - id: {name}\n    title: Do {name}\n    from: [{left}]\n    by: [{by}]\n")
        if draw(st.booleans()):
            lines.append(f'    only_if:\n      - {{when: "{draw(said(atoms))}", otherwise: No.}}\n')
        lines.append("    locks: grades\n    ends:\n" if name == "submit" else "    ends:\n")
        *first, last = ends
        lines += [f'      - {{to: {end}, when: "{draw(said(atoms))}"}}\n' for end in first]
        lines.append(f"      - {{to: {last}}}\n")
    lines.append("properties:\n")
    for kind in ("never", "always", "eventually"):
        lines.append(f'  - says: One that is {kind}.\n    {kind}: "{draw(said(atoms, stages=True))}"\n')
    source = source_from("".join(lines).encode(), "small.yaml")
    written = judged(source, Workflow)
    assert isinstance(written, Workflow), written
    read = read_workflow(source, written, {}, shipped().codebooks, {("codebook", "case_facts"): ""})
    assert isinstance(read, ReadWorkflow), read
    return read


class Slow:
    """Every situation, by recursion over single steps; nothing is left out and nothing remembered but where it was."""

    def __init__(self, read: ReadWorkflow) -> None:
        self.read = read
        self.named = {name for condition in conditions_of(read) for name in condition.names}
        self.seen: dict[State, set[State]] = {}
        self.judged: set[State] = set()
        for disclosed in (False, True) if "facts.da_disclosed" in self.named else (False,):
            start = self.state("allocated", False, {
                "facts.da_disclosed": disclosed, "graded": True, "feedback": "unknown", "answer": "none",
                "returned_times": 0, "escalation.open": False,
            })  # fmt: skip
            self.judged.add(start)
            self.visit(start)

    @staticmethod
    def state(stage: str, locked: bool, values: dict[str, Value]) -> State:
        return (stage, locked, tuple(sorted(values.items())))

    def visit(self, first: State) -> None:
        pending = [first]
        while pending:
            here = pending.pop()
            if here not in self.seen:
                self.seen[here] = {*self.people(*here), *self.events(*here)}
                pending += self.seen[here]

    def people(self, stage: str, locked: bool, kept: tuple[tuple[str, Value], ...]) -> Iterator[State]:
        """What people do between events."""
        values = dict(kept)
        if "escalation.open" in self.named:
            yield self.state(stage, locked, values | {"escalation.open": not values["escalation.open"]})
        if stage == "grading" and not locked:
            for written in self.written():
                yield self.state(stage, locked, values | written)
            if "graded" in self.named:
                yield self.state(stage, locked, values | {"graded": False})

    def written(self) -> Iterator[dict[str, Value]]:
        feedback = ("given", "none", "unknown") if "feedback" in self.named else ("unknown",)
        together = (False, True) if "collaborative" in self.named else (False,)
        for one, other in product(feedback, together):
            yield {"feedback": one, "collaborative": other}

    def events(self, stage: str, locked: bool, kept: tuple[tuple[str, Value], ...]) -> Iterator[State]:
        for name, event in self.read.events.items():
            if stage not in event.leaves:
                continue
            for pending in self.pending(name, dict(kept)):
                values = dict(kept) | pending
                try:
                    to = next_stage(self.read, stage, name, facts(values))
                except Refused:
                    continue
                if name == "return":
                    times = values["returned_times"]
                    assert isinstance(times, int)
                    values["returned_times"] = min(times + 1, MOST_RETURNED)
                arrived = self.state(to, self.read.locked_after(name, to, locked), values)
                self.judged.add(arrived)
                yield arrived

    def pending(self, event: str, values: dict[str, Value]) -> Iterator[dict[str, Value]]:
        if event == "answer":
            yield {"answer": "accepted"}
            yield {"answer": "challenged"}
        elif event == "submit":
            lots = (False, True) if "selected_for_moderation" not in values else (values["selected_for_moderation"],)
            for written, lot in product((*self.written(), {}), lots):
                yield written | {"selected_for_moderation": lot}
        else:
            yield {}

    def is_so(self, condition: Condition, state: State) -> bool | None:
        return condition.outcome(dict(state[2]) | {"stage": state[0]}).held

    def breaks(self, kind: str, condition: Condition) -> bool:
        if kind in ("never", "always"):
            return any(self.is_so(condition, state) is (kind == "never") for state in self.judged)
        good = {state for state in self.judged if self.is_so(condition, state)}
        grew = True
        while grew:
            more = {state for state, after in self.seen.items() if state not in good and after & good}
            good |= more
            grew = bool(more)
        return bool(self.judged - good)


def facts(values: dict[str, Value]) -> MoveFacts:
    """No guard refuses but the one that asks for escalations."""
    graded = values["graded"] is True
    return MoveFacts(
        values=values, overall="good" if graded else None, permitted=("good",), graded=graded,
        open_escalations=int(values["escalation.open"] is True), people={**PEOPLE, "moderator": MODERATOR},
        names=NAMES, actor=OTHER,
    )  # fmt: skip


@settings(max_examples=200, deadline=None, derandomize=True)
@given(workflows())
def test_both_explorers_reach_and_break_the_same(read: ReadWorkflow) -> None:
    slow = Slow(read)

    explorer = Explorer(read, names_of(read))
    reached = {
        (one.stage, one.locked)
        for start in explorer.starts()
        for one in explorer.ways(start, 100_000, lambda _: True).situations
    }  # fmt: skip
    assert reached == {(stage, locked) for stage, locked, _ in slow.judged}

    answers = prove(read, shipped().workflows).answers
    for written, answer in zip(read.properties, answers, strict=False):
        assert answer.state == (BROKEN if slow.breaks(written.kind, written.condition) else PROVED), written
