"""The published overview is computed again from case-level records, to the digits printed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.whole.conftest import run_audit

PUBLISHED: dict[str, Any] = json.loads((Path(__file__).parent.parent / "published.json").read_text())
BOARD: dict[str, Any] = PUBLISHED["board_paper_2023_24_q3"]
YEAR_TO_DATE = ("summary", "2023-24-Q3", "--year-to-date")


@pytest.fixture(scope="module")
def figures(demo: tuple[Path, str]) -> dict[str, dict[str, Any]]:
    told = json.loads(run_audit(*YEAR_TO_DATE, "--json", cwd=demo[0]).stdout)
    return {figure["measure"]: figure for figure in told["figures"]}


@pytest.fixture(scope="module")
def documents(demo: tuple[Path, str]) -> dict[str, str]:
    """Every rendition of the overview, as the words a reader sees, line ends and padding folded."""
    folder, printed = demo
    files = {file.suffix: file.read_text() for file in (folder / "summaries").iterdir()}
    page = files[".html"].partition("<body>")[2]
    words = {"terminal": printed, "markdown": files[".md"], "html": re.sub(r"<[^>]*>", " ", page)}
    return {name: " ".join(text.split()) for name, text in words.items()}


@pytest.mark.parametrize(
    ("measure", "count"),
    [
        ("audits", BOARD["counts"]["all_audits"]),
        ("local_audits", BOARD["counts"]["local_qi"]),
        ("national_audits", BOARD["counts"]["national_pqa"]),
        ("performance_board_audits", BOARD["counts"]["performance_board_qi"]),
        ("observations", BOARD["counts"]["observations"]),
        ("moderations", BOARD["counts"]["moderations"]),
    ],
)
def test_published_counts(figures: dict[str, dict[str, Any]], measure: str, count: int) -> None:
    assert figures[measure]["denominator"]["count"] == count
    assert "percent" not in figures[measure]


@pytest.mark.parametrize(
    ("measure", "count"),
    [
        ("collaborative", BOARD["counts"]["collaborative"]),
        ("feedback", BOARD["counts"]["with_feedback"]),
        ("oversight_recorded", BOARD["counts"]["mgmt_oversight_found"]),
        ("supervision_recorded", BOARD["counts"]["supervision_found"]),
        ("national_good_or_better", 312),
    ],
)
def test_published_numerators(figures: dict[str, dict[str, Any]], measure: str, count: int) -> None:
    assert figures[measure]["numerator"]["count"] == count


@pytest.mark.parametrize("pair", BOARD["must_print"], ids=lambda pair: f"{pair['num']} of {pair['den']}")
def test_what_must_be_printed_stands_in_every_rendition(documents: dict[str, str], pair: dict[str, Any]) -> None:
    pattern = rf"{pair['num']:,} of {pair['den']:,} [^%()]*\({pair['pct_1dp']}%\)"
    for name, text in documents.items():
        assert re.search(pattern, text), name


@pytest.mark.parametrize("pair", BOARD["must_never_print"], ids=lambda pair: f"{pair['num']} of {pair['den']}")
def test_what_must_never_be_printed_stands_nowhere(documents: dict[str, str], pair: dict[str, Any]) -> None:
    for name, text in documents.items():
        assert f"{pair['num']:,} of {pair['den']:,}" not in text, name


@pytest.mark.parametrize("implied", BOARD["implied_denominators"], ids=lambda implied: str(implied["num"]))
def test_implied_denominators(figures: dict[str, dict[str, Any]], implied: dict[str, Any]) -> None:
    (figure,) = (f for f in figures.values() if f.get("numerator", {}).get("count") == implied["num"])

    assert implied["min"] <= figure["denominator"]["count"] <= implied["max"]
    assert round(100 * implied["num"] / figure["denominator"]["count"]) == implied["pct"]
    assert "expected" in figure["denominator"]["called"]


def test_every_percentage_in_every_rendition_stands_behind_its_denominator(documents: dict[str, str]) -> None:
    for name, text in documents.items():
        percentages = re.findall(r"[\d.]+%", text)
        on_denominators = re.findall(r"(?:[\d,]+|none) of [\d,]+(?: [^%()]*)? \([\d.]+%\)", text)
        assert len(percentages) == len(on_denominators) >= 40, name


def test_waterfalls_add_up(figures: dict[str, dict[str, Any]]) -> None:
    for figure in figures.values():
        left_out = sum(part["count"] for part in figure["left_out"])
        assert figure["population"]["count"] - left_out == figure["denominator"]["count"], figure["measure"]
        if "shares" in figure:
            assert sum(part["count"] for part in figure["shares"]) == figure["denominator"]["count"]


def test_areas_and_streams_add_up_to_the_whole(demo: tuple[Path, str], figures: dict[str, dict[str, Any]]) -> None:
    told = json.loads(run_audit(*YEAR_TO_DATE, "--json", cwd=demo[0]).stdout)
    for by in ("area", "stream"):
        sums: dict[str, int] = {}
        for line in told["by"][by]:
            sums[line["measure"]] = sums.get(line["measure"], 0) + line["denominator"]["count"]
        assert sums
        assert sums == {measure: figures[measure]["denominator"]["count"] for measure in sums}


def test_the_quarters_add_up_to_the_year_to_date(demo: tuple[Path, str], figures: dict[str, dict[str, Any]]) -> None:
    parts = [json.loads(run_audit("summary", f"2023-24-Q{n}", "--json", cwd=demo[0]).stdout) for n in (1, 2, 3)]
    by_quarter = [{f["measure"]: f for f in part["figures"]} for part in parts]
    for measure in ("audits", "collaborative", "feedback", "supervision_recorded", "observations", "moderations"):
        counts = [quarter[measure]["denominator"]["count"] for quarter in by_quarter]
        assert all(count > 0 for count in counts)
        assert sum(counts) == figures[measure]["denominator"]["count"]


def test_children_and_cases_are_different_counts(figures: dict[str, dict[str, Any]]) -> None:
    cases = figures["open_cases"]["denominator"]["count"]

    assert cases == 30_000
    assert figures["children_in_open_cases"]["numerator"]["count"] > cases


def test_the_same_data_make_the_same_bytes(demo: tuple[Path, str], tmp_path: Path) -> None:
    for folder in ("one", "two"):
        run_audit(*YEAR_TO_DATE, "--to", str(tmp_path / folder), cwd=demo[0])
    names = sorted(file.name for file in (tmp_path / "one").iterdir())

    assert len(names) == 2
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
