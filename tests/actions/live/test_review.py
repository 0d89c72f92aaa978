"""What a review of the live path found, each as the refusal or the outcome it has since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from audit_engine.actions import imports
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.exchange.lines import FileRead, PersonLine, RoleLine
from audit_engine.queries.audits import audit_view
from audit_engine.queries.queue import queue
from audit_engine.queries.why import why
from audit_engine.queries.work import blind_work

from .at_work import ADA, CARA, EDGAR, EVE, LEAD, MAX, Live, cases, people
from .conftest import prepared, unselected


def held(name: str) -> RoleLine:
    """A role without a team."""
    return RoleLine(name, None, "North", None, date(2019, 1, 7), None)


def gives(live: Live, who: str, *roles: str, keeps: bool = False) -> None:
    """Somebody holds other roles from now on."""
    line = people()[who]
    given = (*(line.roles if keeps else ()), *map(held, roles))
    live.import_people(**{who.replace("-", "_"): PersonLine(line.row, who, line.name, given)})


def hands_the_case(live: Live, audit: str, who: str) -> None:
    """The audit's case is somebody else's from now on."""
    reference = live.row("cases", key=live.audit(audit)["case_key"])["reference"]
    lines = [replace(line, practitioner=who) if line.reference == reference else line for line in cases()]
    read = FileRead("cases", "cases.csv", f"{who} {live.now}", len(lines))
    imports.import_cases(live.db, live.who(LEAD), read, lines, at=live.at())


def rules(live: Live, act: Callable[[], None]) -> list[str]:
    """The names of the reasons of a refusal."""
    return [reason.rule for reason in live.refused(act).reasons]


def test_whoever_graded_it_does_not_moderate_it(live: Live, audit: str) -> None:
    auditor, other = live.auditor(audit), live.other_auditor(audit)
    gives(live, auditor, "auditor", "head_of_practice")
    live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.escalate(audit, auditor, criterion="safe.da_assessed")
    live.reallocate(audit, LEAD, other)
    live.move(audit, other, "begin")
    live.submit(audit, other, "inadequate")

    refused = live.refused(lambda: live.take(audit, auditor))
    assert refused.reasons[0].text == (
        f"{auditor} graded this audit, so may not moderate it. Choose another moderator, "
        "or ask the quality lead if there is none."
    )
    live.take(audit, EVE)


def test_whoever_held_the_case_before_is_not_allocated_to_it(live: Live, audit: str) -> None:
    auditor, other = live.auditor(audit), live.other_auditor(audit)
    hands_the_case(live, audit, other)
    assert rules(live, lambda: live.reallocate(audit, LEAD, other)) == ["auditor_has_a_conflict"]
    hands_the_case(live, audit, "P-2")
    assert rules(live, lambda: live.reallocate(audit, LEAD, other)) == ["auditor_has_a_conflict"]
    live.begun(audit)
    live.rate(audit, auditor, "rep.plan", grade="good")


def test_whoever_holds_the_case_today_neither_grades_nor_moderates_it(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.escalate(audit, auditor, criterion="safe.da_assessed")
    hands_the_case(live, audit, auditor)
    assert rules(live, lambda: live.rate(audit, auditor, "rep.plan", grade="good")) == ["auditor_has_a_conflict"]
    assert rules(live, lambda: live.submit(audit, auditor, "inadequate")) == ["auditor_has_a_conflict"]


def test_whoever_holds_the_case_since_does_not_take_it(live: Live, audit: str) -> None:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    hands_the_case(live, audit, EVE)
    assert rules(live, lambda: live.take(audit, EVE)) == ["moderator_has_a_conflict"]


def test_whoever_compared_it_does_not_take_it_again(live: Live, audit: str) -> None:
    auditor = live.compared(audit)
    live.give_back(audit, EVE)
    live.submit(audit, auditor, "inadequate")
    refused = live.refused(lambda: live.take(audit, EVE))
    assert refused.reasons[0].text == (
        "P-7 saw the auditor's grades in an earlier moderation of this audit, so may not moderate it. "
        "Choose another moderator, or ask the quality lead if there is none."
    )
    live.take(audit, "P-8")


def test_the_practitioner_does_nothing_about_their_own_work_by_another_role(live: Live, audit: str) -> None:
    gives(live, ADA, "quality_lead", "head_of_practice", keeps=True)
    auditor = live.begun(audit)
    live.escalate(audit, ADA)
    other = live.other_auditor(audit)
    for act in (
        lambda: live.reallocate(audit, ADA, other),
        lambda: live.move(audit, ADA, "withdraw", "audited_already"),
        lambda: live.concern(audit, ADA, "acknowledge"),
    ):
        assert "by" in rules(live, act)
    said = live.refused(lambda: live.concern(audit, ADA, "acknowledge")).reasons[0].text
    assert said == (
        "This audit is about the work of P-2, who may not do this in another role. "
        "Ask the manager or another head of practice or another quality lead."
    )
    live.grade_all(audit, auditor)
    live.submit(audit, auditor, "good")
    assert rules(live, lambda: live.move(audit, ADA, "share")) == ["by"]
    live.escalation_closed(audit)
    live.move(audit, auditor, "share")
    live.answer(audit, ADA, "accepted")
    assert rules(live, lambda: live.move(audit, ADA, "close")) == ["by"]


def test_an_auditor_neither_withdraws_nor_reallocates_their_own_audit(live: Live, audit: str) -> None:
    auditor, other = live.begun(audit), live.other_auditor(audit)
    gives(live, auditor, "auditor", "quality_lead")
    assert rules(live, lambda: live.move(audit, auditor, "withdraw", "audited_already")) == ["by"]
    assert rules(live, lambda: live.reallocate(audit, auditor, other)) == ["by"]


def test_an_escalation_about_something_else_does_not_tell_of_a_child_at_risk(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.escalate(audit, auditor, "The interpreter did not come.")
    live.escalation_closed(audit)
    live.escalate(audit, auditor, "Seen at another place.", criterion="heard.seen")
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    only = ["safety_critical_inadequate_is_escalated"]
    assert rules(live, lambda: live.submit(audit, auditor, "inadequate")) == only
    live.escalate(audit, auditor, criterion="safe.da_assessed")
    live.submit(audit, auditor, "inadequate")


def test_the_escalation_that_can_be_gone_on_with_is_the_one_meant(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.escalate(audit, auditor, "First.")
    live.escalate(audit, CARA, "Second.")
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", "Seen to.")
    live.concern(audit, CARA, "acknowledge")
    assert [one["stage"] for one in live.escalations(audit)] == ["acted", "acknowledged"]


def waiting(live: Live, who: str) -> list[tuple[str, str]]:
    with live.db.read() as session:
        return [(line.reference, line.stage_title) for line in queue(session, live.who(who))]


def test_open_escalations_come_first_in_the_lists_of_who_can_go_on(live: Live, audit: str) -> None:
    """On a closed audit, too."""
    auditor = live.submitted(audit)
    live.move(audit, auditor, "share")
    live.answer(audit, ADA, "accepted")
    live.move(audit, CARA, "close")
    live.escalate(audit, ADA)
    first = (audit, "Escalation 1: Raised")
    assert {who: waiting(live, who)[:1] == [first] for who in (CARA, EVE, LEAD, ADA, MAX, auditor)} == {
        CARA: True, EVE: True, LEAD: True, ADA: False, MAX: False, auditor: False,
    }  # fmt: skip
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", "Seen to.")
    assert waiting(live, EVE) == [(audit, "Escalation 1: Acted on")]


def test_nothing_the_auditor_wrote_reaches_the_blind_moderator(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.rate(audit, auditor, "heard.seen", note="CANARY")
    live.escalate(audit, auditor, "CANARY", criterion="safe.da_assessed")
    live.submit(audit, auditor, "inadequate", feedback_from=(), feedback_reason="CANARY")

    def told(who: str) -> str:
        with live.db.read() as session:
            actor = live.who(who)
            views = (
                why(session, actor, audit), blind_work(session, actor, audit),
                audit_view(session, actor, audit, live.catalogue),
            )  # fmt: skip
            return repr(views)

    assert "CANARY" not in told(EVE)
    live.take(audit, EVE)
    assert "CANARY" not in told(EVE)


def test_a_head_of_practice_who_cannot_moderate_it_reads_what_is_feared(live: Live, audit: str) -> None:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    hands_the_case(live, audit, EVE)
    with live.db.read() as session:
        assert "The child is not safe." in repr(why(session, live.who(EVE), audit))
        assert "The child is not safe." not in repr(why(session, live.who(EDGAR), audit))


def test_steps_of_a_ladder_are_compared_and_decided(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    live.grade_all(audit, EVE, blind=True, safe_da_assessed="inadequate")
    live.rate(audit, EVE, "ov.mgmt_oversight", evidence="not_found", impact="no", blind=True)
    live.blind_overall(audit, EVE, "inadequate")
    live.lock(audit, EVE)
    assert rules(live, lambda: live.finalise(audit, EVE, "inadequate")) == ["every_disagreement_decided"]
    live.decide(audit, EVE, "ov.mgmt_oversight", "moderator")
    live.finalise(audit, EVE, "inadequate")
    stands = live.ratings(audit)["ov.mgmt_oversight"]
    assert (stands["evidence"], stands["impact"]) == ("not_found", "no")
    assert live.is_sound()


def test_blind_grades_bear_the_notes_the_rubric_demands(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    live.grade_all(audit, EVE, blind=True)
    live.rate(audit, EVE, "heard.seen", grade="inadequate", blind=True)
    live.blind_overall(audit, EVE, "inadequate")
    assert rules(live, lambda: live.lock(audit, EVE)) == ["notes_where_demanded", "evidence_where_demanded"]


def test_what_stands_is_whole(live: Live, audit: str) -> None:
    """A third grade on a ladder whose steps neither answered would be no answer."""
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.escalate(audit, auditor)
    live.rate(audit, auditor, "ov.supervision", cannot_tell="record_withheld")
    live.submit(audit, auditor, "inadequate")
    live.take(audit, EVE)
    live.grade_all(audit, EVE, blind=True, safe_da_assessed="inadequate")
    live.rate(audit, EVE, "ov.supervision", not_expected="no_trigger_in_window", blind=True)
    live.blind_overall(audit, EVE, "inadequate")
    live.lock(audit, EVE)
    assert rules(live, lambda: live.decide(audit, EVE, "ov.supervision", "other", grade="good")) == ["decision"]
    live.decide(audit, EVE, "ov.supervision", "moderator")
    live.finalise(audit, EVE, "inadequate")


def test_feedback_that_nobody_gave_needs_a_reason(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    assert rules(live, lambda: live.submit(audit, auditor, "good", feedback_from=())) == ["feedback_is_recorded"]
    live.submit(audit, auditor, "good", feedback_from=(), feedback_reason="Nobody answered.")


def test_what_is_not_theirs_is_answered_like_what_is_not_there(live: Live, audit: str) -> None:
    other = live.other_auditor(audit)
    for act in (
        lambda named: live.escalate(named, MAX),
        lambda named: live.move(named, MAX, "begin"),
        lambda named: live.rate(named, other, "heard.seen", grade="good"),
        lambda named: live.answer(named, "P-3", "accepted"),
        lambda named: live.concern(named, MAX, "acknowledge"),
    ):
        there, nowhere = (live.refused(partial(act, named)) for named in (audit, "L-2324Q4-9999"))
        assert (there.what, there.reasons) == (nowhere.what, nowhere.reasons)


def test_an_end_without_final_grades_does_not_count_whatever_its_event_is_called(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    folder = tmp_path / "workflows"
    folder.mkdir()
    shipped = Path(__file__).parents[3] / "workflows" / "case_audit.yaml"
    text, _, _ = shipped.read_text(encoding="utf-8").partition("\n# What this workflow promises")
    another = text[text.index("  - id: withdraw\n") :].replace("withdraw\n", "cancel\n").replace("Withdraw", "Cancel")
    (folder / "case_audit.yaml").write_text(text.rstrip("\n") + "\n" + another, encoding="utf-8")
    live = prepared(tmp_path / "workspace.db", load(tmp_path))
    with live.db:
        audit = unselected(live)
        live.submitted(audit)
        live.move(audit, LEAD, "cancel", "audited_already")
        row = live.audit(audit)
        assert (row["stage"], row["counts_on"], row["withdrawn_because"]) == ("withdrawn", None, "audited_already")
