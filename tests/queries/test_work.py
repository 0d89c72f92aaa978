"""What auditor, moderator and practitioner see while they work, and what they never see."""

import re
from dataclasses import replace
from typing import Any

import pytest

from audit_engine.problems import Refused
from audit_engine.queries import readings
from audit_engine.queries.work import blind_work, comparison, shared_view, work
from audit_engine.work_views import WorkView
from tests.actions.live.at_work import ADA, BY_RULE, CARA, EDGAR, EVE, LADDERS, LEAD, Live
from tests.queries.watching import watched

CANARY = "Canary-note of the auditor"


def seen(live: Live, query: Any, who: str, audit: str) -> Any:
    with live.db.read() as session:
        return query(session, live.who(who), audit)


def refused(live: Live, query: Any, who: str, audit: str) -> str:
    with pytest.raises(Refused) as reasons:
        seen(live, query, who, audit)
    return "; ".join(reason.text for reason in reasons.value.reasons)


@pytest.fixture
def audit(live: Live) -> str:
    return live.audits[0]


# --- the auditor ----------------------------------------------------------------------------------------------


def test_criteria_come_in_the_rubrics_order_best_grade_first(live: Live, audit: str) -> None:
    view: WorkView = seen(live, work, live.begun(audit), audit)

    assert [one.id for one in view.criteria] == list(live.catalogue.rubric("quality_and_impact").criteria)
    assert [one.number for one in view.criteria] == list(range(1, 19))
    first = view.criteria[0]
    assert [(grade.key, grade.id) for grade in first.grades] == [
        ("1", "outstanding"), ("2", "good"), ("3", "requires_improvement"), ("4", "inadequate"),
    ]  # fmt: skip
    assert all(grade.text for grade in first.grades)
    assert {one.id for one in view.criteria if one.ladder} == set(LADDERS)
    assert {one.id for one in view.criteria if one.expected == "not_expected"} == set(BY_RULE)
    assert view.missing == 15
    assert view.begun
    assert not view.blind


def test_reasons_are_numbered_through_both_lists(live: Live, audit: str) -> None:
    view: WorkView = seen(live, work, live.begun(audit), audit)
    one = view.criterion("safe.risk_reasoning")

    assert [choice.key for choice in (*one.not_expected_reasons, *one.cannot_tell_reasons)] == ["1", "2", "3", "4"]
    assert view.criterion("safe.risk_identified").not_expected_reasons == ()


def test_what_is_demanded_follows_the_answer(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    steps: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
        ({"grade": "inadequate"}, ("note", "pointer")),
        ({"note": "Seen."}, ("pointer",)),
        ({"pointer": "Log."}, ()),
        ({"grade": "requires_improvement", "note": ""}, ("note",)),
        ({"cannot_tell": "system_gap"}, ()),
    )
    for said, demands in steps:
        live.rate(audit, auditor, "safe.da_assessed", **said)
        assert seen(live, work, auditor, audit).criterion("safe.da_assessed").demands == demands
    live.rate(audit, auditor, LADDERS[0], grade="good")
    assert seen(live, work, auditor, audit).criterion(LADDERS[0]).demands == ("evidence", "impact")


def test_overall_is_suggested_permitted_and_bound(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    view: WorkView = seen(live, work, auditor, audit)

    assert (view.missing, view.overall.suggested, view.overall.permitted) == (0, "inadequate", ("inadequate",))
    assert any(text.startswith("L1 (Safety comes first)") for text in view.overall.bound_by)
    assert not view.overall.provisional
    assert any("nobody has been told" in text for text in view.to_do)
    assert next(choice for choice in view.overall.grades if choice.id == "good").text
    live.escalate(audit, auditor)
    assert seen(live, work, auditor, audit).to_do == ()


def test_the_next_steps_say_whose_they_are(live: Live, audit: str) -> None:
    auditor = live.auditor(audit)
    begin = next(step for step in seen(live, work, auditor, audit).next if step.event == "begin")
    assert (begin.mine, begin.possible, begin.to) == (True, True, "Being graded")
    live.begun(audit)
    submit = next(step for step in seen(live, work, auditor, audit).next if step.event == "submit")
    assert submit.asks == ("the overall grade", "whether the child and family gave feedback, or why not")
    assert not submit.possible
    live.grade_all(audit, auditor)
    submit = next(step for step in seen(live, work, auditor, audit).next if step.event == "submit")
    assert submit.possible


def test_not_theirs_is_said_as_not_there(live: Live, audit: str) -> None:
    live.begun(audit)
    other = live.other_auditor(audit)
    for query, who in ((work, other), (work, EVE), (blind_work, CARA), (shared_view, ADA), (shared_view, CARA)):
        assert refused(live, query, who, audit) == refused(live, query, who, "L-0")


# --- the moderator --------------------------------------------------------------------------------------------


def test_blind_reads_nothing_of_the_auditors(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.rate(audit, auditor, "safe.da_assessed", note=CANARY)
    live.escalate(audit, auditor, concern=CANARY)
    live.submit(audit, auditor, "inadequate")
    readings._RUBRICS.clear()
    for taken in (False, True):
        if taken:
            live.take(audit, EVE)
        blind = watched(live, lambda session: blind_work(session, live.who(EVE), audit))

        assert CANARY not in blind.told
        assert not any(isinstance(value, str) and value == "inadequate" for value in blind.values)
        for statement in blind.statements:
            assert not re.search(r"\bratings\b|\bpayloads\b", statement), statement
            assert not re.search(r"\b(final_overall|overall|suggested|overall_reason|selected_because)\b", statement)
        assert all(one.answer is None for one in blind.result.criteria)
        assert blind.result.begun is taken
        assert blind.result.overall.chosen is None
    open_eyes = watched(live, lambda session: work(session, live.who(auditor), audit))
    assert CANARY in open_eyes.told
    assert any(re.search(r"\bratings\b", statement) for statement in open_eyes.statements)


def test_blind_answers_are_their_own(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    live.rate(audit, EVE, "heard.seen", grade="outstanding", blind=True)
    view: WorkView = seen(live, blind_work, EVE, audit)

    assert view.blind
    assert view.criterion("heard.seen").answer is not None
    assert view.criterion("heard.seen").demands == ("note", "pointer")
    assert view.criterion("safe.da_assessed").answer is None
    assert "EVE" not in refused(live, blind_work, EDGAR, audit)
    assert EVE in refused(live, blind_work, EDGAR, audit)


def test_nothing_is_compared_before_the_lock(live: Live, audit: str) -> None:
    live.in_moderation(audit)

    assert "locked no blind grades" in refused(live, comparison, EVE, audit)
    assert "locked no blind grades" in refused(live, comparison, EDGAR, audit)


def test_only_the_differences_are_compared(live: Live, audit: str) -> None:
    auditor = live.compared(audit, heard_seen="outstanding")
    view = seen(live, comparison, EVE, audit)

    assert view.auditor == auditor
    assert [one.criterion.id for one in view.differences] == ["safe.da_assessed", "heard.seen"]
    first = view.differences[0]
    assert (first.auditor.grade, first.moderator.grade, first.apart, first.decision) == ("inadequate", "good", 2, None)
    assert (view.same, view.undecided, view.given_overall, view.blind_overall) == (16, 2, "inadequate", "good")
    assert view.overall.permitted == ("inadequate",)
    live.decide(audit, EVE, "safe.da_assessed", "moderator", reason="In the addendum.")
    live.decide(audit, EVE, "heard.seen", "auditor")
    view = seen(live, comparison, EVE, audit)
    assert (view.undecided, view.differences[0].stands, view.differences[0].reason) == (0, "Good", "In the addendum.")
    assert view.overall.suggested == "good"
    assert "Compare and decide" in refused(live, blind_work, EVE, audit)
    live.finalise(audit, EVE, "good", "One difference.")
    after = seen(live, comparison, EVE, audit)
    assert after.finished
    assert [one.auditor.grade for one in after.differences] == ["inadequate", "good"]


def test_after_a_return_the_next_moderation_is_blind_again(live: Live, audit: str) -> None:
    auditor = live.compared(audit)
    live.give_back(audit, EVE, "Look at three again.")
    returned: WorkView = seen(live, work, auditor, audit)
    assert returned.returned_because == "Look at three again."
    assert returned.begun
    live.submit(audit, auditor, "inadequate")
    waiting: WorkView = seen(live, blind_work, EDGAR, audit)
    assert all(one.answer is None for one in waiting.criteria)
    assert waiting.overall.chosen is None
    assert [step.event for step in waiting.next] == ["take"]


# --- the practitioner -----------------------------------------------------------------------------------------


def test_the_practitioner_reads_what_stands_and_nothing_of_the_moderation(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate", heard_seen="requires_improvement")
    live.rate(audit, auditor, "safe.da_assessed", note=CANARY)
    live.escalate(audit, auditor)
    live.submit(audit, auditor, "inadequate")
    live.take(audit, EVE)
    live.grade_all(audit, EVE, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)
    live.decide(audit, EVE, "safe.da_assessed", "moderator", reason="Secret of the moderation.")
    live.decide(audit, EVE, "heard.seen", "auditor")
    live.finalise(audit, EVE, "good", "Secret of the moderation.")
    there = refused(live, shared_view, ADA, audit)
    assert there == refused(live, shared_view, ADA, "L-0")
    live.move(audit, auditor, "share")

    shared = watched(live, lambda session: shared_view(session, live.who(ADA), audit))

    told = shared.told
    assert shared.result.overall_label == "Good"
    assert shared.result.may_answer
    for words in (CANARY, "Secret", "inadequate", EVE):
        assert words not in told
    assert "Seen requires_improvement." in told
    live.answer(audit, ADA, "accepted", "Fair.")
    answered = seen(live, shared_view, ADA, audit)
    assert (answered.answer, answered.answer_text, answered.may_answer) == ("accepted", "Fair.", False)


def test_views_are_frozen(live: Live, audit: str) -> None:
    view = seen(live, work, live.begun(audit), audit)
    with pytest.raises(AttributeError):
        view.turn = 7
    assert replace(view, turn=7).turn == 7
    assert LEAD not in (view.auditor, view.practitioner)
