"""Whatever happens to a file on its way, reading it ends in lines or in problems with a place; never in a traceback."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit_engine.problems import Problem, Unusable
from tests.exchange.conftest import Read
from tests.exchange.test_good_files import AUDITS, CASES

SHORT, LONG = 100, 500
SEED = 20231231
PEOPLE = (
    "person,name,role,team,area,manages_team,from,to\n"
    "M-1,Mia Marsh,manager,North Wren,North,North Wren,2020-01-06,\n"
    "P-1,Pat Pool,practitioner,North Wren,North,,2020-01-06,2024-01-31\n"
)
OBSERVATIONS = (
    "observation,practitioner,team,area,observed_on,work_type,consent,feedback_given_on\n"
    "O-1,P-1,North Wren,North,2023-05-02,wtfh,yes,2023-05-03\n"
)
INDICATORS = (
    "indicator,period,area,numerator,denominator,value,unit,source\n"
    "seen,2023-24-Q3,North,922,1000,92.2,percent,case system\n"
)
GOOD = {"people": PEOPLE, "cases": CASES, "audits": AUDITS, "observations": OBSERVATIONS, "indicators": INDICATORS}
CELLS = (
    "", " ", "=1", "-", "-1", "+", "@x", '"', '""', "\0", "\x1b[2J", "\u202e", "\ufeff", "é", "\U0001f600",
    "x" * 10_001,
    "31/02/2025", "01/02/2025", "45000", "0000-00-00", "9999-12-31", "1e9", "1_000", "٣", "none", "none;none", ";",
    ";;", "not_expected:", "rating:", "\r", "\n", "\t", "C-1", "Q-1", "P-1", "yes", "2023-24-Q9", "100.1", "NaN",
)  # fmt: skip
PIECES = (b"", b",", b'"', b'""', b"\n", b"\r\n", b";", b"=", b"-", b"0", b"9", b"x", b" ", b"\0", b"\xc2\xa3")
ENCODINGS = (*["utf-8"] * 16, "cp1252", "utf-16", "utf-16-le", "latin-1", "ascii", "utf-32", "nonsense")


def _bytes(rng: random.Random, raw: bytes) -> bytes:
    """Some bytes changed, cut out or put in."""
    changed = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(changed))
        put = rng.randbytes(rng.randrange(3)) if rng.random() < 0.2 else rng.choice(PIECES)
        changed[place : place + rng.randrange(3)] = put
    return bytes(changed)


def _cells(rng: random.Random, raw: bytes) -> bytes:
    """Some cells replaced by something nasty."""
    rows = [line.split(",") for line in raw.decode().splitlines()]
    for _ in range(rng.randint(1, 4)):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice(CELLS)
    return "\n".join(",".join(row) for row in rows).encode()


def _structure(rng: random.Random, raw: bytes) -> bytes:
    """Lines and columns moved, doubled or lost; other separators and line ends; the end cut off."""
    lines = raw.decode().splitlines()
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(lines))
        lines[place:place] = rng.choice(([], [lines[0]], [lines[-1]], ["", ","], [lines[place].replace(",", '"')]))
        lines[place] = rng.choice(
            (lines[place], lines[place][::-1], lines[place] + ",", lines[place].rpartition(",")[0])
        )
    text = rng.choice(("\n", "\r\n", "\r", "\n\n")).join(lines).replace(",", rng.choice((",", ",", ";", "\t", "|")))
    return text[: rng.randint(0, len(text))].encode() if rng.random() < 0.3 else text.encode()


def _mutations(count: int) -> list[tuple[int, str, str, bytes]]:
    """(number, kind, encoding, bytes), the same every time."""
    rng = random.Random(SEED)  # noqa: S311 - chosen to be repeatable, not secret
    ways: tuple[Callable[[random.Random, bytes], bytes], ...] = (_bytes, _cells, _structure)
    made = []
    for number in range(count):
        kind = rng.choice(list(GOOD))
        raw = ways[number % len(ways)](rng, GOOD[kind].encode())
        made.append((number, kind, rng.choice(ENCODINGS), raw))
    return made


def _refused(read: Read, folder: Path, count: int) -> int:
    refused = 0
    for number, kind, encoding, raw in _mutations(count):
        path = folder / f"{kind}_{number}.csv"
        path.write_bytes(raw)
        wrong, lines = _outcome(read, path, encoding)
        refused += bool(wrong)
        assert bool(wrong) != bool(lines)
        assert all(problem.help and problem.code.startswith("X") for problem in wrong)
        assert not any(character < " " for problem in wrong for character in problem.message + problem.help)
    return refused


def _outcome(read: Read, path: Path, encoding: str) -> tuple[tuple[Problem, ...], list[Any]]:
    try:
        return (), read(path, encoding=encoding)[1]
    except Unusable as wrong:
        return wrong.problems, []


def test_the_files_are_good_before_anything_happens_to_them(read: Read, tmp_path: Path) -> None:
    for kind, text in GOOD.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8", newline="")
        read(path)


def test_mutated_files_are_refused_in_words_or_read(read: Read, tmp_path: Path) -> None:
    # Not empty: nearly all mutations spoil the file, and a few leave it good.
    assert SHORT * 0.7 < _refused(read, tmp_path, SHORT) < SHORT


@pytest.mark.long
def test_many_mutated_files_are_refused_in_words_or_read(read: Read, tmp_path: Path) -> None:
    assert LONG * 0.7 < _refused(read, tmp_path, LONG) < LONG
