"""Audits under a rubric that uses the whole language: scales of their own, questions, wordings, rules looked past."""

from pathlib import Path
from typing import Any

import pytest

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.problems import Refused
from audit_engine.queries.audit_file import audit_file
from audit_engine.queries.audits import audit_view
from audit_engine.queries.work import blind_work, comparison, work
from audit_engine.work_views import CriterionView, WorkView
from tests.actions.live.at_work import EVE, LEAD, Live
from tests.actions.live.conftest import prepared

from .whole_language import whole_language


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return whole_language()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    path = tmp_path_factory.mktemp("whole_language") / "workspace.db"
    prepared(path, catalogue).db.close()
    return path


@pytest.fixture
def audit(live: Live) -> str:
    return live.audits[0]


def seen(live: Live, who: str, audit: str, query: Any = work) -> Any:
    with live.db.read() as session:
        return query(session, live.who(who), audit)


def one(live: Live, who: str, audit: str, criterion: str) -> CriterionView:
    view: WorkView = seen(live, who, audit)
    return view.criterion(criterion)


def why_not(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return "; ".join(reason.text for reason in refused.value.reasons)


def answer_all(live: Live, audit: str, who: str, *, blind: bool = False, consent: str = "yes", **grades: str) -> None:
    """Everything that is expected: `risk` and `plan` good unless told, each child seen alone, the forms there."""
    live.rate(audit, who, "w.risk", grade=grades.get("risk", "good"), note="As the file shows.", blind=blind)
    live.rate(audit, who, "w.plan", grade=grades.get("plan", "good"), blind=blind)
    live.rate(
        audit, who, "w.siblings", answers={"visited": "yes"}, members={"Child 1": {"alone": "alone"}}, blind=blind
    )
    forms = {"consent": consent} | ({"signed": "yes"} if consent == "yes" else {})
    live.rate(audit, who, "w.forms", answers=forms, blind=blind)


def submitted(live: Live, audit: str, overall: str = "good", **how: Any) -> str:
    auditor = live.begun(audit)
    answer_all(live, audit, auditor, **how)
    live.submit(audit, auditor, overall)
    return auditor


def compared(live: Live, audit: str, own: str = "good", blind: dict[str, Any] | None = None, **how: Any) -> str:
    """Somebody else looks because there is no consent; the blind grades are locked."""
    auditor = submitted(live, audit, consent="no", **how)
    live.take(audit, EVE)
    answer_all(live, audit, EVE, blind=True, **({"consent": "no"} | (blind or {})))
    live.blind_overall(audit, EVE, own)
    live.lock(audit, EVE)
    return auditor


# --- scales, days, wordings -----------------------------------------------------------------------------------


def test_a_criterion_is_graded_on_its_own_scale(live: Live, audit: str) -> None:
    auditor = live.begun(audit)

    told = why_not(lambda: live.rate(audit, auditor, "w.siblings", grade="good"))
    live.rate(audit, auditor, "w.siblings", grade="sound", note="Seen twice.")

    assert "'good' is no grade of this scale" in told
    assert [choice.label for choice in one(live, auditor, audit, "w.siblings").grades] == [
        "Strength", "Sound", "Area to develop",
    ]  # fmt: skip
    row = live.ratings(audit)["w.siblings"]
    assert (row["grade"], row["grade_order"]) == ("sound", 1)


def test_work_is_judged_by_the_policy_of_its_days(live: Live, audit: str) -> None:
    """The case was drawn in 2024, and the policy came in 2025."""
    policy = one(live, live.begun(audit), audit, "w.policy")

    assert (policy.expected, policy.demands) == ("not_in_force", ())
    assert "in force since 2025-01-01" in policy.expected_because


def test_the_wording_that_applies_is_shown_with_its_prompt_and_examples(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.rate(audit, auditor, "w.risk", grade="good")

    risk = one(live, auditor, audit, "w.risk")

    assert (risk.asks, risk.variant) == ("Was the risk named to both parents?", "Private law")
    assert risk.prompt == "Why not outstanding?"
    assert risk.grades[1].examples == ("The note names who said what and when.",)


# --- questions ------------------------------------------------------------------------------------------------


def test_the_grade_is_taken_from_the_answers_and_one_undo_takes_one_answer_back(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    before = live.audit(audit)["turn"]
    live.rate(audit, auditor, "w.siblings", answers={"visited": "yes"})
    live.rate(audit, auditor, "w.siblings", members={"Child 2": {}, "Child 1": {"alone": "alone"}})
    assert one(live, auditor, audit, "w.siblings").demands == ("answers",)
    assert one(live, auditor, audit, "w.siblings").waiting == ("Child 2: Was this child seen alone?",)

    live.rate(audit, auditor, "w.siblings", members={"child 2": {"alone": "together"}})
    mixed = live.ratings(audit)["w.siblings"]
    live.rate(audit, auditor, "w.siblings", members={"Child 2": None})
    alone = live.ratings(audit)["w.siblings"]
    live.undo(audit, auditor)

    assert mixed["grade"] == "sound"
    assert [member["called"] for member in mixed["members"]] == ["Child 2", "Child 1"]
    assert alone["grade"] == "strength"
    assert live.ratings(audit)["w.siblings"]["grade"] == "sound"
    assert live.audit(audit)["turn"] == before + 5
    assert live.is_sound()


def test_an_answer_goes_with_the_one_that_asked_for_it(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.rate(audit, auditor, "w.forms", answers={"consent": "yes", "signed": "no"})
    asked = one(live, auditor, audit, "w.forms")
    assert (asked.demands, asked.graded) == (("note",), False)

    live.rate(audit, auditor, "w.forms", answers={"consent": "no"})

    forms = one(live, auditor, audit, "w.forms")
    assert live.ratings(audit)["w.forms"]["answers"] == {"consent": "no"}
    assert forms.demands == ()
    assert forms.answer is not None
    assert forms.answer.answers == ("Is the consent form there? No",)


def test_another_grade_than_the_answers_lead_to_is_marked_and_needs_a_note(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.rate(audit, auditor, "w.siblings", answers={"visited": "no"})
    assert live.ratings(audit)["w.siblings"]["grade"] == "area_to_develop"

    live.rate(audit, auditor, "w.siblings", grade="sound")

    siblings = one(live, auditor, audit, "w.siblings")
    assert (siblings.mark, siblings.demands) == (" **", ("note",))
    live.rate(audit, auditor, "w.siblings", note="They were met at school.")
    assert one(live, auditor, audit, "w.siblings").demands == ()


@pytest.mark.parametrize(
    ("criterion", "said", "told"),
    [
        ("w.risk", {"answers": {"visited": "yes"}}, "has no questions to answer"),
        ("w.forms", {"answers": {"consnet": "yes"}}, "has no question 'consnet'"),
        ("w.forms", {"answers": {"consent": "maybe"}}, "'maybe' is no answer"),
        ("w.forms", {"members": {"Child 1": {}}}, "asks of no members"),
        ("w.forms", {"grade": "good"}, "has no grade"),
        ("w.siblings", {"answers": {"alone": "alone"}}, "of each member by itself"),
        ("w.siblings", {"members": {"Child 1": {"visited": "yes"}}}, "is asked once"),
        ("w.siblings", {"members": {"Child 1": None}}, "is called 'Child 1'"),
        ("w.siblings", {"members": {" ": {}}}, "1 to 40 characters"),
        ("w.siblings", {"members": {str(n): {} for n in range(4)}}, "There are 3 members already"),
        ("w.siblings", {"answers": {"visited": "yes"}, "cannot_tell": "system_gap"}, "Say one of the three"),
    ],
)
def test_what_is_no_answer(live: Live, audit: str, criterion: str, said: dict[str, Any], told: str) -> None:
    auditor = live.begun(audit)

    refused = live.refused(lambda: live.rate(audit, auditor, criterion, **said))

    assert told in refused.reasons[0].text


def test_it_is_not_submitted_while_a_question_waits(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    answer_all(live, audit, auditor)
    live.rate(audit, auditor, "w.forms", answers={"signed": None})

    assert "Forms in place" in why_not(lambda: live.submit(audit, auditor, "good"))


# --- what does not fit ----------------------------------------------------------------------------------------


def test_what_does_not_fit_is_told_to_the_auditor_and_after_the_lock_what_is_for_the_moderator(
    live: Live, audit: str
) -> None:
    grades = {"plan": "outstanding", "risk": "requires_improvement"}
    auditor = submitted(live, audit, "outstanding", consent="no", **grades)
    assert [notice.title for notice in seen(live, auditor, audit).noticed] == ["A plan and no risk"]
    live.take(audit, EVE)
    answer_all(live, audit, EVE, blind=True, consent="no", **grades)
    assert seen(live, EVE, audit, blind_work).noticed == ()
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)

    assert [notice.about for notice in seen(live, EVE, audit, comparison).noticed] == [(5, 1)]


def test_what_is_for_the_auditor_alone_is_never_told_to_the_moderator(live: Live, audit: str) -> None:
    auditor = compared(live, audit)

    assert [notice.title for notice in seen(live, auditor, audit).noticed] == ["Consent"]
    assert seen(live, EVE, audit, comparison).noticed == ()


# --- moderation and rules -------------------------------------------------------------------------------------


def test_a_rule_that_asks_for_a_second_look_has_the_audit_moderated(live: Live, audit: str) -> None:
    submitted(live, audit, consent="no")

    row = live.audit(audit)
    assert row["selected"] is True
    assert row["selected_because"] == "Rule R2 (Somebody else looks) asks that somebody else looks"


def test_answers_alone_are_held_against_each_other_where_there_is_no_grade(live: Live, audit: str) -> None:
    compared(live, audit, blind={"consent": "yes"})
    view = seen(live, EVE, audit, comparison)
    assert [different.criterion.id for different in view.differences] == ["w.forms"]
    told = why_not(lambda: live.decide(audit, EVE, "w.forms", "other", grade="good"))
    live.decide(audit, EVE, "w.forms", "moderator")

    live.finalise(audit, EVE, "good")

    assert "has no grade" in told
    assert live.ratings(audit)["w.forms"]["answers"] == {"consent": "yes", "signed": "yes"}
    assert live.is_sound()


def test_a_floor_is_refused_in_its_own_words(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    answer_all(live, audit, auditor, plan="outstanding")

    told = why_not(lambda: live.submit(audit, auditor, "requires_improvement", overall_reason="It is thin."))

    assert told.startswith("The overall grade may not be requires improvement. The plan changed something.")


def test_a_head_of_practice_looks_past_a_rule_and_it_stays_marked(live: Live, audit: str) -> None:
    thin = {"plan": "requires_improvement"}
    compared(live, audit, "requires_improvement", blind=thin, overall="requires_improvement", **thin)
    told = why_not(lambda: live.finalise(audit, EVE, "good", "It is good."))
    assert "Good is above Requires improvement, the most that R3 leaves" in told
    overall = seen(live, EVE, audit, comparison).overall
    assert dict(overall.by_override) == {"good": ("R3",), "outstanding": ("R3",)}

    live.finalise(audit, EVE, "good", "It is good.", overrides={"R3": "The plan came in a letter."})

    kept = {"R3": {"by": EVE, "role": "head_of_practice", "reason": "The plan came in a letter."}}
    assert (live.audit(audit)["final_overall"], live.audit(audit)["overridden"]) == ("good", kept)
    with live.db.read() as session:
        filed = audit_file(session, live.who(LEAD), audit, live.catalogue)
        assert audit_view(session, live.who(LEAD), audit, live.catalogue).overridden == kept
    sentence = "R3 (A plan is needed) was overridden by P-7, head of practice: The plan came in a letter."
    assert filed.overridden == (sentence,)
    assert live.is_sound()


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"R3": " "}, "Looking past R3 needs its reason"),
        ({"R9": "So."}, "No rule 'R9' binds this audit"),
        ({"R2": "So."}, "R2 does not bar this grade"),
    ],
)
def test_what_cannot_be_looked_past(live: Live, audit: str, overrides: dict[str, str], told: str) -> None:
    thin = {"plan": "requires_improvement"}
    compared(live, audit, "requires_improvement", blind=thin, overall="requires_improvement", **thin)

    refused = live.refused(lambda: live.finalise(audit, EVE, "good", "It is good.", overrides=overrides))

    assert told in "; ".join(reason.text for reason in refused.reasons)


def test_nobody_looks_past_the_rule_that_puts_safety_first(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    answer_all(live, audit, auditor, risk="inadequate", consent="no")
    live.escalate(audit, auditor)
    live.submit(audit, auditor, "inadequate")
    live.take(audit, EVE)
    answer_all(live, audit, EVE, blind=True, risk="inadequate", consent="no")
    live.blind_overall(audit, EVE, "inadequate")
    live.lock(audit, EVE)

    told = why_not(lambda: live.finalise(audit, EVE, "good", "So.", overrides={"L1": "So."}))

    assert "Nobody may look past L1" in told
