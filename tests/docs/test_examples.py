"""What the how-to pages tell people to write can be used as it stands there."""

import re
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import load, shipped_folder
from audit_engine.definitions.mapping import read_mapping
from audit_engine.definitions.sources import source_from

PAGES = Path("docs/how-to")
_YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(page: str) -> list[str]:
    return _YAML.findall((PAGES / page).read_text("utf-8"))


def test_the_rubric_of_the_page_is_one(tmp_path: Path) -> None:
    criteria, rubric, _, programme = examples("write-a-rubric.md")
    for name, text in (
        ("rubrics/criteria/farewell.yaml", criteria),
        ("rubrics/ending_well.yaml", rubric),
        ("workflows/programmes/ending_well.yaml", programme),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    catalogue = load(tmp_path)

    assert "ending_well" in catalogue.rubrics
    assert catalogue.programme_of("thematic") is not None


def test_the_measure_of_the_page_is_one(tmp_path: Path) -> None:
    (measure,) = examples("write-a-measure.md")
    name = "rubrics/measures/quality_overview.yaml"
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text((shipped_folder() / name).read_text("utf-8") + measure, encoding="utf-8")

    measures = load(tmp_path).measure_set("quality_overview").measures

    assert "wishes_in_private_law" in [measure.id for measure in measures]


@pytest.mark.parametrize(("place", "reads"), [(0, "cases"), (1, "audits")])
def test_the_mappings_of_the_page_are_some(place: int, reads: str) -> None:
    text = examples("import-your-files.md")[place]

    assert read_mapping(source_from(text.encode(), "mapping.yaml"), reads).reads == reads


def test_every_column_of_every_file_is_named_on_the_page() -> None:
    page = (PAGES / "import-your-files.md").read_text("utf-8")
    sources = [Path(f"audit_engine/exchange/{kind}.py") for kind in ("people", "cases", "audits", "indicators")]
    columns = {name for file in sources for name in re.findall(r"Declared\(\"(\w+)\"", file.read_text("utf-8"))}
    columns |= {fact.id for fact in load().codebooks["case_facts"].listed}

    assert len(columns) > 50
    assert sorted(column for column in columns if f"`{column}`" not in page) == []


def test_the_programme_of_the_page_is_one(tmp_path: Path) -> None:
    (programme,) = examples("draw-and-allocate.md")
    file = tmp_path / "workflows/programmes/local_quality_and_impact.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(programme, encoding="utf-8")

    assert load(tmp_path).programmes["local_quality_and_impact"].version == "1.2.0"


def test_the_workflow_of_the_page_is_one_and_its_parts_are_shipped_or_fit(tmp_path: Path) -> None:
    part, tightened, promised, whole = examples("change-a-workflow.md")
    shipped = (shipped_folder() / "workflows/case_audit.yaml").read_text("utf-8")
    event = part.partition("events:\n")[2]
    assert event in shipped
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows/light_audit.yaml").write_text(whole, encoding="utf-8")
    tighter = shipped.replace(event, event.replace("    ends:\n", f"{tightened}    ends:\n"))
    tighter, _, _ = tighter.partition("# What this workflow promises")
    (tmp_path / "workflows/case_audit.yaml").write_text(tighter + promised, encoding="utf-8")

    catalogue = load(tmp_path)

    assert catalogue.workflow("light_audit").first.id == "drawn"
    assert len(catalogue.workflow("case_audit").properties) == 3
    (demand,) = catalogue.workflow("case_audit").event("share").conditions
    assert "three times" in demand[1]
