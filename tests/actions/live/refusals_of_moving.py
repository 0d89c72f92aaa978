"""Told no while submitting and moving."""

from datetime import timedelta

from audit_engine.actions.command import Command

from .at_work import ADA, CARA, EVE, HERON, LEAD, MAX, Live
from .refusing import Act, now, registry, without_grades

CASES, case = registry()


@case
def submit_an_empty_audit(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.submit(audit, auditor, None, feedback_from=None)


@case
def submit_without_what_the_grades_demand(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    live.rate(audit, auditor, "rep.plan", grade="inadequate")
    live.rate(audit, auditor, "heard.seen", grade="requires_improvement")
    return lambda: live.submit(audit, auditor, "requires_improvement")


@case
def submit_a_child_at_risk_without_escalating(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    return lambda: live.submit(audit, auditor, "good")


@case
def submit_above_what_three_rules_permit(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, "outstanding", ov_mgmt_oversight="inadequate", heard_seen="inadequate")
    return lambda: live.submit(audit, auditor, "outstanding")


@case
def submit_another_than_the_suggested_without_a_reason(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    return lambda: live.submit(audit, auditor, "requires_improvement", overall_reason=" \u200b ")


@case
def submit_no_such_overall(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.submit(audit, auditor, "brilliant")


@case
def submit_feedback_of_nobody_known(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.submit(audit, auditor, "good", feedback_from=("neighbour",))


@case
def submit_somebody_elses(live: Live, audit: str) -> Act:
    live.begun(audit)
    other = live.other_auditor(audit)
    return lambda: live.submit(audit, other, "good")


@case
def submit_twice(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    return lambda: live.submit(audit, auditor, "good")


@case
def submit_by_an_auditor_who_now_manages_the_practitioner(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    now(live, auditor, ("auditor", None, None), ("manager", HERON, HERON))
    return lambda: live.submit(audit, auditor, "good")


@case
def submit_grades_for_an_audit_without_grades(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    without_grades(live, audit)
    return lambda: live.submit(audit, auditor, "good")


@case
def begin_by_another_auditor(live: Live, audit: str) -> Act:
    other = live.other_auditor(audit)
    return lambda: live.move(audit, other, "begin")


@case
def begin_by_a_head_of_practice(live: Live, audit: str) -> Act:
    return lambda: live.move(audit, EVE, "begin")


@case
def begin_with_more_than_is_asked_and_somebody_named(live: Live, audit: str) -> Act:
    auditor = live.auditor(audit)
    return lambda: live.move(audit, auditor, "begin", named={"checker": CARA}, ready="yes")


@case
def begin_twice(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.move(audit, auditor, "begin")


@case
def move_by_no_such_event(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.move(audit, auditor, "finish")


@case
def move_by_an_event_that_needs_more(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.move(audit, auditor, "submit")


@case
def move_an_audit_that_moved_since(live: Live, audit: str) -> Act:
    seen = live.audit(audit)["turn"]
    live.begun(audit)
    return lambda: live.move(audit, LEAD, "withdraw", "wrong_case_drawn", Command(turn=seen))


@case
def share_by_a_manager_too_early(live: Live, audit: str) -> Act:
    return lambda: live.move(audit, CARA, "share")


@case
def withdraw_without_a_reason(live: Live, audit: str) -> Act:
    return lambda: live.move(audit, LEAD, "withdraw")


@case
def withdraw_for_no_listed_reason_over_an_open_escalation(live: Live, audit: str) -> Act:
    live.escalate(audit, LEAD)
    return lambda: live.move(audit, LEAD, "withdraw", "too_hard")


@case
def withdraw_by_the_auditor(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.move(audit, auditor, "withdraw", "wrong_case_drawn")


@case
def close_over_an_open_escalation(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    live.answer(audit, ADA, "accepted")
    live.escalate(audit, ADA)
    return lambda: live.move(audit, CARA, "close")


@case
def close_by_a_manager_of_others(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    live.answer(audit, ADA, "accepted")
    return lambda: live.move(audit, MAX, "close")


@case
def close_unanswered_without_a_reason(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    live.now += timedelta(days=35)
    return lambda: live.move(audit, LEAD, "close_unanswered", "\u200b")


@case
def answer_neither_yes_nor_no(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    return lambda: live.answer(audit, ADA, "perhaps")


@case
def answer_by_a_challenge_without_words(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    return lambda: live.answer(audit, ADA, "challenged", " ")


@case
def answer_before_it_is_shared(live: Live, audit: str) -> Act:
    live.submitted(audit)
    return lambda: live.answer(audit, ADA, "accepted")


@case
def answer_for_somebody_else(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    return lambda: live.answer(audit, "P-3", "accepted")


@case
def reallocate_to_nobody_known(live: Live, audit: str) -> Act:
    return lambda: live.reallocate(audit, LEAD, "P-99")


@case
def reallocate_to_the_manager_of_the_practitioner(live: Live, audit: str) -> Act:
    now(live, CARA, ("manager", HERON, HERON), ("auditor", None, None))
    return lambda: live.reallocate(audit, LEAD, CARA, reason="")


@case
def reallocate_to_a_manager_since_yesterday(live: Live, audit: str) -> Act:
    other = live.other_auditor(audit)
    now(live, other, ("auditor", None, None), ("manager", HERON, HERON))
    return lambda: live.reallocate(audit, LEAD, other)


@case
def reallocate_to_whoever_has_it_by_whoever_may_not(live: Live, audit: str) -> Act:
    auditor = live.auditor(audit)
    return lambda: live.reallocate(audit, EVE, auditor)
