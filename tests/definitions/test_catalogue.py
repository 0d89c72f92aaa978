"""All definitions together: which file counts, what is pinned, and that what was released stays as it was."""

import hashlib
import json
import os
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest

from audit_engine.definitions import files as files_module
from audit_engine.definitions.catalogue import MAX_FILES, Catalogue, load, shipped_folder
from audit_engine.definitions.judging import PROVED
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.problems import Unusable
from tests.definitions.conftest import FOLDERS, Put, shipped_files
from tests.definitions.released import RELEASED, differences, line, proved_text, released_text


def shipped(path: str) -> str:
    return (shipped_folder() / path).read_text(encoding="utf-8")


def said(site: Path) -> str:
    with pytest.raises(Unusable) as wrong:
        load(site)
    return str(wrong.value)


# --- what is found ----------------------------------------------------------------------------------------------


def test_every_shipped_file_loads_and_is_counted() -> None:
    found = load()

    assert found.files == len(shipped_files())
    assert {kind for kind, _ in found.pins} == {"rubric", "measure_set", "workflow", "programme"}
    files = {kind: [file.stem for k, file in shipped_files() if k == kind] for kind in FOLDERS}
    assert sorted(found.rubrics) == files["rubrics"]
    assert sorted(found.measure_sets) == files["measures"]
    assert sorted(found.workflows) == files["workflows"]
    assert sorted(found.workflows) == files["workflows"]
    assert sorted(found.programmes) == files["programmes"]


def test_the_folder_of_the_shipped_files_is_no_second_site() -> None:
    assert load(shipped_folder()).files == load().files


def test_a_site_file_wins_by_its_name_over_the_shipped_one(put: Put, site: Path) -> None:
    text = shipped("rubrics/supervision.yaml").replace("title: Supervision", "title: Our supervision")
    put("rubrics", "supervision.yaml", text.encode())

    found = load(site)

    assert found.files == load().files
    assert found.rubric("supervision").rubric.title == "Our supervision"
    assert found.pins["rubric", "supervision"].digest != load().pins["rubric", "supervision"].digest
    assert list(found.rubrics) == list(load().rubrics), "a replaced file keeps its place"


def test_a_site_file_of_another_name_stands_beside_the_shipped_ones(put: Put, site: Path) -> None:
    put("rubrics", "a.yaml", shipped("rubrics/supervision.yaml").replace("rubric: supervision", "rubric: a").encode())

    found = load(site)

    assert found.files == load().files + 1
    assert list(found.rubrics) == [*load().rubrics, "a"]


def test_a_site_without_definitions_changes_nothing(site: Path) -> None:
    assert load(site).pins == load().pins


def test_nothing_is_called_what_is_not_there() -> None:
    with pytest.raises(Unusable, match=r"qualty: D018 there is no rubric of this name"):
        load().rubric("qualty")
    with pytest.raises(Unusable, match=r"Known here: quality_overview|Did you mean 'quality_overview'"):
        load().measure_set("overview")


def test_a_stream_has_one_programme_or_none() -> None:
    found = load()

    programme = found.programme_of("local")
    assert programme is not None
    assert programme.programme == "local_quality_and_impact"
    assert found.programme_of("thematic") is None


# --- what is refused --------------------------------------------------------------------------------------------


def test_a_link_out_of_the_site_is_refused_and_one_inside_is_followed(put: Put, site: Path) -> None:
    text = shipped("rubrics/supervision.yaml").encode()
    put("elsewhere", "kept.yaml", text)
    Path("rubrics").mkdir()
    Path("rubrics/supervision.yaml").symlink_to("../elsewhere/kept.yaml")
    assert load(site).files == load().files

    Path("rubrics/passwords.yaml").symlink_to("/etc/passwd")
    Path("rubrics/round.yaml").symlink_to("round.yaml")

    assert said(site).splitlines() == [
        "rubrics/passwords.yaml: D001 this link leads out of the workspace",
        "    help: Put the file itself here.",
        "rubrics/round.yaml: D001 this link leads out of the workspace",
        "    help: Put the file itself here.",
    ]


@pytest.mark.parametrize("folder", ["rubrics", "workflows"])
def test_a_file_where_a_folder_belongs_is_a_problem(site: Path, folder: str) -> None:
    Path(folder).write_text("rubric: a")

    assert f"{folder}: D001 this is not a folder" in said(site)


def test_a_folder_that_leads_out_of_the_site_is_refused(site: Path) -> None:
    Path("rubrics").symlink_to(shipped_folder() / "rubrics")

    assert "rubrics/supervision.yaml: D001 this link leads out of the workspace" in said(site)


def test_a_pipe_does_not_hang(site: Path) -> None:
    Path("rubrics").mkdir()
    os.mkfifo("rubrics/pipe.yaml")

    assert said(site).startswith("rubrics/pipe.yaml: D001 this is not an ordinary file")


def test_a_file_ending_in_yml_is_not_passed_over_in_silence(put: Put, site: Path) -> None:
    put("rubrics", "ours.yml", b"rubric: ours\n")

    assert said(site).startswith("rubrics/ours.yml: D001 definitions end in .yaml, so this file is not read")


def test_too_many_files_are_refused(put: Put, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "MAX_FILES", 10)
    for n in range(11):
        put("scales", f"s{n:02}.yaml", b"scale: s\n")

    assert MAX_FILES >= 100
    assert said(site).startswith("rubrics/scales: D003 there are more than 10 definitions in this folder")


def test_criteria_need_the_codebook_they_speak_of(put: Put, site: Path) -> None:
    text = shipped("rubrics/codebooks/case_facts.yaml").replace("codebook: case_facts", "codebook: our_facts")
    put("codebooks", "case_facts.yaml", text.encode())

    assert said(site).splitlines() == [
        (
            "rubrics/criteria/better_represented.yaml:3:10: D018 these criteria speak of the facts in the codebook "
            "'case_facts', and there is none of this name"
        ),
        "    help: Did you mean 'area_facts'?",
    ]


def test_a_criterion_whose_condition_another_codebook_cannot_answer_is_refused(put: Put, site: Path) -> None:
    """It was judged over the facts of a case; over other facts it would never hold, and nobody would know."""
    put("codebooks", "team_facts.yaml", b"codebook: team_facts\nversion: 1.0.0\ntitle: Team\nfacts:\n"
        b"  - {id: size_of_team, title: Size, means: How many., type: number}\n")  # fmt: skip
    text = shipped("rubrics/supervision.yaml").replace("facts: case_facts", "facts: team_facts")
    put("rubrics", "supervision.yaml", text.encode())

    told = said(site).splitlines()

    assert all("D042 when '" in problem for problem in told[::2])
    assert "depends on facts that the codebook 'team_facts' does not hold" in told[0]


# --- pins -------------------------------------------------------------------------------------------------------


def test_a_pin_is_the_digest_of_its_text_and_the_text_is_all_of_it() -> None:
    found = load()

    for pin in found.pins.values():
        assert pin.digest == hashlib.sha256(pin.text.encode()).hexdigest()
    kept = json.loads(found.pins["rubric", "supervision"].text)
    assert kept["rubric"] == shipped("rubrics/supervision.yaml")
    assert kept["scale"] == shipped("rubrics/scales/four_grade.yaml")
    assert kept["facts"] == shipped("rubrics/codebooks/case_facts.yaml")
    libraries = {text for part, text in kept.items() if part.startswith("criteria")}
    assert shipped("rubrics/criteria/supervision_and_oversight.yaml") in libraries


def changed(put: Put, site: Path, kind: str, name: str, old: str, new: str) -> Catalogue:
    text = shipped(f"{FOLDERS[kind]}/{name}")
    assert text.count(old) >= 1
    put(kind, name, text.replace(old, new, 1).encode())
    return load(site)


def _rubrics(holds: Callable[[ReadRubric], bool]) -> frozenset[str]:
    return frozenset(name for name, rubric in load().rubrics.items() if holds(rubric))


_HEARD = _rubrics(lambda rubric: "heard.seen" in rubric.criteria)
_GRADED_SO = _rubrics(
    lambda rubric: (
        "four_grade"
        in {scale.scale for scale in (rubric.scale, *rubric.scales.values(), *rubric.section_scales.values())}
    )
) | {"case_audit", "thematic_audit"}  # these workflows speak of its grades
_OF_CASES = _rubrics(lambda rubric: rubric.codebook.codebook == "case_facts")


@pytest.mark.parametrize(
    ("kind", "name", "old", "touched"),
    [
        ("criteria", "heard.yaml", "title: Heard", _HEARD),
        ("scales", "four_grade.yaml", "title: Four grades", _GRADED_SO),
        ("codebooks", "case_facts.yaml", "title: Type of law", _OF_CASES),
        ("rubrics", "supervision.yaml", "title: Supervision", ("supervision",)),
    ],
)
def test_a_pin_changes_with_everything_it_includes(
    kind: str, name: str, old: str, touched: Collection[str], put: Put, site: Path
) -> None:
    before = load().pins

    after = changed(put, site, kind, name, old, f"{old} (changed)").pins

    different = {key[1] for key in before if before[key].digest != after[key].digest}
    assert different == set(touched)


def test_a_pin_does_not_change_with_the_line_ends_of_the_file(put: Put, site: Path) -> None:
    raw = shipped("rubrics/supervision.yaml").replace("\n", "\r\n").encode()
    put("rubrics", "supervision.yaml", b"\xef\xbb\xbf" + raw)

    assert load(site).pins == load().pins


# --- what was released stays as it was --------------------------------------------------------------------------


def test_no_shipped_text_differs_from_what_was_released() -> None:
    assert differences(RELEASED.read_text(encoding="utf-8"), load().pins) == []
    assert RELEASED.read_text(encoding="utf-8") == released_text(load().pins.values())


def test_only_what_is_shipped_and_proved_by_the_tests_is_not_proved_anew() -> None:
    assert PROVED.read_text(encoding="utf-8") == proved_text(load().pins.values())


def test_a_change_under_the_same_version_is_told_with_what_to_do() -> None:
    pins = dict(load().pins)
    before = released_text(pins.values())
    key = ("rubric", "supervision")

    pins[key] = replace(pins[key], digest="0" * 64)
    assert differences(before, pins) == [
        (
            "the rubric supervision, or what it includes, changed and its version is still 1.1.0: "
            "give it a new version, then run `python -m tests.definitions.released`"
        ),
    ]
    pins[key] = replace(pins[key], version="1.2.0")
    assert "supervision went from 1.1.0 to 1.2.0: then run" in differences(before, pins)[0]
    del pins[key]
    assert "supervision 1.1.0 is gone" in differences(before, pins)[0]
    assert line(load().pins[key]) in before
