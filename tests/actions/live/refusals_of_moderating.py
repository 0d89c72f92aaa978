"""Told no while moderating."""

from audit_engine.actions.command import Command

from .at_work import CARA, EDGAR, EVE, HERON, LEAD, Live
from .refusing import Act, now, registry, without_grades

CASES, case = registry()


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
def rate_blind_what_was_withdrawn_meanwhile(live: Live, audit: str) -> Act:
    live.in_moderation(audit)
    live.escalation_closed(audit)
    live.move(audit, LEAD, "withdraw", "audited_already")
    return lambda: live.rate(audit, EVE, "rep.plan", grade="good", blind=True)


@case
def finalise_what_was_withdrawn_after_the_comparison(live: Live, audit: str) -> Act:
    live.compared(audit)
    live.escalation_closed(audit)
    live.move(audit, LEAD, "withdraw", "audited_already")
    return lambda: live.finalise(audit, EVE, "inadequate", "Weighed.")


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
