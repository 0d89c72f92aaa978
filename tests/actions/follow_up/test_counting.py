"""Another audit of a case goes the way of an audit, and is in no figure: whatever is counted, in whatever breakdown."""

from datetime import timedelta
from typing import Any

import pytest

from audit_engine.actions.allocation import allocate
from audit_engine.actions.command import Command
from audit_engine.calendars import Period, quarter
from audit_engine.queries.audits import audit_view
from audit_engine.queries.figures import figures
from audit_engine.queries.links import linked
from audit_engine.queries.story import story_lines
from audit_engine.views import Figure
from tests.actions.live.at_work import ADA, CARA, DAN, DEE, EVE, HERON, LEAD, people, role

from .conftest import Following

PERIOD = Period(quarter("2023-24-Q4"), year_to_date=False)


def counted(live: Following, by: str | None = None) -> tuple[Figure, ...]:
    measures = live.catalogue.measure_set("quality_overview")
    with live.db.read() as session:
        return figures(session, live.who(LEAD), measures, PERIOD, by)


@pytest.fixture
def looked_again(live: Following, audit: str) -> str:
    """Another audit of the case, opened because the first was challenged. Gives its reference."""
    challenge = live.challenged(audit)
    live.event(challenge, LEAD, "decide", reason="facts_were_wrong", said={"outcome": "upheld"})
    return f"{audit}-R1"


def allocated(live: Following, reference: str) -> str:
    """It has an auditor: not the practitioner, nor whoever manages them. Gives who that is."""
    allocate(live.db, live.who(LEAD), Command(), audits=[reference], today=live.now.date(), at=live.at())
    auditor = live.auditor(reference)
    assert auditor in (DEE, DAN)
    return auditor


def test_it_is_graded_and_finished_and_counts_nowhere(live: Following, audit: str, looked_again: str) -> None:
    before = [counted(live, by) for by in (None, "stream", "area")]
    assert next(one for one in before[0] if one.measure == "audits").denominator == 1
    auditor = allocated(live, looked_again)
    live.submitted(looked_again, "outstanding", "outstanding")
    row = live.audit(looked_again)

    assert (row["stage"], row["counts_on"], row["auditor"]) == ("decided", row["audited_on"], live.person(auditor))
    assert row["selected"] is False
    assert [counted(live, by) for by in (None, "stream", "area")] == before
    live.move(looked_again, LEAD, "close")
    assert [counted(live, by) for by in (None, "stream", "area")] == before
    assert live.is_sound()


def test_no_population_of_audits_or_moderations_holds_one(live: Following, audit: str) -> None:
    """As if every audit had been another audit of its case: then whatever counts audits counts none."""
    live.compared(audit, overall="inadequate", safe_da_assessed="inadequate")
    live.finalise(audit, EVE, "inadequate")
    measures = live.catalogue.measure_set("quality_overview")
    of_audits = [one.id for one in measures.measures if one.population.population.counts in ("audits", "moderations")]
    found = {one.measure: one for one in counted(live)}
    assert sum(found[name].population > 0 for name in of_audits) > len(of_audits) // 2
    with live.db.write() as session:
        session.connection().exec_driver_sql("UPDATE audits SET stream = 're_audit'")

    found = {one.measure: one for one in counted(live)}

    assert {found[name].population for name in of_audits} == {0}


def test_people_and_facts_are_those_of_the_day(live: Following, audit: str) -> None:
    live.shared(audit)
    live.answer(audit, ADA, "accepted")
    before = live.audit(audit)
    lines = people()
    live.import_people(
        P_4=type(lines[CARA])(4, CARA, "Cara Marsh", (role("manager", "North Wren", "North Wren"),)),
        P_9=type(lines["P-9"])(9, "P-9", "Max Fenn", (role("manager", HERON, HERON),)),
    )
    live.now += timedelta(weeks=4)
    again = live.audit(live.open(LEAD, "re_audit", hangs_on=audit))

    assert (before["manager"], again["manager"]) == (live.person(CARA), live.person("P-9"))
    assert again["facts"]["weeks_open"] == before["facts"]["weeks_open"] + 4
    assert again["drawn_on"] == live.now.date()
    assert (again["overall"], again["final_overall"], again["counts_on"], again["draw"]) == (None, None, None, None)


def test_its_link_knows_how_it_ended(live: Following, audit: str) -> None:
    live.shared(audit)
    live.answer(audit, ADA, "accepted")
    again = live.open(LEAD, "re_audit", hangs_on=audit)

    def told() -> Any:
        with live.db.read() as session:
            key = live.audit(audit)["key"]
            return linked(session, key, live.catalogue.workflow("case_audit"))["re_audit"]

    assert (told().open, told().opened, told().ended) == (1, 1, None)
    live.move(again, LEAD, "withdraw", "wrong_case_drawn")
    assert (told().open, told().opened, told().ended) == (0, 1, "withdrawn")


def test_one_of_a_looked_again_has_the_next_number(live: Following, audit: str, looked_again: str) -> None:
    action = live.open(LEAD, "action", audit=looked_again, named={"owner": CARA})

    assert live.matter(action)["audit"] == live.audit(looked_again)["key"]
    assert live.open(LEAD, "re_audit", hangs_on=audit) == f"{audit}-R2"


def test_its_story_says_where_it_comes_from(live: Following, audit: str, looked_again: str) -> None:
    with live.db.read() as session:
        view = audit_view(session, live.who(LEAD), looked_again, live.catalogue)
        lines = story_lines(session, view)
        first = audit_view(session, live.who(LEAD), audit, live.catalogue)
        told = story_lines(session, first)

    assert "CHA-0001" in lines[0].says[0]
    assert any("It opened CHA-0001." in line.says for line in told)
