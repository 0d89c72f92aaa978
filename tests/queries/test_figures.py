"""Every figure counted twice: by the database, and audit by audit with the condition engine. Unknowns included."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from audit_engine.actions import imports
from audit_engine.actions.workspace import open_workspace
from audit_engine.calendars import Period, quarter
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.measures import MeasureSet, ReadMeasure, ReadMeasureSet, read_measure_set
from audit_engine.definitions.reading import judged
from audit_engine.definitions.sources import source_from
from audit_engine.engine.facts import as_values
from audit_engine.engine.permission import Actor
from audit_engine.exchange.audits import read_audits
from audit_engine.exchange.cases import read_cases
from audit_engine.exchange.lines import AuditLine, CaseLine
from audit_engine.exchange.people import read_people
from audit_engine.queries.figures import figures
from audit_engine.queries.people import actor_by_account, known
from audit_engine.records.database import Database
from audit_engine.training import SMALL, write_service
from audit_engine.views import NOT_RECORDED, Figure

AT = datetime(2024, 1, 5, 9, 30, tzinfo=UTC)
PERIOD = Period(quarter("2023-24-Q3"), year_to_date=True)

ODD = b"""
measure_set: odd
version: 1.0.0
title: Odd
rubric: quality_and_impact
sections:
  - {id: all, title: All}
populations:
  - {id: audits, counts: audits, called: all the audits}
  - {id: hearing, counts: audits, called: audits with a hearing, where: facts.hearing_listed}
  - {id: none, counts: audits, called: audits without a hearing, where: "!facts.hearing_listed"}
  - {id: cases, counts: open_cases, called: the open cases}
  - {id: abuse, counts: open_cases, called: open cases with abuse, where: facts.da_disclosed}
  - {id: no_abuse, counts: open_cases, called: open cases without abuse, where: "!facts.da_disclosed"}
measures:
  - {id: hearing, title: Hearing, means: Listed, section: all, kind: count, population: hearing, source: test}
  - {id: none, title: None, means: Not listed, section: all, kind: count, population: none, source: test}
  - {id: abuse, title: Abuse, means: Disclosed, section: all, kind: count, population: abuse, source: test}
  - {id: no_abuse, title: No abuse, means: Not so, section: all, kind: count, population: no_abuse, source: test}
  - id: graded_well
    title: Graded well
    means: Of the graded.
    section: all
    kind: proportion
    population: hearing
    leave_out:
      - {id: young, when: facts.child_age < 3, says: younger than three}
      - {id: ungraded, when: "!audit.graded", says: not graded}
    out_of: graded audits of older children with a hearing
    numerator: {when: "audit.final_overall in ['good', 'outstanding'] || grade.heard.seen == 'good'", says: good}
    beside:
      - {when: audit.collaborative && evidence.ov.supervision == 'found', says: together}
    source: test
    by: [area]
  - id: children
    title: Children
    means: Added up.
    section: all
    kind: total
    population: cases
    leave_out:
      - {id: public, when: facts.law_type == 'public', says: public law}
    out_of: open cases that are not public law
    adds: facts.children
    source: test
"""


@dataclass
class Small:
    """A small service, imported, and what its files said."""

    db: Database
    actor: Actor
    catalogue: Catalogue
    cases: list[CaseLine]
    audits: list[AuditLine]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    folder = tmp_path_factory.mktemp("figures")
    write_service(folder, 7, SMALL)
    catalogue = load()
    db = open_workspace(folder / "a.sqlite", mode="training", account="uid:1", reference="root", name="root", at=AT)
    with db.read() as session:
        actor = actor_by_account(session, "uid:1", AT.date())
    read, people = read_people(folder / "people.csv")
    imports.import_people(db, actor, read, people, at=AT)
    read, cases = read_cases(folder / "cases.csv", _known(db), catalogue.codebooks["case_facts"])
    imports.import_cases(db, actor, read, cases, at=AT)
    read, audits = read_audits(folder / "audits.csv", _known(db), catalogue)
    imports.import_audits(db, actor, read, audits, catalogue=catalogue, at=AT)
    yield Small(db, actor, catalogue, cases, audits)
    db.close()


def _known(db: Database) -> Any:
    with db.read() as session:
        return known(session)


def odd(catalogue: Catalogue) -> ReadMeasureSet:
    source = source_from(ODD, "odd.yaml")
    written = judged(source, MeasureSet)
    assert isinstance(written, MeasureSet), [str(problem) for problem in written]
    read = read_measure_set(source, written, catalogue.rubrics)
    assert isinstance(read, ReadMeasureSet), [str(problem) for problem in read]
    return read


def values_of(audit: AuditLine) -> dict[str, Value]:
    """What is known of one audit, by the names measures use."""
    said = {
        "stream": audit.stream, "graded": audit.graded, "imported": True, "collaborative": audit.collaborative,
        "feedback": audit.feedback, "overall": audit.overall, "final_overall": audit.final_overall,
        "area": audit.area, "team": audit.team,
    }  # fmt: skip
    values: dict[str, Any] = {f"audit.{name}": value for name, value in said.items()}
    for rating in audit.ratings:
        expected = rating.applicability == "expected"
        values[f"applies.{rating.criterion}"] = rating.applicability
        for name in ("grade", "evidence", "impact"):
            values[f"{name}.{rating.criterion}"] = getattr(rating, name) if expected else "none"
    moderation = audit.moderation
    if moderation is not None:
        values |= {
            "moderation.blind_overall": moderation.blind_overall,
            "moderation.decided_overall": moderation.decided_overall,
            "moderation.direction": _direction(audit),
        }
    return {name: value for name, value in values.items() if value is not None} | as_values(audit.facts)


def _direction(audit: AuditLine) -> str | None:
    order = ["inadequate", "requires_improvement", "good", "outstanding"]
    if audit.overall is None or audit.final_overall is None:
        return None
    difference = order.index(audit.final_overall) - order.index(audit.overall)
    return "agreed" if difference == 0 else "raised" if difference > 0 else "lowered"


def counted_one_by_one(small: Small, read: ReadMeasure) -> dict[str, int]:
    """The places of a measure's waterfall, each thing asked with the condition engine."""
    places: dict[str, int] = {}
    for values in things(small, read.population.population.counts):
        place = _place(read, values)
        places[place] = places.get(place, 0) + 1
        if place == "in" and read.measure.adds:
            places["sum"] = places.get("sum", 0) + int(str(values[read.measure.adds]))
        for n, (_, condition) in enumerate(read.beside):
            held = place in ("in", "out") and condition.outcome(values).held
            places[f"beside_{n}"] = places.get(f"beside_{n}", 0) + bool(held)
    return places


def things(small: Small, counts: str) -> Iterator[Mapping[str, Value]]:
    last = PERIOD.last_day
    if counts == "open_cases":
        for case in small.cases:
            if case.opened <= last and (case.closed is None or case.closed > last):
                yield as_values(case.facts) | {"case.area": case.area, "case.team": case.team}
        return
    for audit in small.audits:
        day: date | None = audit.audited_on
        if counts == "moderations":
            day = audit.moderation.moderated_on if audit.moderation else None
        if counts in ("audits", "moderations") and day and PERIOD.first_day <= day <= last:
            yield values_of(audit)


def _place(read: ReadMeasure, values: Mapping[str, Value]) -> str:
    where = read.population.where
    belongs = where.outcome(values).held if where else True
    if belongs is not True:
        return "elsewhere" if belongs is False else "unplaced"
    for part, condition in read.leave_out:
        held = condition.outcome(values).held
        if held is not False:
            return part.id if held else NOT_RECORDED
    if read.numerator is not None:
        held = read.numerator.outcome(values).held
        return NOT_RECORDED if held is None else "in" if held else "out"
    name = read.measure.over or read.measure.adds
    if name is None:
        return "in"
    if name not in values:
        return NOT_RECORDED
    return f"share {values[name]}" if read.measure.over else "in"


def as_places(figure: Figure) -> dict[str, int]:
    """What the database counted, in the same words."""
    places = {part.id: part.count for part in (*figure.left_out, *figure.beside)}
    places |= {f"share {share.id}": share.count for share in figure.shares}
    if figure.kind == "proportion":
        places |= {"in": figure.numerator or 0, "out": figure.denominator - (figure.numerator or 0)}
    elif figure.kind in ("count", "total"):
        places["in"] = figure.denominator
    if figure.kind == "total":
        places["sum"] = figure.numerator or 0
    return {name: count for name, count in (places | {"unplaced": figure.unplaced}).items() if count}


@pytest.mark.parametrize("which", ["quality_overview", "odd"])
def test_the_database_counts_what_the_condition_engine_says_of_each(small: Small, which: str) -> None:
    measures = small.catalogue.measure_set(which) if which != "odd" else odd(small.catalogue)
    with small.db.read() as session:
        found = {f.measure: f for f in figures(session, small.actor, measures, PERIOD)}
    compared = 0
    for read in measures.measures:
        if read.population.population.counts == "observations":
            continue
        expected = {n: c for n, c in counted_one_by_one(small, read).items() if c and n != "elsewhere"}
        assert as_places(found[read.id]) == expected, read.id
        compared += 1
    assert compared >= (5 if which == "odd" else 30)


def test_what_cannot_be_placed_is_in_no_figure_and_is_told(small: Small) -> None:
    with small.db.read() as session:
        found = {f.measure: f for f in figures(session, small.actor, odd(small.catalogue), PERIOD)}
    disclosed, not_disclosed = found["abuse"], found["no_abuse"]
    open_cases = sum(1 for _ in things(small, "open_cases"))

    assert disclosed.unplaced == not_disclosed.unplaced > 0
    assert disclosed.denominator + not_disclosed.denominator + disclosed.unplaced == open_cases


def test_groups_add_up_to_the_whole(small: Small) -> None:
    measures = odd(small.catalogue)
    with small.db.read() as session:
        whole = {f.measure: f for f in figures(session, small.actor, measures, PERIOD)}
        areas = figures(session, small.actor, measures, PERIOD, "area")

    assert len(areas) >= 3
    assert sum(f.denominator for f in areas) == whole["graded_well"].denominator
    assert sum(f.numerator or 0 for f in areas) == whole["graded_well"].numerator
    assert sum(f.unplaced for f in areas) == whole["graded_well"].unplaced
