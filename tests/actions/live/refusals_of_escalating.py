"""Told no while escalating."""

from .at_work import CARA, LEAD, MAX, Live
from .refusing import LONG, Act, registry

CASES, case = registry()


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
