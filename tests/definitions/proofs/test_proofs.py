"""What is shipped is proved; what is large is proved whole or not at all; how far a proof reaches is said."""

from functools import cache
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load, load_workflow
from audit_engine.definitions.proofs import BROKEN, NOT_PROVED, PROVED, Proof, prove
from audit_engine.definitions.proofs_checks import CanEnd
from audit_engine.definitions.workflow import ReadWorkflow
from tests.definitions.proofs.generated import generated

HERE = Path(__file__).parent


@cache
def shipped() -> Catalogue:
    return load()


def proved(read: ReadWorkflow, most: int = 2_000_000) -> Proof:
    return prove(read, shipped().workflows, most=most)


@pytest.mark.parametrize("name", ["case_audit", "moderation", "escalation"])
def test_what_is_shipped_is_proved_and_promises_something(name: str) -> None:
    proof = proved(shipped().workflow(name))

    assert proof.state == PROVED
    assert proof.whole
    assert sum(answer.is_property for answer in proof.answers) >= 2


def test_thirty_stages_and_twelve_facts_are_proved_whole(tmp_path: Path) -> None:
    proof = proved(load_workflow(generated(tmp_path, stages=30, facts=12), tmp_path))

    assert proof.state == PROVED
    assert len(proof.read.workflow.stages) == 30
    assert proof.whole
    assert 2**12 * 20 < proof.situations < 2_000_000


def test_what_is_too_large_is_never_called_proved(tmp_path: Path) -> None:
    read = load_workflow(generated(tmp_path, stages=30, facts=24), tmp_path)

    proof = proved(read, most=30_000)

    assert proof.state == NOT_PROVED
    assert not proof.whole
    assert 30_000 <= proof.situations < 40_000
    assert {answer.state for answer in proof.answers} == {NOT_PROVED}
    assert all("situations, nothing broken so far" in answer.why for answer in proof.answers)


def test_what_is_broken_early_is_told_also_where_not_all_was_seen(tmp_path: Path) -> None:
    file = generated(tmp_path, stages=30, facts=24)
    file.write_text(
        file.read_text("utf-8").replace("never: stage == 'closed' &&", "never: stage == 'decided' &&"), "utf-8"
    )

    proof = proved(load_workflow(file, tmp_path, proving=False), most=1_000)

    assert not proof.whole
    assert proof.state == BROKEN
    assert [answer.story[-1] for answer in proof.answers if answer.story] == ["4. The auditor: Do submit -> Decided."]


def test_escalations_that_cannot_be_closed_prove_no_end() -> None:
    never_closed = load_workflow(HERE / "broken" / "concern_never_closed.yaml", proving=False)
    audit = shipped().workflow("case_audit")

    answers = {
        answer.says: answer for answer in prove(audit, {**shipped().workflows, "escalation": never_closed}).answers
    }

    assert answers[CanEnd.says].state == NOT_PROVED
    assert answers[CanEnd.says].why == "not every escalation can be closed"
    assert answers["No audit ends while an escalation on it is open."].state == PROVED
    assert prove(audit).state == NOT_PROVED


def test_the_shortest_story_does_not_depend_on_the_order_of_events(tmp_path: Path) -> None:
    text = (HERE / "broken" / "returned_twice.yaml").read_text("utf-8")
    before, events = text.split("events:\n")
    events, after = events.split("properties:\n")
    parts = [f"  - id: {part}" for part in events.split("  - id: ")[1:]]
    file = tmp_path / "returned_twice.yaml"
    file.write_text(f"{before}events:\n{''.join(reversed(parts))}properties:\n{after}", "utf-8")

    stories = {answer.story for answer in proved(load_workflow(file, proving=False)).answers if answer.story}

    assert stories == {
        answer.story
        for answer in proved(load_workflow(HERE / "broken" / "returned_twice.yaml", proving=False)).answers
        if answer.story
    }


def test_what_stops_before_its_end_says_nothing_false_of_escalations() -> None:
    audit = shipped().workflow("case_audit")
    asked: list[int] = []

    def once(count: int) -> bool:
        asked.append(count)
        return len(asked) <= 1

    proof = prove(audit, shipped().workflows, go_on=once)
    untold = prove(audit, shipped().workflows, most=1)

    assert proof.composed[0] == "escalation, seen as open or not open: checked against that workflow"
    assert not proof.whole
    assert untold.composed[0].endswith("it is not proved that every escalation can be closed")
    assert {one.state for answers in (proof, untold) for one in answers.answers} == {NOT_PROVED}
