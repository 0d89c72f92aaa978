"""Every way to be told no about a matter: what is so beforehand, what is asked. The sentences stand in refusals.txt."""

from collections.abc import Callable
from dataclasses import replace

from audit_engine.actions.command import Command
from audit_engine.safe_text import MAX_TEXT
from tests.actions.live.at_work import ADA, CARA, EVE, LEAD, MAX

from .conftest import Following

Act = Callable[[], object]
Case = Callable[[Following, str], Act]
CASES: dict[str, Case] = {}
LONG = "x" * (MAX_TEXT + 1)
EVIDENCE = {"evidence": "The plan is on the record."}


def case(prepare: Case) -> Case:
    """Under its own name."""
    CASES[prepare.__name__] = prepare
    return prepare


# Opening


@case
def open_under_no_such_workflow(live: Following, audit: str) -> Act:
    return lambda: live.open(LEAD, "actoin", audit=audit)


@case
def open_what_the_program_begins(live: Following, audit: str) -> Act:
    return lambda: live.open(LEAD, "escalation", audit=audit)


@case
def open_from_nothing_that_there_is(live: Following, audit: str) -> Act:
    return lambda: live.open(LEAD, "action", hangs_on="L-9")


@case
def open_from_what_is_not_theirs_to_see(live: Following, audit: str) -> Act:
    live.shared(audit)
    return lambda: live.open(MAX, "action", hangs_on=audit)


@case
def open_from_a_matter_that_is_not_theirs_to_see(live: Following, audit: str) -> Act:
    challenge = live.challenged(audit)
    return lambda: live.open(MAX, "action", hangs_on=challenge)


@case
def open_by_a_link_there_is_not(live: Following, audit: str) -> Act:
    live.shared(audit)
    return lambda: live.open(LEAD, "help", hangs_on=audit)


@case
def open_by_one_of_several_links(live: Following, audit: str) -> Act:
    live.shared(audit)
    return lambda: live.open(LEAD, "learning", hangs_on=audit)


@case
def open_from_what_somebody_holds(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    live.event(action, CARA, "start")
    return lambda: live.open(LEAD, "help", hangs_on=action)


@case
def open_too_early(live: Following, audit: str) -> Act:
    auditor = live.begun(audit)
    return lambda: live.open(auditor, "action", hangs_on=audit)


@case
def open_when_it_is_at_its_end(live: Following, audit: str) -> Act:
    auditor = live.begun(audit)
    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")
    return lambda: live.open(auditor, "lesson", hangs_on=audit)


@case
def open_what_only_events_open(live: Following, audit: str) -> Act:
    live.shared(audit)
    return lambda: live.open(ADA, "challenge", hangs_on=audit)


@case
def open_by_the_practitioner(live: Following, audit: str) -> Act:
    live.shared(audit)
    return lambda: live.open(ADA, "action", hangs_on=audit)


@case
def open_another_audit_by_the_auditor_with_names(live: Following, audit: str) -> Act:
    auditor = live.shared(audit)
    return lambda: live.open(auditor, "re_audit", hangs_on=audit, named={"auditor": auditor})


@case
def open_without_words_and_with_a_subject(live: Following, audit: str) -> Act:
    auditor = live.shared(audit)
    return lambda: live.open(auditor, "action", " \u202e", hangs_on=audit, subject="North")


@case
def open_with_too_many_words(live: Following, audit: str) -> Act:
    auditor = live.shared(audit)
    return lambda: live.open(auditor, "action", LONG, hangs_on=audit)


@case
def open_and_name_whom_there_is_not(live: Following, audit: str) -> Act:
    auditor = live.shared(audit)
    return lambda: live.open(auditor, "action", hangs_on=audit, named={"owner": "P-99", "chair": CARA})


@case
def open_and_name_without_the_role(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.open(CARA, "help", hangs_on=action, named={"asked": MAX})


@case
def open_and_name_themselves(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.open(CARA, "help", hangs_on=action, named={"asked": CARA})


@case
def open_on_its_own_without_an_owner(live: Following, audit: str) -> Act:
    live.shared(audit)
    return lambda: live.open(LEAD, "action", audit=audit)


@case
def open_on_its_own_about_no_audit(live: Following, audit: str) -> Act:
    return lambda: live.open(LEAD, "action", named={"owner": CARA})


@case
def open_on_its_own_by_the_practitioner(live: Following, audit: str) -> Act:
    live.shared(audit)
    return lambda: live.open(ADA, "action", audit=audit, named={"owner": CARA})


@case
def open_on_its_own_by_another_role(live: Following, audit: str) -> Act:
    return lambda: live.open(ADA, "learning", subject="North Heron")


@case
def open_about_a_team_that_is_not_said(live: Following, audit: str) -> Act:
    return lambda: live.open(EVE, "learning", audit=audit)


@case
def open_about_a_team_with_a_long_name(live: Following, audit: str) -> Act:
    return lambda: live.open(EVE, "learning", subject="North " * 50)


# Moving


@case
def move_no_such_matter(live: Following, audit: str) -> Act:
    return lambda: live.event("ACT-0009", LEAD, "start")


@case
def move_what_is_not_theirs_to_see(live: Following, audit: str) -> Act:
    challenge = live.challenged(audit)
    return lambda: live.event(challenge, MAX, "decide")


@case
def move_by_an_event_there_is_not(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.event(action, CARA, "close")


@case
def move_from_another_stage(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.event(action, CARA, "tell_progress", said={"progress": "half"})


@case
def move_what_is_somebody_elses(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.event(action, LEAD, "start")


@case
def move_what_somebody_holds(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    live.event(action, CARA, "start")
    return lambda: live.event(action, LEAD, "hand_over", reason="Long leave.", named={"owner": MAX})


@case
def move_what_the_clock_does(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.event(action, LEAD, "lapse")


@case
def move_by_the_clock_what_somebody_does(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.clock(action, LEAD, "start")


@case
def move_without_the_reason(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.event(action, LEAD, "withdraw", reason=" ")


@case
def move_without_a_listed_reason_and_what_is_asked(live: Following, audit: str) -> Act:
    challenge = live.challenged(audit)
    return lambda: live.event(challenge, LEAD, "decide", reason="because")


@case
def move_with_a_word_that_is_none(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    live.event(action, CARA, "start")
    return lambda: live.event(action, CARA, "tell_progress", said={"progress": "done", "evidence": "Seen."})


@case
def move_with_too_many_words(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    live.event(action, CARA, "start")
    live.event(action, CARA, "tell_progress", said={"progress": "nearly"})
    return lambda: live.event(action, CARA, "submit_evidence", said={"evidence": LONG})


@case
def move_with_a_day_and_an_audit_there_are_not(live: Following, audit: str) -> Act:
    action = live.evidenced(audit)
    return lambda: live.event(action, LEAD, "verify_by_audit", said={"seen_again": "L-9", "retest": "2024-02-30"})


@case
def move_with_an_audit_of_another_case(live: Following, audit: str) -> Act:
    action, other = live.evidenced(audit), next(one for one in live.audits if one != audit)
    return lambda: live.event(action, LEAD, "verify_by_audit", said={"seen_again": other, "retest": "2024-03-18"})


@case
def move_while_a_condition_does_not_hold(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    live.event(action, CARA, "start")
    return lambda: live.event(action, CARA, "submit_evidence", said=EVIDENCE)


@case
def move_while_something_hangs_on_it(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    live.event(action, CARA, "start")
    live.event(action, CARA, "tell_progress", said={"progress": "nearly"})
    live.open(CARA, "help", hangs_on=action)
    return lambda: live.event(action, CARA, "submit_evidence", said=EVIDENCE)


@case
def move_and_name_nobody(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.event(action, CARA, "hand_over", reason="Long leave.")


@case
def move_and_name_whom_there_is_not(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    return lambda: live.event(action, CARA, "hand_over", reason="Long leave.", named={"owner": "P-99", "checker": MAX})


@case
def move_and_name_whoever_checks_it(live: Following, audit: str) -> Act:
    action = live.evidenced(audit)
    live.event(action, MAX, "reject", reason="No date.")
    return lambda: live.event(action, CARA, "hand_over", reason="Long leave.", named={"owner": MAX})


@case
def move_to_its_end_by_its_owner(live: Following, audit: str) -> Act:
    auditor = live.shared(audit)
    action = live.open(auditor, "action", hangs_on=audit, named={"owner": LEAD})
    live.event(action, LEAD, "start")
    return lambda: live.event(action, LEAD, "finish")


@case
def check_what_is_ones_own(live: Following, audit: str) -> Act:
    action = live.evidenced(audit)
    return lambda: live.event(action, CARA, "verify")


@case
def move_after_somebody_else_went_on(live: Following, audit: str) -> Act:
    action = live.acting(audit)
    seen = live.matter(action)["turn"]
    live.event(action, CARA, "start")
    return lambda: live.event(action, LEAD, "withdraw", reason="Twice.", command=Command(turn=seen))


@case
def move_what_opens_under_a_workflow_that_is_gone(live: Following, audit: str) -> Act:
    challenge = live.challenged(audit)
    kept = {name: read for name, read in live.catalogue.workflows.items() if name != "re_audit"}
    live.catalogue = replace(live.catalogue, workflows=kept)
    return lambda: live.event(challenge, LEAD, "decide", reason="facts_were_wrong", said={"outcome": "upheld"})
