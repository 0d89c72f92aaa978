"""What was begun under an older text can still be read, by its version or its digest."""

import re
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load, shipped_folder
from audit_engine.engine.workflow_differences import differences
from audit_engine.problems import Unusable
from audit_engine.queries.begun_under import begun_under, rubric_begun_under
from audit_engine.records.database import Database
from audit_engine.records.pins import pin


def changed(site: Path, old: str, new: str) -> Catalogue:
    text = (shipped_folder() / "workflows" / "case_audit.yaml").read_text("utf-8")
    (site / "workflows").mkdir(exist_ok=True)
    (site / "workflows" / "case_audit.yaml").write_text(text.replace(old, new), "utf-8")
    return load(site)


def test_the_text_something_began_under_is_found_by_version_or_digest(db: Database, tmp_path: Path) -> None:
    newer = changed(tmp_path, "version: 1.2.0\ntitle: Case audit", "version: 1.3.0\ntitle: Our audit")
    shipped, ours = load().workflow("case_audit"), newer.workflow("case_audit")
    with db.write() as session:
        for catalogue in (load(), newer):
            pin(session, catalogue.pins["workflow", "case_audit"])

    with db.read() as session:
        assert begun_under(session, "case_audit", "1.2.0") == shipped
        assert begun_under(session, "case_audit", ours.digest[:8]) == ours
        said = [one.says for one in differences(begun_under(session, "case_audit", "1.2.0"), ours)]
        assert said == ["It is now called 'Our audit' ('Case audit' before)."]
        with pytest.raises(Unusable, match=r"W064 nothing here began .*\n    help: There are: 1\.2\.0, 1\.3\.0\."):
            begun_under(session, "case_audit", "2.0.0")
        with pytest.raises(Unusable, match=r"W064 .*\n    help: Leave out the @"):
            begun_under(session, "case_audits", ours.digest[:8])


def test_a_version_that_was_not_raised_is_two_texts(db: Database, tmp_path: Path) -> None:
    both = (load(), changed(tmp_path, "title: Case audit", "title: Our audit"))
    with db.write() as session:
        for catalogue in both:
            pin(session, catalogue.pins["workflow", "case_audit"])

    first, second = sorted(catalogue.workflow("case_audit").digest[:8] for catalogue in both)
    with (
        db.read() as session,
        pytest.raises(Unusable, match=rf"W063 (.|\n)*case_audit@{first} or case_audit@{second}") as said,
    ):
        begun_under(session, "case_audit", "1.2.0")
    assert "its version was not raised" in str(said.value)


def test_a_rubric_is_found_with_the_criteria_and_rules_it_had(db: Database, tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    text = (shipped_folder() / "rubrics" / "quality_and_impact.yaml").read_text("utf-8")
    newer = re.sub(r"^version: .*$", "version: 9.0.0", text, flags=re.MULTILINE)
    (tmp_path / "rubrics" / "quality_and_impact.yaml").write_text(newer.replace("title: ", "title: Our ", 1), "utf-8")
    shipped, ours = load().rubric("quality_and_impact"), load(tmp_path).rubric("quality_and_impact")
    with db.write() as session:
        for catalogue in (load(), load(tmp_path)):
            pin(session, catalogue.pins["rubric", "quality_and_impact"])

    with db.read() as session:
        kept = rubric_begun_under(session, "quality_and_impact", "9.0.0")
        assert (kept.rubric, list(kept.criteria), kept.limits) == (ours.rubric, list(ours.criteria), ours.limits)
        digest = load().pins["rubric", "quality_and_impact"].digest
        assert rubric_begun_under(session, "quality_and_impact", digest[:8]).rubric == shipped.rubric
        with pytest.raises(Unusable, match="W064 nothing here began under this rubric"):
            rubric_begun_under(session, "quality_and_impact", "1.0.7")
