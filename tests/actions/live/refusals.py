"""Every way to be told no: what is so beforehand, what is asked, by name. The sentences stand in refusals.txt."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import update
from sqlmodel import Session, col

from audit_engine.actions.command import Command
from audit_engine.exchange.lines import PersonLine
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.tables import Audit
from audit_engine.safe_text import MAX_TEXT

from .conftest import ADA, CARA, EDGAR, EVE, HERON, LEAD, MAX, Live, people, role

Act = Callable[[], None]
Case = Callable[[Live, str], Act]
CASES: dict[str, Case] = {}
LONG = "x" * (MAX_TEXT + 1)


def case(prepare: Case) -> Case:
    """Under its own name."""
    CASES[prepare.__name__] = prepare
    return prepare


def with_roles(name: str, *roles: tuple[str, str | None, str | None]) -> PersonLine:
    """Somebody of the service who now holds these roles: name, team, team managed."""
    return replace(people()[name], roles=tuple(role(*one) for one in roles))


def now(live: Live, name: str, *roles: tuple[str, str | None, str | None]) -> None:
    live.import_people(**{name.replace("-", "_"): with_roles(name, *roles)})


def without_grades(live: Live, audit: str) -> None:
    """It has no grades, however far it has come: only the ledger could say so, since no action would any more."""
    key = live.audit(audit)["key"]

    def change(session: Session) -> None:
        told = Happening(key, "audit", "changed", {"changed": {"graded": [True, False]}})
        turns = append(session, live.db.workspace, Author(None, "quality_lead", "training"), [told], live.at())
        session.connection().execute(update(Audit).where(col(Audit.key) == key).values(graded=False, turn=turns[key]))

    live.db.transact(change)


# Rating


@case
def rate_no_such_audit(live: Live, audit: str) -> Act:
    auditor = live.auditor(audit)
    return lambda: live.rate("L-9", auditor, "rep.plan", grade="good")


@case
def rate_somebody_elses(live: Live, audit: str) -> Act:
    other = live.other_auditor(audit)
    live.begun(audit)
    return lambda: live.rate(audit, other, "rep.plan", grade="good")


@case
def rate_by_the_quality_lead(live: Live, audit: str) -> Act:
    live.begun(audit)
    return lambda: live.rate(audit, LEAD, "rep.plan", grade="good")


@case
def rate_by_the_practitioner(live: Live, audit: str) -> Act:
    live.begun(audit)
    return lambda: live.rate(audit, ADA, "rep.plan", grade="good")


@case
def rate_before_it_is_begun(live: Live, audit: str) -> Act:
    auditor = live.auditor(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good")


@case
def rate_after_it_is_decided(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good")


@case
def rate_after_it_is_withdrawn(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good")


@case
def rate_no_such_criterion(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.pla", grade="good")


@case
def rate_no_such_grade(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", grade="goood")


@case
def rate_no_such_evidence(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", evidence="lots")


@case
def rate_impact_without_a_ladder(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", impact="yes")


@case
def rate_no_such_impact(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "ov.supervision", impact="maybe")


@case
def rate_no_such_reason_to_leave_out(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", not_expected="too_young")


@case
def rate_what_always_applies_as_not_expected(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "safe.risk_identified", not_expected="too_young")


@case
def rate_cannot_tell_without_a_listed_reason(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", cannot_tell="tired")


@case
def rate_two_things_at_once(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good", not_expected="plan_not_yet_due")


@case
def rate_nothing(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.plan")


@case
def rate_with_too_long_a_note(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good", note=LONG)


@case
def rate_a_grade_in_an_audit_without_grades(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.ungraded(audit)
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good")


@case
def rate_by_an_auditor_who_now_manages_the_practitioner(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    now(live, auditor, ("auditor", None, None), ("manager", HERON, HERON))
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good")


@case
def rate_by_an_auditor_who_manages_where_the_practitioner_went(live: Live, audit: str) -> Act:
    """The practitioner changed team, the auditor did not."""
    auditor = live.begun(audit)
    now(live, auditor, ("auditor", None, None), ("manager", "South Lark", "South Lark"))
    now_there = with_roles(ADA, ("practitioner", "South Lark", None))
    still = with_roles(auditor, ("auditor", None, None), ("manager", "South Lark", "South Lark"))
    live.import_people(**{ADA.replace("-", "_"): now_there, auditor.replace("-", "_"): still})
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good")


@case
def rate_by_somebody_who_was_an_auditor_when_they_sat_down(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    seated = live.who(auditor)
    now(live, auditor, ("practitioner", "North Wren", None))
    live.seated = seated
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good")


@case
def rate_what_was_rated_since(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    seen = live.audit(audit)["turn"]
    live.rate(audit, auditor, "rep.plan", grade="requires_improvement")
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good", command=Command(turn=seen))


@case
def rate_what_was_taken_back_since(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    live.rate(audit, auditor, "rep.plan", grade="requires_improvement")
    seen = live.audit(audit)["turn"]
    live.undo(audit, auditor)
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good", command=Command(turn=seen))


@case
def rate_in_an_audit_that_moved_since(live: Live, audit: str) -> Act:
    auditor = live.auditor(audit)
    seen = live.audit(audit)["turn"]
    live.move(audit, auditor, "begin")
    return lambda: live.rate(audit, auditor, "rep.plan", grade="good", command=Command(turn=seen))


@case
def undo_nothing(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.undo(audit, auditor)


@case
def undo_what_came_before_the_last_move(live: Live, audit: str) -> Act:
    auditor = live.compared(audit)
    live.give_back(audit, EVE)
    return lambda: live.undo(audit, auditor)


@case
def undo_when_locked(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit)
    return lambda: live.undo(audit, auditor)


@case
def undo_an_answer_nobody_saw(live: Live, audit: str) -> Act:
    auditor = live.begun(audit)
    seen = live.audit(audit)["turn"]
    live.rate(audit, auditor, "rep.plan", grade="good")
    return lambda: live.undo(audit, auditor, Command(turn=seen))


# Submitting and moving


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


# Moderating


@case
def take_what_is_not_submitted(live: Live, audit: str) -> Act:
    live.begun(audit)
    return lambda: live.take(audit, EVE)


@case
def take_ones_own_audit(live: Live, audit: str) -> Act:
    auditor = live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    now(live, auditor, ("auditor", None, None), ("head_of_practice", None, None))
    return lambda: live.take(audit, auditor)


@case
def take_by_a_head_of_practice_who_manages_the_practitioner(live: Live, audit: str) -> Act:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    now(live, EVE, ("head_of_practice", None, None), ("manager", HERON, HERON))
    return lambda: live.take(audit, EVE)


@case
def take_by_a_manager(live: Live, audit: str) -> Act:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    return lambda: live.take(audit, CARA)


@case
def take_what_somebody_took(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    return lambda: live.take(audit, EDGAR)


@case
def rate_blind_before_taking(live: Live, audit: str) -> Act:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    return lambda: live.rate(audit, EVE, "rep.plan", grade="good", blind=True)


@case
def rate_blind_somebody_elses_moderation(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    return lambda: live.rate(audit, EDGAR, "rep.plan", grade="good", blind=True)


@case
def rate_blind_after_the_lock(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.rate(audit, EVE, "rep.plan", grade="outstanding", blind=True)


@case
def rate_blind_by_a_moderator_who_now_manages_the_practitioner(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    now(live, EVE, ("head_of_practice", None, None), ("manager", HERON, HERON))
    return lambda: live.rate(audit, EVE, "rep.plan", grade="good", blind=True)


@case
def rate_blind_what_was_rated_blind_since(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    seen = live.audit(audit)["turn"]
    live.rate(audit, EVE, "rep.plan", grade="good", blind=True)
    return lambda: live.rate(audit, EVE, "rep.plan", grade="outstanding", blind=True, command=Command(turn=seen))


@case
def blind_overall_no_such_grade(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    return lambda: live.blind_overall(audit, EVE, "brilliant")


@case
def blind_overall_above_what_the_blind_grades_permit(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    live.grade_all(audit, EVE, blind=True, heard_seen="inadequate")
    return lambda: live.blind_overall(audit, EVE, "good")


@case
def blind_overall_after_the_lock(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.blind_overall(audit, EVE, "good")


@case
def blind_overall_of_an_audit_without_grades(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    without_grades(live, audit)
    return lambda: live.blind_overall(audit, EVE, "good")


@case
def lock_before_everything_is_graded(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    return lambda: live.lock(audit, EVE)


@case
def lock_an_overall_grade_that_a_later_one_forbids(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    live.grade_all(audit, EVE, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.rate(audit, EVE, "heard.seen", grade="inadequate", blind=True)
    return lambda: live.lock(audit, EVE)


@case
def lock_a_child_at_risk_without_escalating(live: Live, audit: str) -> Act:
    live.submitted(audit, "outstanding", grade="outstanding")
    live.take(audit, EVE)
    live.grade_all(audit, EVE, blind=True, safe_da_assessed="inadequate")
    live.blind_overall(audit, EVE, "inadequate")
    return lambda: live.lock(audit, EVE)


@case
def lock_twice(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.lock(audit, EVE)


@case
def lock_by_somebody_else(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    return lambda: live.lock(audit, EDGAR)


@case
def decide_before_the_lock(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    return lambda: live.decide(audit, EVE, "safe.da_assessed", "moderator")


@case
def decide_where_both_agree(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.decide(audit, EVE, "rep.plan", "moderator")


@case
def decide_without_a_reason(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.decide(audit, EVE, "safe.da_assessed", "moderator", reason=" \u200b")


@case
def decide_for_nobody(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.decide(audit, EVE, "safe.da_assessed", "both")


@case
def decide_on_no_such_grade(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.decide(audit, EVE, "safe.da_assessed", "other", grade="middling")


@case
def decide_by_somebody_else(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.decide(audit, EDGAR, "safe.da_assessed", "moderator")


@case
def decide_what_was_decided_since(live: Live, audit: str) -> Act:
    live.compared(audit)
    seen = live.audit(audit)["turn"]
    live.decide(audit, EVE, "safe.da_assessed", "moderator")
    return lambda: live.decide(audit, EVE, "safe.da_assessed", "auditor", command=Command(turn=seen))


@case
def finalise_before_everything_is_decided(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.finalise(audit, EVE, "good")


@case
def finalise_above_what_the_final_grades_permit(live: Live, audit: str) -> Act:
    live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "auditor")
    return lambda: live.finalise(audit, EVE, "good", "It was not so bad.")


@case
def finalise_without_an_overall_grade(live: Live, audit: str) -> Act:
    live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "auditor")
    return lambda: live.finalise(audit, EVE, None)


@case
def finalise_with_a_grade_where_there_are_none(live: Live, audit: str) -> Act:
    live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "auditor")
    without_grades(live, audit)
    return lambda: live.finalise(audit, EVE, "inadequate")


@case
def finalise_a_child_at_risk_without_escalating(live: Live, audit: str) -> Act:
    live.submitted(audit, "outstanding", grade="outstanding")
    live.take(audit, EVE)
    live.grade_all(audit, EVE, "outstanding", blind=True, safe_da_assessed="good")
    live.blind_overall(audit, EVE, "outstanding")
    live.lock(audit, EVE)
    live.decide(audit, EVE, "safe.da_assessed", "other", grade="inadequate")
    return lambda: live.finalise(audit, EVE, "inadequate", "On reflection.")


@case
def finalise_an_audit_whose_auditor_now_manages_the_practitioner(live: Live, audit: str) -> Act:
    auditor = live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "auditor")
    now(live, auditor, ("auditor", None, None), ("manager", HERON, HERON))
    return lambda: live.finalise(audit, EVE, "inadequate")


@case
def finalise_by_a_moderator_who_now_manages_the_practitioner(live: Live, audit: str) -> Act:
    live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "auditor")
    now(live, EVE, ("head_of_practice", None, None), ("manager", HERON, HERON))
    return lambda: live.finalise(audit, EVE, "inadequate")


@case
def finalise_before_the_lock(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    return lambda: live.finalise(audit, EVE, "inadequate")


@case
def return_without_a_reason(live: Live, audit: str) -> Act:
    live.compared(audit)
    return lambda: live.give_back(audit, EVE, " ")


@case
def return_before_the_lock(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    return lambda: live.give_back(audit, EVE)


# Escalating


@case
def escalate_without_words(live: Live, audit: str) -> Act:
    return lambda: live.escalate(audit, LEAD, "\u200b ", criterion="safe.dA")


@case
def escalate_with_too_many_words(live: Live, audit: str) -> Act:
    return lambda: live.escalate(audit, LEAD, LONG)


@case
def escalate_on_no_audit(live: Live, audit: str) -> Act:
    return lambda: live.escalate("L-9", LEAD)


@case
def escalate_on_an_audit_of_others(live: Live, audit: str) -> Act:
    return lambda: live.escalate(audit, MAX)


@case
def acknowledge_what_is_not_there(live: Live, audit: str) -> Act:
    return lambda: live.concern(audit, CARA, "acknowledge")


@case
def work_off_by_no_such_event(live: Live, audit: str) -> Act:
    live.escalate(audit, LEAD)
    return lambda: live.concern(audit, CARA, "forget")


@case
def acknowledge_by_the_auditor(live: Live, audit: str) -> Act:
    auditor = live.auditor(audit)
    live.escalate(audit, LEAD)
    return lambda: live.concern(audit, auditor, "acknowledge")


@case
def act_without_saying_what_was_done(live: Live, audit: str) -> Act:
    live.escalate(audit, LEAD)
    live.concern(audit, CARA, "acknowledge")
    return lambda: live.concern(audit, CARA, "act", "\u200b")


@case
def close_an_escalation_nobody_acted_on(live: Live, audit: str) -> Act:
    live.escalate(audit, LEAD)
    return lambda: live.concern(audit, CARA, "close", "All is well.")


@case
def close_ones_own_escalation_without_words(live: Live, audit: str) -> Act:
    live.escalate(audit, LEAD)
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", "Went to see.")
    return lambda: live.concern(audit, LEAD, "close")
