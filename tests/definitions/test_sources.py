"""YAML is judged before anything is built from it."""

import os
from pathlib import Path

import pytest

from audit_engine.definitions.sources import MAX_BYTES, read_source, source_from
from audit_engine.problems import Unusable


def problem_of(raw: bytes) -> str:
    with pytest.raises(Unusable) as wrong:
        source_from(raw, "file.yaml")
    return str(wrong.value)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b'a: !!python/object/apply:os.system ["id"]', "1:4: D009 tags are not used", id="A2-python-tag"),
        pytest.param(b"a: !foo 1", "1:4: D009 tags are not used", id="A2-own-tag"),
        pytest.param(b"a: &x [1]\nb: *x", "1:4: D007 aliases and anchors", id="A3-anchor"),
        pytest.param(b"a: &a [*a]", "1:4: D007 aliases and anchors", id="A4-recursive"),
        pytest.param(b"a: *nobody", "1:4: D007 aliases and anchors", id="A3-alias"),
        pytest.param(b"a: " + b"[" * 200_000, "D003 this is nested more than 20 levels deep", id="A5-brackets"),
        pytest.param(b"a:\n" + b"- x\n" * 6_000, "D003 this file holds more than 5,000 values", id="A6-values"),
        pytest.param(b"a: " + b"x" * 20_000, "D003 this text is longer than 10,000 characters", id="A6-scalar"),
        pytest.param(b"to: closed\nto: open", "2:1: D011 the key 'to' stands here twice: first on line 1", id="A7"),
        pytest.param(b"<<: {a: b}\n", "1:1: D007 merge keys", id="A8-merge"),
        pytest.param("a: b".encode("utf-16"), "D002 this file is in UTF-16", id="A9-utf16"),
        pytest.param(b"a: caf\xe9\n", "1:1: D002 byte 7 of this file is not UTF-8 text", id="A9-latin1"),
        pytest.param(b"a: b\x00c", "1:5: D004 there is a hidden or control character here (U+0000)", id="A9-nul"),
        pytest.param(b"a:\n\tb: c", "2:1: D005 the YAML cannot be read here", id="A9-tab"),
        pytest.param(
            "a: x\u202ey".encode(), "1:5: D004 there is a hidden or control character here (U+202E)", id="bidi"
        ),
        pytest.param(b"a: b\n---\nc: d", "2:1: D006 a second document starts here", id="A10-two"),
        pytest.param(b"", "1:1: D008 expected one mapping", id="A10-empty"),
        pytest.param(b"word", "1:1: D008 expected one mapping", id="A10-word"),
        pytest.param(b"? [a]\n: b", "1:3: D010 a key must be a word", id="list-as-key"),
        pytest.param(b"a: [1\nb: 2", "D005 the YAML cannot be read here", id="syntax"),
        pytest.param(b"%YAML 9.9\n---\na: b", "D005 the YAML cannot be read here", id="version"),
    ],
)
def test_what_is_refused_and_where(raw: bytes, expected: str) -> None:
    assert expected in problem_of(raw)


def test_scalars_stay_as_they_were_written() -> None:
    source = source_from(b"a: no\nb: 12:30:00\nc: 1.10\nd: 017\ne: .nan\nf: 2024-02-30\ng: ~\n", "file.yaml")

    assert source.content == {
        "a": "no", "b": "12:30:00", "c": "1.10", "d": "017", "e": ".nan", "f": "2024-02-30", "g": "~",
    }  # fmt: skip


def test_a_byte_order_mark_and_windows_line_ends_are_welcome() -> None:
    source = source_from(b"\xef\xbb\xbfa: b\r\nc: d\r\n", "file.yaml")

    assert source.content == {"a": "b", "c": "d"}


def test_a_place_is_line_and_column_of_the_value_or_of_its_key() -> None:
    source = source_from(b"events:\n  - to:   'closed'\n", "file.yaml")

    assert str(source.place(("events", 0, "to"))) == "file.yaml:2:12"
    assert str(source.place(("events", 0, "to"), key=True)) == "file.yaml:2:5"
    assert str(source.place(("events", 0, "missing"))) == "file.yaml:2:5"


def test_a_file_larger_than_the_limit_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"a: b #" + b"x" * MAX_BYTES)

    with pytest.raises(Unusable, match="D003 this file is larger than"):
        read_source(file)


def test_a_pipe_or_folder_or_nothing_is_not_a_definition(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)

    for path in (pipe, tmp_path, tmp_path / "nothing.yaml"):
        with pytest.raises(Unusable, match="D001"):
            read_source(path)
