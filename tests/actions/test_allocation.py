"""Audits get independent auditors, evenly, each with its reason; or none does."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from audit_engine.actions import allocation, imports
from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.engine.choosing import Candidate, Choice, Seat, choose
from audit_engine.exchange.lines import CaseLine, FileRead
from audit_engine.problems import Reason, Refused
from audit_engine.records.ledger import story
from audit_engine.records.tables import Audit, Case, Person, RoleHeld
from tests.actions.programmes import AT, LOCAL, Round, build, copied, opened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("service"), load())


@pytest.fixture
def ours(made: Path, tmp_path: Path, catalogue: Catalogue) -> Iterator[Round]:
    found = copied(made, tmp_path / "w.db", catalogue)
    with found.db:
        found.draw()
        yield found


def audits(ours: Round) -> dict[str, dict[str, Any]]:
    return {row["reference"]: dict(row) for row in ours.rows(Audit) if row["programme"] is not None}


def holders(ours: Round, role: str) -> set[UUID]:
    return {row["person"] for row in ours.rows(RoleHeld) if row["role"] == role}


def test_every_audit_gets_an_auditor_who_is_not_the_practitioner_and_does_not_manage_them(ours: Round) -> None:
    views = ours.allocate()

    names, rows = ours.names(Person), audits(ours)
    managed = {(row["person"], row["manages_team"]) for row in ours.rows(RoleHeld) if row["manages_team"]}
    assert [one.audit for one in views] == sorted(rows)
    for one in views:
        row = rows[one.audit]
        assert row["auditor"] in holders(ours, "auditor")
        assert row["auditor"] not in {row["practitioner"], row["manager"]}
        assert (row["auditor"], row["team"]) not in managed
        assert (row["manager"], row["team"]) in managed
        assert (one.auditor, one.manager) == (names[row["auditor"]], names[row["manager"]])
        assert (row["stage"], row["turn"], row["locked"]) == ("allocated", 2, False)
        assert row["due"] == one.due == date(2024, 1, 15)
    assert ours.is_sound()


def test_they_are_shared_evenly(ours: Round) -> None:
    counts = Counter(one.auditor for one in ours.allocate())

    auditors = holders(ours, "auditor")
    assert max(counts.values()) <= -(-30 // len(auditors)) + 1
    assert len(counts) >= min(30, len(auditors)) - 1


def test_open_audits_of_before_count(ours: Round) -> None:
    before = Counter(one.auditor for one in ours.allocate())
    ours.draw(size=60)
    after = before + Counter(one.auditor for one in ours.allocate())

    assert max(after.values()) - min(after[name] for name in after) <= 2
    assert ours.is_sound()


def test_each_choice_is_kept_with_its_reason(ours: Round) -> None:
    view = ours.allocate()[0]

    row = audits(ours)[view.audit]
    with ours.db.read() as session:
        drawn, moved = story(session, row["key"])
    assert (drawn.kind, moved.kind, moved.role) == ("drawn", "moved", "quality_lead")
    assert moved.payload is not None
    assert moved.payload["event"] == "allocate"
    assert moved.payload["because"] == view.because
    assert moved.payload["changed"]["stage"] == ["drawn", "allocated"]
    assert moved.payload["changed"]["auditor"] == [None, row["auditor"].hex]
    assert view.because.startswith("fewest open audits of ")


def test_the_same_command_twice_is_one_and_nothing_left_is_nothing(ours: Round) -> None:
    command = Command(uuid4())
    views = ours.allocate(command=command)
    before = ours.counts()

    assert ours.allocate(command=command) == views
    assert ours.allocate() == ()
    assert ours.counts() == before


def test_only_what_was_asked_for(ours: Round) -> None:
    ours.draw("performance_board", 6)
    some = ours.allocate(audits=["L-2324Q4-0003", "L-2324Q4-0001"])
    board = ours.allocate(programme="performance_board")

    assert [one.audit for one in some] == ["L-2324Q4-0001", "L-2324Q4-0003"]
    assert {one.programme for one in board} == {"performance_board"}
    assert len(ours.allocate()) == 28


def test_whoever_held_the_case_before_does_not_audit_it(ours: Round) -> None:
    row = audits(ours)["L-2324Q4-0001"]
    names = ours.names(Person)
    auditors = sorted(holders(ours, "auditor") - holders(ours, "manager"), key=lambda key: names[key])
    for earlier in (*auditors, row["practitioner"]):
        give_case(ours, row["case_key"], names[earlier])

    view = ours.allocate(audits=["L-2324Q4-0001"])[0]

    assert view.auditor not in {names[one] for one in auditors}
    assert all(f"not {names[one]}, who held the case before" in view.because for one in auditors)


def give_case(ours: Round, case: UUID, person: str) -> None:
    """As when the case system gives a case to somebody else and the list is imported again."""
    row = next(one for one in ours.rows(Case) if one["key"] == case)
    line = CaseLine(2, row["reference"], row["area"], row["team"], person, row["opened"], row["closed"], row["facts"])
    read = FileRead("cases", "cases.csv", uuid4().hex, 1)
    imports.import_cases(ours.db, ours.lead, read, [line], at=AT)


def test_when_nobody_may_it_says_why_in_counts_and_allocates_none(ours: Round) -> None:
    names, row = ours.names(Person), audits(ours)["L-2324Q4-0002"]
    everybody = sorted(names[key] for key in holders(ours, "auditor"))
    for person in (*everybody, names[row["practitioner"]]):
        give_case(ours, row["case_key"], person)
    before = ours.counts()

    with pytest.raises(Refused) as refused:
        ours.allocate()

    assert len(refused.value.reasons) == 1
    text = refused.value.reasons[0].text
    assert text.startswith(f"L-2324Q4-0002 has nobody who may audit it; none of {len(everybody)} is independent: ")
    assert "1 manages the team" in text
    assert f"{len(everybody) - 1} held the case before" in text
    assert ours.counts() == before
    assert all(one["stage"] == "drawn" for one in audits(ours).values())


def test_without_auditors_it_says_so_once(ours: Round) -> None:
    with ours.db.write() as session:  # a people file never takes everybody's role away at once
        session.connection().execute(
            update(RoleHeld).where(col(RoleHeld.role) == "auditor").values(to_day=date(2023, 1, 1))
        )

    with pytest.raises(Refused) as refused:
        ours.allocate()

    assert [reason.text for reason in refused.value.reasons] == [
        "Nobody holds the role of auditor today. Import a people file that gives it to somebody."
    ]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"programme": "local_quality"}, "Did you mean 'local_quality_and_impact'?"),
        ({"audits": ["L-2324Q4-0001", "L-2324Q4-9999"]}, "There is no audit 'L-2324Q4-9999' that waits for an auditor"),
        ({"audits": ["A-00001"]}, "There is no audit 'A-00001' that waits for an auditor"),
    ],
)
def test_what_cannot_be_allocated_is_refused(ours: Round, how: dict[str, Any], sentence: str) -> None:
    before = ours.counts()

    with pytest.raises(Refused) as refused:
        ours.allocate(**how)

    assert sentence in str(refused.value)
    assert ours.counts() == before


@pytest.mark.parametrize("reference", ["P-00002", "P-00005", "P-00030"])
def test_only_quality_leads_allocate(ours: Round, reference: str) -> None:
    with pytest.raises(Refused, match="Who may: a quality lead"):
        ours.allocate(actor=ours.person(reference))


@pytest.mark.parametrize("step", ["append", "_write", "make_checkpoint", "remember", "_view"])
def test_a_fault_between_writes_leaves_nothing(ours: Round, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, whole = ours.counts(), getattr(allocation, step)

    def fails_after(*arguments: object, **named: object) -> None:
        whole(*arguments, **named)
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(allocation, step, fails_after)
        with pytest.raises(RuntimeError, match="the power went"):
            ours.allocate()

    assert ours.counts() == before
    assert all(row["stage"] == "drawn" for row in audits(ours).values())
    assert len(ours.allocate(programme=LOCAL)) == 30
    assert ours.is_sound()


@pytest.mark.postgres
def test_a_server_draws_and_allocates_the_same(
    ours: Round, postgres_address: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    build(tmp_path, catalogue, postgres_address)
    there = opened(postgres_address, catalogue)
    with there.db:
        there.draw(seed=ours.draw().seed)
        for one in (there, ours):
            one.draw(size=40)
        views = there.allocate()
        sides = [one.draw(size=40) for one in (there, ours)]

        assert sides[0].left_out == sides[1].left_out
        assert sides[0].strata == sides[1].strata
        assert sides[0].frame_digest == sides[1].frame_digest
        assert len(views) == 40
        assert there.allocate() == ()
        assert there.is_sound()


# --- the choice itself -------------------------------------------------------------------------------------------

ADA, BEN, CY, DEE = (UUID(int=number) for number in range(1, 5))
PEOPLE = [
    Candidate(ADA, "P-1", frozenset({"Heron"})), Candidate(BEN, "P-2", frozenset({"Wren"})),
    Candidate(CY, "P-3", frozenset({"Wren"})), Candidate(DEE, "P-4"),
]  # fmt: skip


def chosen(seat: Seat, load: dict[UUID, int] | None = None) -> Choice:
    found = choose(seat, PEOPLE, load or {}, str.encode)
    assert isinstance(found, Choice)
    return found


def test_of_those_with_as_few_somebody_of_another_team_comes_first() -> None:
    assert chosen(Seat("A-1", "Heron")).candidate.person == BEN
    assert chosen(Seat("A-1", "Wren")).candidate.person == ADA
    found = chosen(Seat("A-1", "Heron"), {BEN: 1, CY: 1, DEE: 1})
    assert found.candidate.person == ADA
    assert found.because.endswith("of the same team as the case: nobody of another team has as few")


def test_the_same_pair_never_twice_running_unless_nobody_else_may() -> None:
    seat = Seat("A-1", "Heron", last_auditor=BEN)
    found = chosen(seat, {ADA: 9, CY: 9, DEE: 8})
    assert found.candidate.person == DEE
    assert found.because == "fewest open audits of 3 who may: 8; not P-2, who audited this practitioner last"

    only = chosen(Seat("A-1", "Heron", last_auditor=BEN, earlier=frozenset({ADA, CY, DEE})))
    assert only.candidate.person == BEN
    assert "audited this practitioner last time, too: nobody else may" in only.because


def test_who_may_not_is_named_with_the_reason() -> None:
    seat = Seat("A-1", "Heron", practitioners=frozenset({ADA}), managers=frozenset({BEN}), earlier=frozenset({CY}))
    assert chosen(seat).because == (
        "fewest open audits of 1 who may: 0; not P-1, the practitioner; not P-2, who manages the team; "
        "not P-3, who held the case before"
    )


def test_what_the_engine_calls_a_conflict_is_always_one() -> None:
    seat = Seat("A-1", "Heron", people={"practitioner": BEN, "manager": ADA})
    assert chosen(seat).candidate.person == CY
    nobody = choose(Seat("A-1", "Heron", people={"practitioner": ADA}), PEOPLE[:1], {}, str.encode)
    assert isinstance(nobody, Reason)
    assert "the one auditor is not independent: 1 is not independent" in nobody.text
