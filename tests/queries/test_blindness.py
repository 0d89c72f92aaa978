"""What is withheld from whom, and until when: in what is shown, in what can be asked, in what is rendered."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from sqlmodel import Session

from audit_engine.calendars import Period, quarter
from audit_engine.engine.permission import Actor
from audit_engine.problems import Refused
from audit_engine.queries.audit_file import audit_file, for_practitioner
from audit_engine.queries.audits import audit_view
from audit_engine.queries.figures import figures
from audit_engine.queries.queue import queue
from audit_engine.queries.why import why
from audit_engine.queries.work import blind_work, comparison, shared_view, work
from tests.actions.live.at_work import ADA, CARA, EDGAR, EVE, HERON, LEAD, MAX, Live, people, role

CANARY = "Canary-note"
MODERATOR_CANARY = "Canary-blind"
GRADE = "inadequate"


def told(live: Live, who: str, audit: str) -> str:
    """Everything any query gives this person about an audit, refusals included."""
    catalogue = live.catalogue
    queries: list[Callable[[Session, Actor], Any]] = [
        lambda session, actor: audit_view(session, actor, audit, catalogue),
        lambda session, actor: why(session, actor, audit),
        lambda session, actor: work(session, actor, audit),
        lambda session, actor: comparison(session, actor, audit),
        lambda session, actor: shared_view(session, actor, audit),
        lambda session, actor: audit_file(session, actor, audit, catalogue),
        lambda session, actor: for_practitioner(session, actor, audit, catalogue),
        lambda session, actor: blind_work(session, actor, audit),
    ]
    said = []
    for query in queries:
        with live.db.read() as session:
            try:
                said.append(repr(asdict(query(session, live.who(who)))))
            except Refused as refused:
                said.append(str(refused))
    with live.db.read() as session:
        said.append(repr(queue(session, live.who(who))))
    # The rubric's own words name every grade; what counts is that none of them is anybody's answer.
    return "\n".join(said)


def shown(live: Live, who: str, audit: str) -> Any:
    with live.db.read() as session:
        return audit_view(session, live.who(who), audit, live.catalogue)


@pytest.fixture
def audit(live: Live) -> str:
    return live.audits[0]


@pytest.fixture
def graded(live: Live, audit: str) -> str:
    """Graded, with a canary in a note, and not submitted. Gives back the auditor."""
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed=GRADE)
    live.rate(audit, auditor, "safe.da_assessed", note=CANARY)
    live.escalate(audit, auditor)
    return auditor


def test_a_head_of_practice_sees_no_grade_before_their_own_lock(live: Live, audit: str, graded: str) -> None:
    steps: tuple[Callable[[], None], ...] = (
        lambda: None,
        lambda: live.submit(audit, graded, GRADE),
        lambda: live.take(audit, EVE),
        lambda: live.rate(audit, EVE, "heard.seen", grade="good", note=MODERATOR_CANARY, blind=True),
    )
    for step in steps:
        step()
        for who in (EVE, EDGAR):
            assert CANARY not in told(live, who, audit)
            view = shown(live, who, audit)
            assert (view.ratings, view.overall, view.final_overall, view.moderation) == ((), None, None, None)
            assert "it may be moderated" in view.withheld
            assert GRADE not in repr(view.story)
        assert MODERATOR_CANARY not in told(live, EDGAR, audit)
        assert CANARY in told(live, LEAD, audit)
    live.grade_all(audit, EVE, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)

    assert CANARY in told(live, EVE, audit)
    assert shown(live, EVE, audit).overall == GRADE
    assert shown(live, EVE, audit).withheld is None
    assert CANARY not in told(live, EDGAR, audit)


def test_once_final_every_head_of_practice_sees_it(live: Live, audit: str) -> None:
    live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "auditor", reason="It is not in the record.")
    live.finalise(audit, EVE, GRADE)

    assert shown(live, EDGAR, audit).final_overall == GRADE
    assert shown(live, EDGAR, audit).withheld is None


def test_after_a_return_the_same_head_of_practice_is_blind_again(live: Live, audit: str) -> None:
    auditor = live.compared(audit)
    live.give_back(audit, EVE)
    live.rate(audit, auditor, "heard.seen", grade="requires_improvement", note=CANARY)

    assert CANARY not in told(live, EVE, audit)
    live.submit(audit, auditor, GRADE)
    assert CANARY not in told(live, EVE, audit)


def test_the_auditor_learns_blind_grades_with_the_decision_only(live: Live, audit: str, graded: str) -> None:
    live.submit(audit, graded, GRADE)
    live.take(audit, EVE)
    live.grade_all(audit, EVE, blind=True)
    live.rate(audit, EVE, "heard.seen", grade="good", note=MODERATOR_CANARY, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)

    assert MODERATOR_CANARY not in told(live, graded, audit)
    assert CANARY in told(live, graded, audit)
    live.decide(audit, EVE, "safe.da_assessed", "auditor")
    live.finalise(audit, EVE, GRADE)
    assert MODERATOR_CANARY in told(live, graded, audit)


def test_manager_and_practitioner_wait(live: Live, audit: str, graded: str) -> None:
    for who in (ADA, CARA):
        assert CANARY not in told(live, who, audit)
    live.submit(audit, graded, GRADE)
    live.take(audit, EVE)
    live.grade_all(audit, EVE, blind=True, safe_da_assessed=GRADE)
    live.blind_overall(audit, EVE, GRADE)
    live.lock(audit, EVE)
    for who in (ADA, CARA):
        assert CANARY not in told(live, who, audit)
    live.finalise(audit, EVE, GRADE)

    assert CANARY in told(live, CARA, audit)
    assert CANARY not in told(live, ADA, audit)
    assert shown(live, ADA, audit).ratings == ()
    live.move(audit, graded, "share")
    assert CANARY in told(live, ADA, audit)
    view = shown(live, ADA, audit)
    assert view.final_overall == GRADE
    assert (view.moderation, view.moderation_story) == (None, ())
    assert EVE not in repr(view.ratings)


def test_a_manager_of_another_team_sees_nothing_at_all(live: Live, audit: str, graded: str) -> None:
    with pytest.raises(Refused):
        shown(live, MAX, audit)
    assert graded not in told(live, MAX, audit)


def test_whoever_is_several_gets_the_least(live: Live, audit: str, graded: str) -> None:
    lines = people()
    roles = (*lines[EVE].roles, role("quality_lead"))
    live.import_people(P_7=type(lines[EVE])(lines[EVE].row, EVE, "Eve Ash", roles))
    assert "quality_lead" in live.who(EVE).roles

    assert CANARY not in told(live, EVE, audit)


def test_figures_hold_nothing_before_it_is_final(live: Live, audit: str, graded: str) -> None:
    def counted() -> int:
        measures = live.catalogue.measure_set("quality_overview")
        with live.db.read() as session:
            found = figures(session, live.who(LEAD), measures, Period(quarter("2023-24-Q4"), year_to_date=False))
        return next(figure.denominator for figure in found if figure.measure == "audits")

    assert live.audit(audit)["counts_on"] is None
    live.submit(audit, graded, GRADE)
    live.take(audit, EVE)
    live.grade_all(audit, EVE, blind=True, safe_da_assessed=GRADE)
    live.blind_overall(audit, EVE, GRADE)
    live.lock(audit, EVE)
    assert live.audit(audit)["counts_on"] is None
    assert counted() == 0
    live.finalise(audit, EVE, GRADE)
    assert live.audit(audit)["counts_on"] == live.audit(audit)["audited_on"]
    assert counted() == 1


def test_a_withdrawn_audit_counts_no_more(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor)
    live.submit(audit, auditor, "good")
    if live.audit(audit)["stage"] == "submitted":
        pytest.skip("drawn for moderation by lot")
    assert live.audit(audit)["counts_on"] is not None
    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")

    assert live.audit(audit)["counts_on"] is None
    assert live.is_sound()
    assert HERON


def test_how_often_and_when_the_auditor_answered_is_withheld(live: Live, audit: str) -> None:
    other = live.audits[1]
    seen = []
    for reference in (audit, other):
        auditor = live.begun(reference)
        began = live.now
        live.grade_all(reference, auditor, safe_da_assessed=GRADE)
        if reference == other:
            for name in live.expected()[:3]:
                live.rate(reference, auditor, name, note="Once more.")
            live.undo(reference, auditor)
        live.escalate(reference, auditor)
        live.submit(reference, auditor, GRADE)
        live.take(reference, EVE)
        live.rate(reference, EVE, "heard.seen", grade="good", blind=True)
        if reference == other:
            live.rate(reference, EVE, "heard.wishes", grade="good", blind=True)
        for who in (EVE, EDGAR):
            story = shown(live, who, reference).story
            seen.append([(one.kind, one.turn, sorted(one.payload)) for one in story])
            (stands,) = [one for one in story if one.kind == "rated"]
            assert stands.at == began
            assert stands.payload == {"withheld": shown(live, who, reference).withheld}
            assert [one.kind for one in story].count("moderated") == 1
        turns = [one.turn for one in shown(live, LEAD, reference).story]
        assert turns == list(range(1, len(turns) + 1))
        # Of the moderator's answers the auditor learns no more than a head does of theirs.
        (went_on,) = [one for one in shown(live, auditor, reference).story if one.kind == "moderated"]
        assert went_on.turn is None
        assert all(one.turn for one in shown(live, auditor, reference).story[:-1])

    assert seen[0] == seen[1] == seen[2] == seen[3]
