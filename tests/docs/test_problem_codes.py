"""Every problem the program can tell of is explained once, and nothing is explained that it never tells."""

import re
from collections import Counter
from pathlib import Path

_WRITTEN = re.compile(r"\"([DWXPT]\d{3})\"")
_ROW = re.compile(r"^\|\s*`?([DWXPT]\d{3})`?\s*\|", re.MULTILINE)


def codes() -> set[str]:
    files = (file for package in ("audit_engine", "tui") for file in Path(package).rglob("*.py"))
    return {code for file in files for code in _WRITTEN.findall(file.read_text("utf-8"))}


def rows() -> Counter[str]:
    pages = Path("docs/reference").glob("problems*.md")
    return Counter(code for page in pages for code in _ROW.findall(page.read_text("utf-8")))


def test_every_code_has_exactly_one_row() -> None:
    told, explained = codes(), rows()

    assert len(told) > 120
    assert {code: explained[code] for code in sorted(told) if explained[code] != 1} == {}


def test_every_row_is_about_a_code_the_program_tells() -> None:
    assert sorted(rows().keys() - codes()) == []


def test_the_index_names_every_page_of_problems() -> None:
    index = Path("docs/reference/problems.md").read_text("utf-8")

    for page in Path("docs/reference").glob("problems-*.md"):
        assert f"({page.name})" in index
