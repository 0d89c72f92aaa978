"""Cases are drawn for a quarter: who may be, how many, kept so that anybody can draw them again."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from audit_engine.actions import draws
from audit_engine.actions.command import Command
from audit_engine.actions.moving import move
from audit_engine.calendars import quarter
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.problems import Refused
from audit_engine.records.ledger import story
from audit_engine.records.live_tables import Draw, DrawMember
from audit_engine.records.tables import Audit, Case
from audit_engine.statistics.sampling import allocation, chosen
from tests.actions.programmes import AT, LOCAL, TODAY, Round, build, copied


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("service"), load())


@pytest.fixture
def ours(made: Path, tmp_path: Path, catalogue: Catalogue) -> Iterator[Round]:
    found = copied(made, tmp_path / "w.db", catalogue)
    with found.db:
        yield found


def drawn_audits(ours: Round) -> list[dict[str, object]]:
    return [dict(row) for row in ours.rows(Audit) if row["draw"] is not None]


def test_a_draw_begins_an_audit_of_each_case_it_drew(ours: Round) -> None:
    view = ours.draw()

    audits = {str(row["reference"]): row for row in drawn_audits(ours)}
    cases = {row["key"]: row for row in ours.rows(Case)}
    first = ours.catalogue.workflow("case_audit").first
    assert view.added == view.drawn == len(audits) == 30
    assert [one.audit for one in view.audits] == [f"L-2324Q4-{number:04d}" for number in range(1, 31)]
    assert len({row["case_key"] for row in audits.values()}) == 30
    for row in audits.values():
        case = cases[row["case_key"]]
        assert (row["practitioner"], row["area"], row["team"]) == (case["practitioner"], case["area"], case["team"])
        assert (row["stage"], row["stream"], row["programme"], row["turn"]) == (first.id, "local", LOCAL, 1)
        assert not row["imported"]
        assert not row["locked"]
        assert row["auditor"] is row["audited_on"] is row["counts_on"] is None
        assert row["workflow_digest"] == ours.catalogue.pins["workflow", "case_audit"].digest
        assert row["rubric_digest"] == ours.catalogue.pins["rubric", "quality_and_impact"].digest
        assert row["facts"]["weeks_open"] == (TODAY - case["opened"]).days // 7  # type: ignore[index]  # facts are a mapping
    assert ours.is_sound()


def test_the_frame_is_what_the_programme_says(ours: Round) -> None:
    view = ours.draw()

    left_out = {one.id: one.count for one in view.left_out}
    cases = [row for row in ours.rows(Case) if row["opened"] <= TODAY and (row["closed"] or TODAY) >= TODAY]
    audited = {
        row["case_key"] for row in ours.rows(Audit) if row["audited_on"] and row["audited_on"] > date(2023, 1, 8)
    }
    may = [row for row in cases if row["facts"].get("allocated") and row["key"] not in audited]
    assert view.open_cases == len(cases) == view.frame_size + sum(left_out.values())
    assert view.frame_size == len(may)
    assert sum(one.size for one in view.strata) == view.frame_size
    assert {one.name for one in view.strata} == {f"{row['area']} / {row['facts']['law_type']}" for row in may}
    assert all(one.drawn >= 2 for one in view.strata)
    assert left_out["audited"] > 0
    assert left_out["not_met"] > 0


def test_anybody_can_draw_it_again_from_what_is_kept(ours: Round) -> None:
    view = ours.draw(seed="written on the board")

    with ours.db.read() as session:
        told = story(session, ours.rows(Draw)[0]["key"])[0].payload or {}
    frame, strata, at = told["frame"], {}, 0
    for name, size, _ in told["strata"]:
        strata[name], at = frame[at : at + size], at + size
    numbers = allocation({name: len(names) for name, names in strata.items()}, 30, 2)
    again = chosen(strata, numbers, "written on the board", f"{LOCAL} 2023-24-Q4")
    names = {row["key"]: row["reference"] for row in ours.rows(Case)}
    by_number = sorted(ours.rows(DrawMember), key=lambda row: int(row["number"]))
    assert [one.name for one in again] == [names[row["case_key"]] for row in by_number]
    assert hashlib.sha256("\n".join(frame).encode()).hexdigest() == view.frame_digest
    assert [(one.drawn, one.size) for one in again] == [(one.drawn, one.size) for one in view.audits]


def test_the_default_seed_belongs_to_workspace_programme_and_quarter(ours: Round) -> None:
    first = ours.draw()
    other = ours.draw("national_practice_quality", 10)
    later = ours.draw(quarter=quarter("2024-25-Q1"))

    assert len({first.seed, other.seed, later.seed}) == 3


def test_drawing_again_adds_nothing_and_a_larger_size_tops_up(ours: Round) -> None:
    first = ours.draw()
    before = ours.counts()
    again = ours.draw()
    assert ours.counts() == before
    assert (again.added, again.drawn) == (0, 30)
    assert again.audits == first.audits

    more = ours.draw(size=40)

    assert (more.added, more.drawn, more.seed) == (10, 40, first.seed)
    assert [one.audit for one in more.audits] == [f"L-2324Q4-{number:04d}" for number in range(31, 41)]
    assert next(one.count for one in more.left_out if one.id == "drawn") == 30
    assert more.frame_size == first.frame_size - 30
    assert max(Counter(str(row["case_key"]) for row in drawn_audits(ours)).values()) == 1
    assert ours.is_sound()


def test_a_case_is_not_drawn_again_by_another_programme_or_in_the_next_quarter(ours: Round) -> None:
    ours.draw()
    ours.draw("performance_board", 20)
    ours.draw(quarter=quarter("2024-25-Q1"))

    audits = drawn_audits(ours)
    assert len({row["case_key"] for row in audits}) == len(audits) == 80
    assert {str(row["reference"])[:9] for row in audits} == {"L-2324Q4-", "P-2324Q4-", "L-2425Q1-"}


def test_the_same_command_twice_is_one(ours: Round) -> None:
    command = Command(uuid4())
    first = ours.draw(command=command)
    before = ours.counts()

    again = ours.draw(size=60, command=command)

    assert ours.counts() == before
    assert again == replace(first, added=0)


def test_the_frame_of_a_past_quarter_is_its_last_day(ours: Round) -> None:
    view = ours.draw(quarter=quarter("2023-24-Q3"), size=20)

    assert view.open_on == date(2023, 12, 31)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"programme": "local_quality_and_impct"}, "Did you mean 'local_quality_and_impact'?"),
        ({"size": 10_000}, "cases can be drawn, and 10,000 were asked for. Of 380 cases open on 2024-01-08"),
        ({"size": 9}, "Each of 8 groups is to give 2 or more: that makes 16, and 9 were asked for"),
        ({"size": 0}, "0 audits cannot be drawn"),
        ({"seed": " "}, "This seed is empty"),
        ({"seed": "a\u202eb"}, "holds hidden characters"),
        ({"quarter": quarter("1999-00-Q1")}, "No case can be drawn. Of 0 cases open on 1999-06-30"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_is_written(
    ours: Round, how: dict[str, object], sentence: str
) -> None:
    before = ours.counts()

    with pytest.raises(Refused) as refused:
        ours.draw(**how)  # type: ignore[arg-type]  # each is of the kind its name asks for

    assert sentence in str(refused.value)
    assert ours.counts() == before


def test_a_size_that_is_refused_names_one_that_is_not(ours: Round) -> None:
    ours.draw()
    with pytest.raises(Refused, match="Ask for") as refused:
        ours.draw(size=10_000)
    most = int(str(refused.value).split("Ask for ")[1].split(" or fewer")[0])

    assert ours.draw(size=most).drawn == most
    assert ours.is_sound()


def test_a_programme_that_only_imports_cannot_draw(ours: Round) -> None:
    read = ours.catalogue.read_programmes[LOCAL]
    without = replace(read, programme=read.programme.model_copy(update={"sampling": None}))
    catalogue = replace(ours.catalogue, read_programmes={LOCAL: without})

    with pytest.raises(Refused, match="does not say how its cases are drawn"):
        ours.draw(catalogue=catalogue)


@pytest.mark.parametrize("reference", ["P-00002", "P-00005", "P-00030"])
def test_only_quality_leads_draw(ours: Round, reference: str) -> None:
    before = ours.counts()
    with pytest.raises(Refused, match="Who may: a quality lead"):
        ours.draw(actor=ours.person(reference))

    assert ours.counts() == before


@pytest.mark.parametrize("step", ["append", "make_checkpoint", "remember", "draw_view"])
def test_a_fault_between_writes_leaves_nothing(ours: Round, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ours.counts()
    whole = getattr(draws, step)

    def fails_after(*arguments: object, **named: object) -> None:
        whole(*arguments, **named)
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(draws, step, fails_after)
        with pytest.raises(RuntimeError, match="the power went"):
            ours.draw()

    assert ours.counts() == before
    assert ours.draw().added == 30
    assert ours.is_sound()


def test_a_withdrawn_audit_counts_as_drawn_and_its_case_may_be_drawn_by_others(ours: Round) -> None:
    drawn = ours.draw()
    for one in drawn.audits[:2]:
        move(ours.db, ours.lead, Command(), one.audit, "withdraw", at=AT, definitions=load, reason="wrong_case_drawn")

    view = ours.draw()

    assert (view.added, view.drawn, view.withdrawn) == (0, 30, 2)
    assert ours.draw(size=32).added == 2
    other = ours.draw("performance_board", 5)
    assert other.frame_size == drawn.frame_size - 32 + 2
    assert ours.is_sound()


def test_references_go_on_after_those_that_are_taken(ours: Round) -> None:
    ours.draw("performance_board", 5)

    assert ours.draw("performance_board", 7).audits[0].audit == "P-2324Q4-0006"
