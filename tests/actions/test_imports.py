"""What files change here, what they cannot change, and that each is all or nothing."""

import random
import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit_engine.actions.workspace import open_workspace
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.problems import Refused, Unusable
from audit_engine.queries.people import actor_by_account
from audit_engine.records.tables import (
    Audit,
    Case,
    ImportedFile,
    Indicator,
    Observation,
    Person,
)
from audit_engine.records.verification import verify

from .conftest import AT, KINDS, LINES, TODAY, Service, audit, audits, cases, indicators, moderation, observations


def test_each_kind_of_file_comes_in_and_the_ledger_tells_all_of_it(service: Service) -> None:
    counts = {kind: service.bring_in(kind) for kind in KINDS}

    assert [(r.added, r.changed, r.unchanged) for r in counts.values()] == [
        (6, 0, 0), (4, 0, 0), (3, 0, 0), (2, 0, 0), (2, 0, 0),
    ]  # fmt: skip
    assert {r.kind: r.absent for r in counts.values()} == dict.fromkeys(KINDS, 0) | {"people": 1}
    assert all(r.file is not None and not r.same_file_before and not r.nothing_changed for r in counts.values())
    assert service.is_sound()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_file_again_writes_nothing(full: Service, kind: str) -> None:
    before, told = full.contents(), len(full.told)
    assert told > 0

    again = full.bring_in(kind, at=AT + timedelta(days=1))

    assert full.contents() == before
    assert (again.nothing_changed, again.same_file_before, again.file) == (True, True, None)
    assert again.unchanged == len(LINES[kind]())
    assert len(full.told) == told


def test_another_file_that_says_the_same_is_noted_and_changes_nothing(full: Service) -> None:
    standing = full.rows(Case)

    result = full.bring_in("cases", list(reversed(cases())))

    assert result.nothing_changed
    assert not result.same_file_before
    assert full.rows(Case) == standing
    assert full.row(ImportedFile, key=result.file)["added"] == 0
    assert full.is_sound()


def test_a_changed_fact_changes_the_case_and_keeps_the_old_one(full: Service) -> None:
    old = cases()[0]
    new = replace(old, closed=date(2023, 12, 1), practitioner="P-3", facts={**old.facts, "children": 3})
    result = full.bring_in("cases", [new, *cases()[1:]])

    assert (result.added, result.changed, result.unchanged, result.absent) == (0, 1, 3, 0)
    assert [(c.reference, c.column, c.old, c.new) for c in result.examples] == [
        ("C-1", "practitioner", "P-2", "P-3"),
        ("C-1", "closed", None, "2023-12-01"),
        ("C-1", "children", "2", "3"),
    ]
    first, second = full.story(Case, reference="C-1")
    assert (first.kind, second.kind, second.actor) == ("imported", "changed", full.actor.person)
    assert first.payload is not None
    assert first.payload["row"]["facts"]["children"] == 2
    assert second.payload is not None
    assert second.payload["changed"]["facts"] == [dict(old.facts), {**old.facts, "children": 3}]
    assert second.payload["changed"]["closed"] == [None, "2023-12-01"]
    assert full.row(Case, reference="C-1")["turn"] == 2
    assert full.row(Case, reference="C-1")["facts"]["children"] == 3
    assert full.is_sound()


def test_a_fact_the_list_no_longer_holds_is_no_longer_known(full: Service) -> None:
    fewer = [replace(case, facts={"law_type": "public"}) for case in cases()]

    result = full.bring_in("cases", fewer)

    assert [(c.column, c.old, c.new) for c in result.examples[:3]] == [
        ("children", "2", None),
        ("da_disclosed", "yes", None),
        ("situational_triggers", "moved, risk", None),
    ]
    assert len(result.examples) == 5
    assert full.row(Case, reference="C-4")["facts"] == {"law_type": "public"}
    assert full.is_sound()


def test_cases_absent_from_a_newer_list_stay(full: Service) -> None:
    result = full.bring_in("cases", [replace(cases()[0], reference="C-9")])

    assert (result.added, result.absent) == (1, 4)
    assert {row["reference"] for row in full.rows(Case)} == {"C-1", "C-2", "C-3", "C-4", "C-9"}
    assert full.is_sound()


def test_an_older_file_imported_again_after_a_newer_one_is_obeyed(full: Service) -> None:
    """The digest only says that the file was seen before, not that it stands."""
    full.bring_in("cases", [replace(case, area="South") for case in cases()])

    result = full.bring_in("cases")

    assert (result.same_file_before, result.changed) == (True, 4)
    assert {row["area"] for row in full.rows(Case)} == {"North"}
    assert [entry.kind for entry in full.story(Case, reference="C-1")] == ["imported", "changed", "changed"]


def test_a_changed_observation_is_refused(full: Service) -> None:
    before = full.contents()

    with pytest.raises(Unusable) as refused:
        full.bring_in("observations", [replace(observations()[0], consent=False, work_type=None), observations()[1]])

    (problem,) = refused.value.problems
    assert (problem.code, problem.place.line) == ("X091", 2)
    assert problem.message.endswith("with other values: work_type, consent")
    assert full.contents() == before
    assert len(full.rows(Observation)) == 2


def test_a_changed_figure_replaces_the_old_one_and_both_are_kept(full: Service) -> None:
    first, second = indicators()

    result = full.bring_in("indicators", [replace(first, value="19.4"), replace(second, area="South")])

    assert (result.added, result.changed, result.unchanged, result.absent) == (1, 1, 0, 1)
    assert [(c.reference, c.column, c.old, c.new) for c in result.examples] == [
        ("caseload 2023-24-Q3", "value", "19.3", "19.4")
    ]
    entries = full.story(Indicator, indicator="caseload")
    assert [entry.payload for entry in entries][1] == {"changed": {"value": ["19.3", "19.4"]}}
    assert full.is_sound()


def test_every_stranger_is_named_and_nothing_is_written(full: Service) -> None:
    before = full.contents()

    with pytest.raises(Unusable) as refused:
        full.bring_in("audits", [audit(4, auditor="P-99", moderation=replace(moderation("good"), moderator="P-98"))])
    assert [(p.code, p.place.column) for p in refused.value.problems] == [("X092", "auditor"), ("X092", "moderator")]
    with pytest.raises(Unusable, match="X093 there is no case 'C-99' here"):
        full.bring_in("audits", [audit(4, case="C-99")])
    with pytest.raises(Unusable, match="X092 there is no person 'P-99' here"):
        full.bring_in("cases", [*cases(), replace(cases()[0], reference="C-5", practitioner="P-99")])
    with pytest.raises(Unusable, match="X092"):
        full.bring_in("observations", [replace(observations()[0], reference="O-3", practitioner="P-99")])

    assert full.contents() == before


def test_one_row_the_database_refuses_undoes_the_whole_file(full: Service) -> None:
    before = full.contents()
    fresh = [replace(cases()[0], reference=f"C-{n}") for n in (5, 6, 6)]

    with pytest.raises(Unusable, match="W016"):
        full.bring_in("cases", fresh)

    assert full.contents() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("when", ["at the first row", "half way", "at the last row"])
def test_a_fault_in_the_middle_leaves_everything_as_it_was(service: Service, kind: str, when: str) -> None:
    for earlier in KINDS[: KINDS.index(kind)]:
        service.bring_in(earlier)
    before = service.contents()
    called: list[int] = []

    def break_down(done: int, of: int) -> None:
        called.append(done)
        if done >= {"at the first row": 1, "half way": of / 2, "at the last row": of}[when]:
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="the power went"):
        service.bring_in(kind, progress=break_down)

    assert called
    assert service.contents() == before
    assert service.bring_in(kind).added == len(LINES[kind]())
    assert service.is_sound()


def test_progress_ends_at_what_it_promised(full: Service) -> None:
    assert all(0 < done <= of for done, of in full.told)
    assert sum(done == of for done, of in full.told) >= len(KINDS)


@pytest.mark.parametrize("reference", ["P-2", "P-4", "P-5", "P-6"])
@pytest.mark.parametrize("kind", KINDS)
def test_only_quality_leads_and_administrators_import(full: Service, kind: str, reference: str) -> None:
    actor, before = full.person(reference), full.contents()

    with pytest.raises(Refused, match=f"cannot import {kind}: {reference} may not do this. Who may: a quality lead"):
        full.bring_in(kind, actor=actor)
    with pytest.raises(Refused):
        full.preview(kind, LINES[kind](), actor)

    assert full.contents() == before
    assert full.bring_in(kind, actor=full.person("P-7")).nothing_changed


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_says_what_the_import_then_does(service: Service, kind: str) -> None:
    for earlier in KINDS[: KINDS.index(kind)]:
        service.bring_in(earlier)
    before, lines = service.contents(), LINES[kind]()

    shown = service.preview(kind, lines)

    assert service.contents() == before
    done = service.bring_in(kind, lines)
    assert [getattr(done, name) for name in shown.__slots__] == [getattr(shown, name) for name in shown.__slots__]
    assert service.preview(kind, lines).nothing_changed
    assert service.preview(kind, lines).same_file_before


def test_audits_need_a_catalogue_to_be_previewed(full: Service) -> None:
    from audit_engine.actions.imports import preview

    from .conftest import file_of

    with pytest.raises(ValueError, match="'audits'"):
        preview(full.db, full.actor, file_of("audits", audits()), audits(), at=AT)


def test_verify_would_notice_a_row_changed_behind_the_ledgers_back(full: Service) -> None:
    """The control for every `is_sound` above: the same look finds what is wrong."""
    with sqlite3.connect(full.path) as connection:
        connection.execute("UPDATE ratings SET grade = 'outstanding' WHERE criterion = 'ov.mgmt_oversight'")
    connection.close()

    assert len(verify(full.db).findings) == 3


def _any_case(rng: random.Random, number: int) -> Any:
    facts: dict[str, Any] = {"law_type": rng.choice(["public", "private"]), "children": rng.randrange(1, 4)}
    if rng.random() < 0.5:
        facts["situational_triggers"] = rng.sample(["moved", "risk", "délai"], rng.randrange(3))
    closed = rng.choice([None, date(2023, 12, rng.randrange(1, 28))])
    practitioner = rng.choice([None, "P-2", "P-3"])
    team = rng.choice(["North Heron", "Nord Échassier"])
    return replace(
        cases()[0], reference=f"C-{number}", practitioner=practitioner, team=team, closed=closed, facts=facts
    )


def test_whatever_lists_follow_each_other_the_ledger_tells_how_things_stand(full: Service) -> None:
    """Forty lists drawn from a seed, against a plain dict that remembers what was said last."""
    rng = random.Random(20231231)  # noqa: S311 - the same lists every time
    said, changed = {case.reference: case for case in cases()}, 0

    for day in range(40):
        drawn = [_any_case(rng, number) for number in rng.sample(range(1, 25), rng.randrange(1, 12))]
        result = full.bring_in("cases", drawn, at=AT + timedelta(days=day))
        changed += result.changed
        assert result.added == len({case.reference for case in drawn} - said.keys())
        said |= {case.reference: case for case in drawn}
        assert result.absent == len(said) - len(drawn)

    people = {row["key"]: row["reference"] for row in full.rows(Person)} | {None: None}
    here = {row["reference"]: row for row in full.rows(Case)}
    assert here.keys() == said.keys()
    for reference, case in said.items():
        row = here[reference]
        assert (row["team"], row["closed"], row["facts"]) == (case.team, case.closed, case.facts)
        assert people[row["practitioner"]] == case.practitioner
    assert changed > 50
    assert full.is_sound()


@pytest.mark.postgres
def test_the_same_story_on_postgresql(postgres_address: str, catalogue: Catalogue) -> None:
    """What depends on the database: comparing, replacing, refusing, rolling back, deriving again."""
    with open_workspace(
        postgres_address, mode="training", account="uid:1000", reference="P-1", name="Gwen Oak", at=AT
    ) as db:
        with db.read() as session:
            actor = actor_by_account(session, "uid:1000", TODAY)
        service = Service(db, Path("unused"), actor, catalogue)
        service.bring_in_all()
        assert all(service.bring_in(kind).file is None for kind in KINDS)

        with pytest.raises(Unusable, match="X090"):
            service.bring_in("audits", [audit(4), audit(1, overall="inadequate")])
        with pytest.raises(Unusable, match="W016"):
            service.bring_in("cases", [replace(cases()[0], reference="C-5")] * 2)
        moved = [replace(case, closed=date(2023, 12, 1), facts={"children": 9}) for case in cases()]
        result = service.bring_in("cases", moved)

        assert (result.changed, len(service.rows(Audit)), len(service.rows(Case))) == (4, 3, 4)
        assert service.row(Case, reference="C-1")["facts"] == {"children": 9}
        assert service.is_sound()
