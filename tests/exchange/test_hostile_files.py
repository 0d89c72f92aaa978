"""Files that are too large, too wide, too wrong, or no files: an answer with a place, soon, and nothing half-read."""

import time
from pathlib import Path
from typing import Any

import pytest

from audit_engine.exchange import files
from audit_engine.exchange.tally import LISTED
from audit_engine.problems import Problem, Unusable
from tests.exchange.conftest import Read

HEADING = "case,area,team,practitioner,law_type,work_type,opened\n"
ROW = "C-{},North,North Wren,P-1,private,wtfh,2023-03-01\n"


def _problems(read: Read, path: Path, text: str | bytes | None, **options: Any) -> tuple[Problem, ...]:
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Unusable) as wrong:
        read(path, "cases", **options)
    return wrong.value.problems


@pytest.mark.parametrize("length", [1_000_000, 3_000_000])
def test_an_endless_cell_has_a_row_and_a_column(tmp_path: Path, read: Read, length: int) -> None:
    text = HEADING + ROW.format(1) + f"C-2,North,{'x' * length},P-1,private,wtfh,2023-03-01\n"

    [problem] = _problems(read, tmp_path / "cases.csv", text)

    assert (problem.code, problem.place.line, problem.place.column) == ("X022", 3, "team")


def test_a_quote_opened_in_a_large_file_is_found_soon(tmp_path: Path, read: Read) -> None:
    rows = [ROW.format(n) for n in range(60_000)]
    rows[20] = rows[20].replace("North Wren", '"North Wren')
    started = time.monotonic()

    problems = _problems(read, tmp_path / "cases.csv", HEADING + "".join(rows))

    assert [(p.code, p.place.line, p.place.column) for p in problems] == [("X022", 22, "team")]
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("encoding", "message"),
    [("utf8x", "there is no encoding"), ("rot13", "there is no encoding"), ("utf-7", "there is no encoding"),
     ("", "there is no encoding"), ("idna", "no encoding"), ("utf-16", "the mark"), ("ascii\0", "no encoding")],
)  # fmt: skip
def test_only_encodings_of_words_may_be_named(tmp_path: Path, read: Read, encoding: str, message: str) -> None:
    [problem] = _problems(read, tmp_path / "cases.csv", HEADING + ROW.format(1), encoding=encoding)

    assert message in problem.message
    assert problem.help


def test_an_encoding_that_contradicts_the_file_is_refused(tmp_path: Path, read: Read) -> None:
    [problem] = _problems(read, tmp_path / "cases.csv", ("\ufeff" + HEADING).encode(), encoding="cp1252")

    assert (problem.code, problem.help) == ("X006", "Leave out --encoding.")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_byte_that_does_not_fit_is_named(tmp_path: Path, read: Read, mark: bytes) -> None:
    raw = mark + (HEADING + ROW.format(1)).encode() + ROW.format(2).encode().replace(b"Wren", b"Wr\xa3n")

    [problem] = _problems(read, tmp_path / "cases.csv", raw)

    assert (problem.place.line, problem.message) == (3, "byte 0xA3 in this row is not UTF-8 text")
    assert "--encoding cp1252" in problem.help


def test_a_broken_heading_is_not_replaced_by_the_next_row(tmp_path: Path, read: Read) -> None:
    problems = _problems(read, tmp_path / "cases.csv", HEADING.replace("area", '"a"rea') + HEADING + ROW.format(1))

    assert [(problem.place.line, problem.code) for problem in problems] == [(1, "X008")]


def test_what_is_no_file_is_refused(tmp_path: Path, read: Read) -> None:
    [folder] = _problems(read, tmp_path, None)
    [absent] = _problems(read, tmp_path / "absent.csv", None)
    [strange] = _problems(read, tmp_path / "a\0b.csv", None)

    assert {folder.code, absent.code, strange.code} == {"X001"}


def test_the_limits_are_kept(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(ROW.format(n) for n in range(12))
    monkeypatch.setattr(files, "MAX_ROWS", 11)
    [too_many] = _problems(read, tmp_path / "cases.csv", HEADING + rows)
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    [too_large] = _problems(read, tmp_path / "cases.csv", HEADING + rows)
    wide = ",".join(["case", *(f"c{n}" for n in range(500))])
    monkeypatch.setattr(files, "MAX_BYTES", 100_000)
    [too_wide] = _problems(read, tmp_path / "cases.csv", wide + "\n")

    assert (too_many.code, too_large.code, too_wide.code) == ("X003", "X002", "X004")


def test_more_problems_than_anybody_reads_are_counted(tmp_path: Path, read: Read) -> None:
    rows = [ROW.format(n).replace("wtfh", f"w{n}") for n in range(6_000)]
    rows.append(ROW.format(6_001).replace("2023-03-01", "45000"))

    problems = _problems(read, tmp_path / "cases.csv", HEADING + "".join(rows))

    assert len(problems) == LISTED + 1
    assert problems[-1].message == "and 5,801 more problems of the same kinds"
    assert {problem.code for problem in problems} == {"X025", "X030", "X099"}
    assert [p.place.line for p in problems[:3]] == [2, 3, 4]


def test_a_list_in_which_everything_is_wrong_is_answered_soon(tmp_path: Path, read: Read) -> None:
    rows = [f"={n},x{n},y{n},z{n},p{n},w{n},{n}/{n}/{n}\n" for n in range(10_000)]
    started = time.monotonic()

    problems = _problems(read, tmp_path / "cases.csv", HEADING + "".join(rows))

    assert len(problems) == LISTED + 1
    assert time.monotonic() - started < 10


def test_a_name_in_the_file_cannot_steer_the_terminal(tmp_path: Path, read: Read) -> None:
    text = 'case,"ar\x1b]0;x\x07ea","te\nam: X001 fake",practitioner,law_type,work_type,opened\n'

    told = str(Unusable(_problems(read, tmp_path / "cases.csv", text, name="ca\x1bses.csv")))

    assert "\x1b" not in told
    assert "\nam" not in told


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path, read: Read) -> None:
    text = (
        HEADING.replace("law_type", "lawtype")
        + ROW.format(1).replace("2023", "0023")
        + ROW.format(1).replace("North,", "South,")
        + "C-3\n"
    )

    problems = _problems(read, tmp_path / "cases.csv", text)

    assert [(p.place.line, p.code) for p in problems] == [
        (1, "X013"), (2, "X029"), (3, "X045"), (3, "X040"), (4, "X017"),
    ]  # fmt: skip
