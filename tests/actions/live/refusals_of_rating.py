"""Told no while rating."""

from audit_engine.actions.command import Command

from .at_work import ADA, EVE, HERON, LEAD, Live
from .refusing import LONG, Act, now, registry, with_roles

CASES, case = registry()


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
