"""Past audits: how they enter, and that no file changes them afterwards."""

from dataclasses import replace
from datetime import date

import pytest

from audit_engine.problems import Unusable
from audit_engine.records.tables import Audit, Definition, Moderation, Rating

from .conftest import TODAY, Service, audit, audits, moderation


def test_a_changed_past_audit_is_refused_naming_the_columns(full: Service) -> None:
    first, second, third = audits()
    ratings = (
        replace(first.ratings[0], grade="outstanding"),
        first.ratings[1],
        replace(first.ratings[2], evidence="found", impact="no"),
    )
    changed = [
        replace(first, overall="outstanding", feedback="none", feedback_from=(), ratings=ratings),
        replace(second, moderation=None),
        replace(third, case="C-4", ratings=third.ratings[:2]),
        audit(4),
    ]
    before = full.contents()

    with pytest.raises(Unusable) as refused:
        full.bring_in("audits", changed)

    said = "X090 this audit was imported before with other values:"
    oversight = "evidence of ov.mgmt_oversight, impact of ov.mgmt_oversight"
    assert [str(problem).split("\n")[0] for problem in refused.value.problems] == [
        f"audits.csv: row 2: {said} overall, feedback_from, rating:safe.risk_identified, {oversight}",
        f"audits.csv: row 3: {said} moderator, moderated_on, moderator_overall, final_overall, moderation_reason",
        f"audits.csv: row 4: {said} case, rating:ov.mgmt_oversight",
    ]
    assert all(problem.help for problem in refused.value.problems)
    assert full.contents() == before
    with pytest.raises(Unusable):
        full.preview("audits", changed)


def test_many_columns_are_counted_rather_than_listed(full: Service) -> None:
    other = replace(
        audit(4), row=2, reference="A-1", stream="national", subject="team", graded=False, auditor="P-6",
        practice_from=None, practice_to=TODAY, overall=None, final_overall=None, collaborative=None, feedback=None,
        feedback_from=None, ratings=(),
    )  # fmt: skip

    with pytest.raises(Unusable, match=r"case, stream, .*, collaborative, feedback_from and 3 more") as refused:
        full.bring_in("audits", [other])

    assert len(refused.value.problems) == 1


def test_audits_are_not_changed_by_what_became_known_of_their_case(full: Service) -> None:
    """Facts, team and rubric are those of the import; a later case list must not make the old file unusable."""
    later = [
        replace(line, facts={"law_type": "private"}, team="North Wren", area="South", practitioner="P-3")
        for line in audits()
    ]
    standing = full.rows(Audit)

    result = full.bring_in("audits", later)

    assert result.nothing_changed
    assert full.rows(Audit) == standing


def test_an_audit_enters_with_everything_the_file_held(full: Service) -> None:
    row = full.row(Audit, reference="A-2")

    assert (row["stage"], row["imported"], row["counts_on"]) == ("closed", True, date(2023, 11, 2))
    assert row["feedback_from"] == ["child", "carer"]
    assert row["facts"]["weeks_open"] == 22
    assert row["rubric_digest"] == full.catalogue.pins["rubric", "quality_and_impact"].digest
    assert [d["digest"] for d in full.rows(Definition)] == [row["rubric_digest"]]
    orders = {r["criterion"]: r["grade_order"] for r in full.rows(Rating) if r["audit"] == row["key"]}
    assert orders == {"safe.risk_identified": 2, "heard.seen": None, "ov.mgmt_oversight": 1}
    assert full.row(Moderation, audit=row["key"])["direction"] == "lowered"
    assert full.row(Audit, reference="A-3")["feedback_from"] is None
    (entry,) = full.story(Audit, reference="A-2")
    assert entry.kind == "imported"


@pytest.mark.parametrize(
    ("given", "stands", "direction"),
    [
        ("good", "good", "agreed"),
        ("good", "outstanding", "raised"),
        ("good", "inadequate", "lowered"),
        (None, "good", None),
        ("good", None, None),
    ],
)
def test_the_direction_of_a_moderation(
    full: Service, given: str | None, stands: str | None, direction: str | None
) -> None:
    full.bring_in("audits", [audit(4, overall=given, final_overall=stands, moderation=moderation(stands))])

    row = full.row(Audit, reference="A-4")
    assert full.row(Moderation, audit=row["key"])["direction"] == direction
    assert full.is_sound()
