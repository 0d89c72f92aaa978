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


@pytest.mark.parametrize("name", sorted(load().workflows))
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


def test_records_and_links_are_followed_no_further_than_they_are_asked_for(tmp_path: Path) -> None:
    plain = proved(load_workflow(generated(tmp_path / "plain", stages=30, facts=5), tmp_path / "plain"))
    kept = proved(load_workflow(generated(tmp_path / "kept", stages=30, facts=5, kept=True), tmp_path / "kept"))

    assert kept.state == PROVED
    assert kept.whole
    assert plain.situations < kept.situations < 6 * plain.situations
    assert [line.partition(" as")[0] for line in kept.composed] == [
        "escalation, seen",
        "action",
        "inadequate_follow_up",
    ]


def test_a_partner_that_may_end_otherwise_proves_nothing_that_rests_on_it() -> None:
    broken = load_workflow(HERE / "broken" / "ended_wrongly.yaml", proving=False)
    never_done = load_workflow(HERE / "broken" / "never_done.yaml", proving=False)
    followed = load_workflow(HERE / "broken" / "waits_in_vain.yaml", proving=False)
    other = shipped().workflow("inadequate_follow_up")

    for partners, why in (
        ({**shipped().workflows, "never_done": other}, "it may also end as 'improved'"),
        (shipped().workflows, "there is no workflow 'never_done' to check it against"),
    ):
        proof = prove(followed, partners)
        answers = {answer.says: answer for answer in proof.answers}
        over = answers["It is not closed over work that is not done."]
        assert over.state == NOT_PROVED
        assert over.why == f"never_done as 'Work': {why}"

    kept = prove(followed, {**shipped().workflows, "never_done": never_done}).answers
    assert [one.state for one in kept if one.says == over.says] == [PROVED]
    # What is broken is broken, whatever more may happen.
    assert prove(broken, {**shipped().workflows, "case_audit": other}).state == BROKEN


def test_a_circle_is_taken_for_granted_where_one_of_it_ends_by_itself() -> None:
    proof = proved(shipped().workflow("inadequate_follow_up"))

    (line,) = proof.composed
    assert proof.state == PROVED
    assert line.startswith("case_audit as 'Second audit', seen as open or not and how it ended: checked against that")
    assert line.endswith("'case_audit' comes to each of its ends without waiting for what hangs on it")


@pytest.mark.parametrize(
    ("was", "is_now", "why"),
    [
        ("from: [any_open_stage]", "from: [assigned, blind]", "cannot be withdrawn, and its audit could not end"),
        ("from: [compared]\n    by: [moderator]\n    reason: required\n    ends:\n      - {to: returned}",
         "from: [blind, compared]\n    by: [moderator]\n    reason: required\n    ends:\n      - {to: returned}",
         "can be done before grades are compared"),
        ("- {to: returned}", "- {to: same_stage}", "ends no moderation"),
    ],
)  # fmt: skip
def test_a_moderation_that_leaves_its_audit_behind_proves_no_end(
    tmp_path: Path, was: str, is_now: str, why: str
) -> None:
    text = (HERE.parents[2] / "workflows" / "moderation.yaml").read_text("utf-8")
    assert was in text
    returned = "  - {id: returned, title: Returned to the auditor, final: yes}\n"
    text = text.replace(returned, "") if "same_stage" in is_now else text
    text = text.replace("'returned', ", "") if "same_stage" in is_now else text
    (tmp_path / "moderation.yaml").write_text(text.replace(was, is_now), "utf-8")
    moderation = load_workflow(tmp_path / "moderation.yaml", proving=False)

    proof = prove(shipped().workflow("case_audit"), {**shipped().workflows, "moderation": moderation})

    ends = next(answer for answer in proof.answers if answer.says == CanEnd.says)
    assert ends.state == NOT_PROVED
    assert why in ends.why
    assert any(why in line for line in proof.composed)


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
