"""Finished audits under another text of their rubric, each effect counted by hand."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from audit_engine.calendars import Period, quarter
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.engine.permission import Actor
from audit_engine.engine.replay_counts import ReplayView
from audit_engine.problems import Refused, Unusable
from audit_engine.queries.replaying import Texts, replay
from tests.actions.live.at_work import ADA, CARA, DEE, EVE, LEAD, Live
from tests.actions.live.other_rubrics import NAME, TWO_BELOW, WITH_TIMELINE, changed, on_strength, timeline

PERIOD = Period(quarter("2023-24-Q4"), year_to_date=False)
LOW = "requires_improvement"


@pytest.fixture
def finished(live: Live) -> Live:
    """Three audits that ended: nothing, one criterion and two criteria below good; all of them good overall."""
    done = 0
    for name in live.audits:
        if done == 3:
            break
        low = {} if done == 0 else {"rep_plan": LOW} if done == 1 else {"rep_plan": LOW, "rep_advice": LOW}
        live.submitted(name, "good", **low)
        if live.audit(name)["counts_on"] is None:  # taken for moderation, which leaves it unfinished
            continue
        done += 1
    assert done == 3
    return live


def ended(live: Live) -> list[str]:
    return [row["reference"] for row in live.rows("audits") if row["counts_on"] is not None]


def replayed(
    live: Live, new: Catalogue, old: Catalogue | None = None, who: str | Actor = LEAD, stream: str | None = None
) -> ReplayView:
    texts = Texts(NAME, old.rubric(NAME) if old else None, new.rubric(NAME), "the proposed text")
    actor = live.who(who) if isinstance(who, str) else who
    with live.db.read() as session:
        return replay(session, actor, live.catalogue, texts, PERIOD, stream)


def test_the_same_text_changes_nothing(finished: Live) -> None:
    view = replayed(finished, finished.catalogue)

    assert (view.whole.finished, view.whole.compared, view.affected) == (3, 3, 0)
    assert (view.whole.moved, view.whole.barred, view.whole.second_look, view.examples) == (0, 0, 0, ())
    assert [(row.given, row.nearest, row.elsewhere) for row in view.table] == [("Good", (0, 0, 3, 0), 0)]
    digest = finished.catalogue.pins["rubric", NAME].digest[:8]
    assert [(one.id, one.title, one.count) for one in view.texts] == [(digest, "1.1.0", 3)]


def test_a_stricter_rule_is_counted_as_by_hand(finished: Live) -> None:
    """Only the third audit has two criteria below good."""
    view = replayed(finished, changed(finished.catalogue, TWO_BELOW))

    whole = view.whole
    assert (whole.finished, whole.compared, whole.moved, whole.raised, whole.lowered) == (3, 3, 1, 0, 1)
    assert (whole.barred, whole.second_look, whole.escalations, view.barred_before) == (1, 1, 0, 0)
    assert [(one.title, one.count) for one in view.becomes] == [("at most Requires improvement", 1)]
    assert [(one.id, one.begins_to_hold, one.no_longer_holds) for one in view.rules] == [("T1", 1, 0)]
    assert [(row.given, row.nearest) for row in view.table] == [("Good", (0, 1, 2, 0))]
    assert [(one.name, one.finished, one.moved) for one in view.areas] == [("North", 3, 1)]
    assert [(one.name, one.finished, one.barred) for one in view.teams] == [("North Heron", 3, 1)]
    (example,) = view.examples
    third = ended(finished)[2]
    assert (example.audit, example.given, example.becomes) == (third, "Good", "at most Requires improvement")
    assert example.rules == ("T1",)
    assert example.says[0].startswith("Requires improvement would be suggested (before: Good).")
    assert example.says[1:] == (
        "T1: Good is above Requires improvement, the most that T1 leaves. Two criteria were graded below good.",
        "T1 (Two below good): somebody else must look.",
    )


def test_the_other_way_round_it_is_better(finished: Live) -> None:
    view = replayed(finished, finished.catalogue, changed(finished.catalogue, TWO_BELOW))

    assert (view.whole.moved, view.whole.raised, view.whole.barred, view.whole.second_look) == (1, 1, 0, 0)
    assert [(one.id, one.begins_to_hold, one.no_longer_holds) for one in view.rules] == [("T1", 0, 1)]


def test_what_was_never_asked_cannot_be_said(finished: Live) -> None:
    view = replayed(finished, changed(finished.catalogue, WITH_TIMELINE, criteria_9=timeline()))

    assert (view.whole.finished, view.whole.compared, view.whole.not_said, view.affected) == (3, 0, 3, 0)
    assert [(one.id, one.count) for one in view.never_rated] == [("rec.timeline", 3)]
    assert [(row.given, row.nearest, row.elsewhere) for row in view.table] == [("Good", (0, 0, 0, 0), 3)]


def test_what_is_barred_whatever_is_answered_is_said(finished: Live) -> None:
    both = changed(finished.catalogue, TWO_BELOW, WITH_TIMELINE, criteria_9=timeline())
    view = replayed(finished, both)

    # The new criterion may still lower the third further, so none is compared.
    assert (view.whole.not_said, view.not_said_barred, view.not_said_second_look) == (3, 1, 1)


def test_grades_of_another_scale_are_mapped_or_counted_apart(finished: Live) -> None:
    first = ended(finished)[0]
    other = replace(on_strength(finished.catalogue), pins=finished.catalogue.pins)
    texts = Texts(NAME, None, other.rubric(NAME), "")
    with finished.db.read() as session:
        mapped = replay(session, finished.who(LEAD), other, texts, PERIOD)
        unmapped = replay(session, finished.who(LEAD), finished.catalogue, texts, PERIOD)

    assert first in finished.audits
    assert (mapped.whole.compared, mapped.whole.incomparable, mapped.whole.moved) == (3, 0, 0)
    assert (unmapped.whole.compared, unmapped.whole.incomparable) == (0, 3)
    assert sum(row.elsewhere for row in unmapped.table) == 3


def test_nothing_is_written(finished: Live) -> None:
    """Not a row, not a byte, and no head of any chain."""
    path = Path(finished.address)
    before = finished.contents(), hashlib.sha256(path.read_bytes()).digest()

    replayed(finished, changed(finished.catalogue, TWO_BELOW))

    assert (finished.contents(), hashlib.sha256(path.read_bytes()).digest()) == before


def test_it_comes_out_the_same_every_time(finished: Live) -> None:
    new = changed(finished.catalogue, TWO_BELOW)

    assert replayed(finished, new) == replayed(finished, new)


def test_by_its_reference_an_audit_is_named_only_to_whoever_may_see_it(finished: Live) -> None:
    new, third = changed(finished.catalogue, TWO_BELOW), ended(finished)[2]
    assert [one.audit for one in replayed(finished, new, who=CARA).examples] == [third]
    other = next(who for who in (DEE, "P-6") if who != finished.auditor(third))
    for who in (other, replace(finished.who(ADA), roles=("auditor", "practitioner"))):
        view = replayed(finished, new, who=who)
        assert (view.affected, view.not_shown, view.examples) == (1, 1, ())


def test_only_whoever_may_see_figures(finished: Live) -> None:
    with pytest.raises(Refused, match="figures"):
        replayed(finished, finished.catalogue, who=ADA)
    assert replayed(finished, finished.catalogue, who=EVE).whole.finished == 3


def test_only_of_one_stream_of_one_rubric_in_one_period(finished: Live) -> None:
    stream = finished.audit(ended(finished)[0])["stream"]
    assert replayed(finished, finished.catalogue, stream=stream).whole.finished == 3
    with pytest.raises(Unusable, match="no stream of this name"):
        replayed(finished, finished.catalogue, stream="nowhere")
    read = finished.catalogue.rubric(NAME)
    with finished.db.read() as session, pytest.raises(Unusable, match="no rubric of this name"):
        replay(session, finished.who(LEAD), finished.catalogue, Texts("nothing", None, read, ""), PERIOD)
    earlier = Period(quarter("2022-23-Q1"), year_to_date=False)
    with finished.db.read() as session:
        none = replay(session, finished.who(LEAD), finished.catalogue, Texts(NAME, None, read, ""), earlier)
    assert (none.whole.finished, none.table, none.areas) == (0, (), ())


def test_a_text_without_an_overall_grade_is_refused(finished: Live) -> None:
    without = finished.catalogue.rubric("practice_observation")
    assert without.overall is None
    with finished.db.read() as session, pytest.raises(Refused) as refused:
        replay(session, finished.who(LEAD), finished.catalogue, Texts(NAME, None, without, ""), PERIOD)
    assert [reason.rule for reason in refused.value.reasons] == ["overall"]
