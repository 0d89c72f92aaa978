"""The check of notes in plain mode, and in the file of answers that is graded without a workspace."""

import json
from pathlib import Path

import pytest

from audit_engine.cli.note_words import NOT_NAMES, not_names
from audit_engine.engine.name_words import MAX_BYTES
from audit_engine.problems import Unusable
from tests.whole.conftest import run_audit
from tests.whole.live_service import Service, answers, service


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service(tmp_path_factory.mktemp("notes") / "ws")


def test_a_note_that_may_name_somebody_is_kept_or_written_anew(one: Service) -> None:
    audit = min(one.auditors)
    who = one.auditors[audit]
    told = one.talk(who, audit, "n", "Told by Kwabena.", "n", "Told by the child's uncle.", "p", "Mail of Tomasz", "y")

    assert told.count("Looks like a name: 'Kwabena'. Say who they are to the child instead.") == 1
    assert "It is not saved. Write it anew." in told
    assert "Note: Told by the child's uncle." in told
    assert "Evidence is at: Mail of Tomasz" in told


def test_the_check_lists_it_for_whoever_wrote_it_and_bars_nothing(one: Service) -> None:
    audit = sorted(one.auditors)[1]
    who = one.auditors[audit]
    told = one.talk(
        who, audit, *answers(), "g 7", "n", "Told by Kwabena.", "y", "s", "", "n", "child",
    )  # fmt: skip

    (line,) = [line for line in told.splitlines() if line.startswith("Look at: Probable name")]
    assert line.endswith(": 'Kwabena'.")
    assert "Submitted, saved" in told
    for command in ("why", "show"):
        assert "Probable name" not in one.run("P-1", command, audit).stdout


def test_words_of_the_place_are_left_alone_and_a_spoilt_list_is_refused(one: Service) -> None:
    audit = sorted(one.auditors)[2]
    who, file = one.auditors[audit], one.folder / NOT_NAMES
    file.write_text("# here\nKestrel House\n", "utf-8")
    assert "Looks like" not in one.talk(who, audit, "n", "Seen at Kestrel House.")

    file.write_text("x" * 200)
    refused = one.run(who, "grade", audit, "--plain", typed="", check=False)
    assert refused.returncode == 2
    assert "W056 this list of words cannot be used: line 1 is longer than 80 characters" in refused.stderr
    file.unlink()


def test_a_list_that_is_too_large_or_no_file_is_refused(tmp_path: Path) -> None:
    assert not_names(None) == not_names(tmp_path) == frozenset()
    (tmp_path / NOT_NAMES).write_text("a\n" * MAX_BYTES)
    with pytest.raises(Unusable, match="W056 this list of words cannot be used: it is larger than 65,536 bytes"):
        not_names(tmp_path)
    (tmp_path / NOT_NAMES).unlink()
    (tmp_path / NOT_NAMES).mkdir()
    with pytest.raises(Unusable, match="it is no ordinary file"):
        not_names(tmp_path)


def test_a_file_of_answers_is_told_the_kind_and_the_criterion_and_never_the_name(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(
        'ratings: {heard.seen: {grade: good, evidence: found, note: "Kwabena, born 3 May 2017, was seen."}}\n'
    )
    done = run_audit("rubric", "grade", "quality_and_impact", "answers.yaml", "--json", cwd=tmp_path, check=False)
    warnings = json.loads(done.stdout)["warnings"]
    assert "Probable name in the note on 'Child seen and engaged'." in warnings
    assert "Probable date of birth in the note on 'Child seen and engaged'." in warnings

    words = run_audit("rubric", "grade", "quality_and_impact", "answers.yaml", cwd=tmp_path, check=False).stdout
    assert "Probable name in the note on 'Child seen and engaged'." in words
    assert "Kwabena" not in done.stdout + words
