"""Spoils definition files in a repeatable way: bytes, tokens, lines, scalars, and whole parts of the structure."""

import json
import random
import re
from collections.abc import Callable
from typing import Any

from audit_engine.definitions.sources import source_from
from audit_engine.problems import Unusable

TOKENS = (
    ": ", "- ", "[", "]", "{", "}", '"', "'", "|", ">", "&a ", "*a", "!!python/object/apply:os.system ", "!x ", "<<: ",
    "---\n", "...\n", "\t", "# ", "%", "@", "`", "\n", "\n\n  ", "? ", ",", "\\", "\x00", "\x1b[31m", "\x85", "\u200b",
    "\u202e", "\u2028", "\ufeff", "\ufffe", "\U0001f600", "\u0301", "é", "ａ", "а", "\r", "\r\n",
)  # fmt: skip
SCALARS = (
    "", "~", "null", "true", "no", "0", "-1", "017", "1_000", "1e309", ".nan", "9" * 40, "1.0", "2.0.0", "12:30:00",
    "2024-02-30", "[]", "{}", "[a, b]", "{a: b}", "[[[]]]", "__class__", "no_such_name", "good", "case_facts", "yes",
    '"\\x1b[0m"', '"\\u202e"', '"a\\nb"', "x" * 300, "x" * 11_000, "'", "|", ">-", "0x1F", "<script>", "{{ 7*7 }}",
    "facts.law_type == 'privat'", "facts.weeks_open > 1", "facts.x.exists(y, y)", "((((", "true", "a && b", "size(1)",
    "\"'a' in facts.situational_triggers\"", "1 / 0 == 1", "__import__('os')", "!" * 400, "9**9**9", "has(facts.x)",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    "", "x", "no", "-1", "1.0.0", [], {}, ["x"], {"x": "y"}, [[]], [{}], {"": ""}, {"a": {"b": {"c": []}}},
    "facts.law_type == 'oops'", "x" * 3_000, ["x"] * 300, {f"k{n}": "x" for n in range(300)},
)  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


def _lines(raw: bytes) -> list[bytes]:
    return raw.split(b"\n")


def _changed_bytes(choose: random.Random, raw: bytes) -> bytes:
    spoilt = bytearray(raw)
    for _ in range(choose.randint(1, 4)):
        if spoilt:
            spoilt[choose.randrange(len(spoilt))] = choose.randrange(256)
    return bytes(spoilt)


def _cut_bytes(choose: random.Random, raw: bytes) -> bytes:
    start = choose.randrange(len(raw) + 1)
    return raw[:start] + raw[start + choose.randint(1, 30) :]


def _cut_off(choose: random.Random, raw: bytes) -> bytes:
    return raw[: choose.randrange(len(raw) + 1)]


def _token_put_in(choose: random.Random, raw: bytes) -> bytes:
    text = raw.decode(errors="ignore")
    at = choose.randrange(len(text) + 1)
    return (text[:at] + choose.choice(TOKENS) + text[at:]).encode()


def _look_alike(choose: random.Random, raw: bytes) -> bytes:
    text = raw.decode(errors="ignore")
    places = [match.start() for match in re.finditer("[aeocp]", text)]
    if not places:
        return raw
    at = choose.choice(places)
    return (text[:at] + dict(zip("aeocp", "аеоср", strict=True))[text[at]] + text[at + 1 :]).encode()


def _line_dropped(choose: random.Random, raw: bytes) -> bytes:
    lines = _lines(raw)
    start = choose.randrange(len(lines))
    del lines[start : start + choose.choice((1, 1, 1, 2, 5))]
    return b"\n".join(lines)


def _lines_repeated(choose: random.Random, raw: bytes) -> bytes:
    lines = _lines(raw)
    start = choose.randrange(len(lines))
    part = lines[start : start + choose.choice((1, 1, 3, 12))]
    at = choose.choice((start, choose.randrange(len(lines) + 1)))
    return b"\n".join([*lines[:at], *part, *lines[at:]])


def _line_moved_sideways(choose: random.Random, raw: bytes) -> bytes:
    lines = _lines(raw)
    at = choose.randrange(len(lines))
    lines[at] = choose.choice(
        (b"  " + lines[at], b" " + lines[at], b"\t" + lines[at], lines[at][2:], lines[at].strip())
    )
    return b"\n".join(lines)


_PAIR = re.compile(rb"^(\s*(?:- )?[\w.]+: )(.+)$", re.MULTILINE)


def _scalars_swapped(choose: random.Random, raw: bytes) -> bytes:
    pairs = list(_PAIR.finditer(raw))
    if len(pairs) < 2:
        return raw
    first, second = sorted(choose.sample(pairs, 2), key=lambda match: match.start())
    return b"".join(
        (raw[: first.start(2)], second[2], raw[first.end(2) : second.start(2)], first[2], raw[second.end(2) :])
    )


def _scalar_replaced(choose: random.Random, raw: bytes) -> bytes:
    pairs = list(_PAIR.finditer(raw))
    if not pairs:
        return raw
    pair = choose.choice(pairs)
    return raw[: pair.start(2)] + choose.choice(SCALARS).encode() + raw[pair.end(2) :]


def _word_misspelt(choose: random.Random, raw: bytes) -> bytes:
    words = list(re.finditer(rb"[a-z_]{4,}", raw))
    if not words:
        return raw
    word = choose.choice(words)
    at = choose.randrange(word.start(), word.end() - 1)
    return raw[:at] + raw[at + 1 : at + 2] + raw[at : at + 1] + raw[at + 2 :]


def _nested_deeply(choose: random.Random, raw: bytes) -> bytes:
    depth = choose.choice((3, 15, 25, 400, 20_000))
    opening, closing = choose.choice(((b"[", b"]"), (b"{a: ", b"}"), (b"- ", b"")))
    closed = closing * choose.choice((depth, depth - 1))
    return raw + b"\ndeep: " + opening * depth + b"x" + closed + b"\n"


def _part_changed(choose: random.Random, raw: bytes) -> bytes:
    """One part of the structure taken out, put twice, wrapped, emptied, renamed or put where another was."""
    try:
        content = source_from(raw, "spoilt.yaml").content
    except Unusable:
        return _scalar_replaced(choose, raw)
    holders: list[tuple[Any, Any]] = []
    pending: list[Any] = [content]
    while pending:
        holder = pending.pop()
        if isinstance(holder, dict | list):
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            holders += [(holder, key) for key in keys]
            pending += [holder[key] for key in keys]
    holder, key = choose.choice(holders)
    other, other_key = choose.choice(holders)
    what = choose.randrange(6)
    if what == 0:
        del holder[key]
    elif what == 1:
        holder[key] = [holder[key], json.loads(json.dumps(holder[key]))]
    elif what == 2:
        holder[key] = {str(other_key): holder[key]}
    elif what == 3 and isinstance(holder, dict):
        holder[f"{key}s"] = holder.pop(key)
    elif what == 4:
        holder[key] = json.loads(json.dumps(other[other_key]))
    else:
        holder[key] = choose.choice(VALUES)
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


MUTATIONS: tuple[Mutation, ...] = (
    _changed_bytes, _cut_bytes, _cut_off, _token_put_in, _look_alike, _line_dropped, _lines_repeated,
    _line_moved_sideways, _scalars_swapped, _scalar_replaced, _scalar_replaced, _word_misspelt, _word_misspelt,
    _nested_deeply, _part_changed, _part_changed, _part_changed,
)  # fmt: skip


def mutant(choose: random.Random, raw: bytes) -> bytes:
    """One file, spoilt once or a few times."""
    for _ in range(choose.choice((1, 1, 1, 2, 4))):
        raw = choose.choice(MUTATIONS)(choose, raw)
    return raw
