"""What in a note may tell who somebody is."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.definitions.catalogue import shipped_folder
from audit_engine.engine.anonymity import KINDS, Finding, Watch, findings, is_nhs_number
from audit_engine.engine.likely_names import likely_names
from audit_engine.engine.name_words import MAX_LINE, given_names, not_names, words_in
from audit_engine.safe_text import MAX_TEXT

SENTENCES = yaml.safe_load((Path(__file__).parent / "anonymity_sentences.yaml").read_text("utf-8"))
TODAY = date(2026, 11, 26)


def told(text: str, *known: str, **how: Any) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in findings(text, known, today=TODAY, **how)]


# --- measured ---------------------------------------------------------------------------------------------------


def _right(part: str) -> tuple[int, int, int, int]:
    """Of the sentences of a part: findings that are right, that are wrong, that are missing; clean ones warned of."""
    right = wrong = missing = alarms = 0
    for sentence in SENTENCES[part]:
        wanted = [tuple(one.split(" ", 1)) for one in sentence.get("tells", ())]
        found = told(sentence["text"])
        alarms += bool(found) and not wanted
        for kind, said in found:
            match = next((one for one in wanted if one[0] == kind and (one[1] in said or said in one[1])), None)
            wanted.remove(match) if match else None
            right, wrong = right + bool(match), wrong + (match is None)
        missing += len(wanted)
    return right, wrong, missing, alarms


def test_the_measured_sentences_stay_as_good_as_the_page_says() -> None:
    """The figures stand in docs/reference/names-in-notes.md: whoever changes one changes the other."""
    assert (len(SENTENCES["seen"]), _right("seen")) == (127, (65, 0, 0, 0))
    assert (len(SENTENCES["held_back"]), _right("held_back")) == (70, (35, 1, 1, 1))
    assert (len(SENTENCES["afterwards"]), _right("afterwards")) == (60, (29, 0, 1, 0))


def test_half_of_the_sentences_tell_nothing() -> None:
    telling = [bool(one.get("tells")) for part in SENTENCES.values() for one in part]

    assert abs(sum(telling) - len(telling) / 2) < 3
    assert {one.split(" ")[0] for part in SENTENCES.values() for s in part for one in s.get("tells", ())} == set(KINDS)


def test_no_text_of_a_shipped_rubric_or_workflow_is_warned_of() -> None:
    files = [file for folder in ("rubrics", "workflows") for file in (shipped_folder() / folder).rglob("*.yaml")]
    texts = [text for file in files for text in _strings(yaml.safe_load(file.read_text("utf-8")))]

    assert len(texts) > 1_000
    assert {text: told(text) for text in texts if told(text)} == {}


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for one in node.values():
            yield from _strings(one)
    elif isinstance(node, list):
        for one in node:
            yield from _strings(one)


# --- each kind --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 07700 900412.", ("phone", "07700 900412")),
        ("Ring 07700-900-412.", ("phone", "07700-900-412")),
        ("Ring +44 (0)161 496 0331.", ("phone", "+44 (0)161 496 0331")),
        ("Ring (0161) 496 0331.", ("phone", "(0161) 496 0331")),
        ("It is 943-476-5919.", ("nhs_number", "943-476-5919")),
        ("NHS no. 943 476 5918, mistyped", ("nhs_number", "943 476 5918")),
        ("In ZC24C00123.", ("court_number", "ZC24C00123")),
        ("In 1699-2243-5518-0042.", ("court_number", "1699-2243-5518-0042")),
        ("At SW1A 2ZZ.", ("postcode", "SW1A 2ZZ")),
        ("To a.b@example.org.", ("email", "a.b@example.org")),
        ("d.o.b. 3/4/15", ("date_of_birth", "3/4/15")),
        ("3 April 2015 (dob)", ("date_of_birth", "3 April 2015")),
        ("Seen since 2015-04-03.", ("date_of_birth", "2015-04-03")),
    ],
)
def test_numbers_and_days_are_found_whole(text: str, found: tuple[str, str]) -> None:
    assert told(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "It is 943 476 5918.",  # ten digits whose check digit is wrong, and nothing says NHS
        "000 000 0000",
        "Seen on 12/10/2026 at 10:30, and on 01-02-2026 10:30.",
        "On 12 October 2026, after 11 weeks.",
        "Born in the spring of 2015.",
        "Graded on 31/31/2011.",
        "Paragraphs 1 to 12, pages 100 200 300.",
        "C-001975 and L-2627Q3-0001 and P-00015",
        "Section s7 2nd report",
        "an @ sign, and @home",
    ],
)
def test_other_numbers_and_days_are_left_alone(text: str) -> None:
    assert told(text) == []


def test_a_day_long_ago_is_told_only_to_whoever_says_which_day_it_is() -> None:
    text = "The eldest (05/08/2011) speaks for the others."

    assert findings(text) == ()
    assert [one.kind for one in findings(text, today=TODAY)] == ["date_of_birth"]


def test_the_check_digit_of_an_nhs_number() -> None:
    assert is_nhs_number([int(digit) for digit in "9434765919"])
    assert not is_nhs_number([int(digit) for digit in "9434765918"])
    assert not is_nhs_number([1] * 10)


# --- names ------------------------------------------------------------------------------------------------------


def test_a_name_of_the_workspace_is_certain_however_it_is_written() -> None:
    text = "Told will fennimore. Fennimore did not answer. Will it do?"
    found = findings(text, ["Will Fennimore", "Ada"])

    assert [(text[one.start : one.end], one.certain) for one in found] == [
        ("will fennimore", True),
        ("Fennimore", True),
        ("Will", True),
    ]
    assert "somebody who works here" in found[0].why


def test_everyday_words_that_are_somebodys_name_too_need_capitals() -> None:
    assert told("There is hope may help.", "Hope May") == []
    assert told("Hope May helped.", "Hope May") == [("name", "Hope May")]
    assert told("The head of practice said so.", "Head of Practice") == []


def test_what_is_a_name_once_is_one_at_the_beginning_of_a_sentence_too() -> None:
    assert told("Told by Oluwadami. Oluwadami.") == [("name", "Oluwadami"), ("name", "Oluwadami")]


def test_a_site_adds_words_of_its_own() -> None:
    text = "Referred to Kestrel House and to Kestrel."

    assert told(text) == [("name", "Kestrel"), ("name", "Kestrel")]
    assert told(text, not_names=words_in("# our places\nKestrel House\n")) == [("name", "Kestrel")]
    assert told(text, not_names=words_in("kestrel")) == []


def test_while_it_is_typed_a_word_that_may_become_another_is_left_alone() -> None:
    assert told("It is in the Chil", typing=True) == []
    assert told("It is in the Chil ", typing=True) == [("name", "Chil")]
    assert told("It is told by Bryony", typing=True) == [("name", "Bryony")]


def test_capitals_throughout_tell_nothing_but_known_names() -> None:
    assert told("MOTHER TOLD THE SCHOOL THAT KAYLEIGH WAS LATE") == [("name", "KAYLEIGH")]
    assert told("DASH, MARAC and IDVA were named.") == []


def test_a_warning_counts_what_it_does_not_quote() -> None:
    watch = Watch(today=TODAY)

    assert watch.warning("Seen late.") == ""
    assert watch.warning("Amy was told.") == "Looks like a name: 'Amy'. Say who they are to the child instead."
    assert watch.warning("Amy told Kwabena.").startswith("(1 of 2) Looks like a name: 'Amy'.")
    assert watch.warning("Amy told Kwabena of 07700 900412.").startswith("(1 of 3) Looks like a name: 'Amy'.")


# --- lists of words ---------------------------------------------------------------------------------------------


def test_no_shipped_word_is_a_name_and_none_at_once() -> None:
    assert {name for name in given_names() if not_names().holds(name)} == set()


@pytest.mark.parametrize("line", ["x" * (MAX_LINE + 1), "wo\u202erd", "a\x1b[31m"])
def test_a_line_that_cannot_be_used_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 "):
        words_in(f"one\n{line}\n")


# --- whatever is typed ------------------------------------------------------------------------------------------


def _is_sound(text: str, found: tuple[Finding, ...]) -> bool:
    inside = all(0 <= one.start < one.end <= len(text) and one.why for one in found)
    return inside and all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(max_size=400), st.lists(st.text(max_size=30), max_size=5), st.booleans())
def test_whatever_is_typed_findings_lie_inside_and_apart(text: str, known: list[str], typing: bool) -> None:
    assert _is_sound(text, findings(text, known, today=TODAY, typing=typing))


WORST = (
    *("a", "A", "A ", "Aa ", "a-", "A'", "-", "'", "0", "0 ", "07", "(", "+44", "1 ", "12/", "1.1.", "943 476 "),
    *("a@", "@", "a.", "a.a@a.", "Mr ", "Mr. ", "born ", "d.o.b ", "NHS ", "1 Jan ", "ZC24C", "M1", "\n", " ", "é"),
    *("Amy Will ", "Amy ", "Family Court ", "Clare's "),
)
"""Beginnings of everything that is looked for: over and over they send a careless search back again and again."""

_PIECES = (
    *("Amy ", "told ", "Mr. ", "O'", "-", "'s ", "dob ", "12/03/2014 ", "+44", "07", "700 ", "943 476 5919", "NHS "),
    *("ZC24C00123", "a@b.org ", "M14 5ZZ ", ". ", "\n", "\u202e", "é", "İ", "ǅ", "١٢", "²", "(", "@", "will "),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_pieces_of_what_is_looked_for_in_any_order(text: str) -> None:
    assert _is_sound(text, findings(text, ["Amy Will", "Kwabena"], today=TODAY))


@pytest.mark.parametrize("piece", WORST)
def test_the_longest_text_of_one_piece_over_and_over(piece: str) -> None:
    """Ten thousand characters of the worst kind; how long it takes, `benchmarks/bench_hostile.py` measures."""
    text = (piece * MAX_TEXT)[:MAX_TEXT]
    assert _is_sound(text, findings(text, ["Amy Will", "Amy"], today=TODAY))


def test_names_alone_can_be_asked_for() -> None:
    (one,) = likely_names("Told Kwabena.")
    assert (one.start, one.end, one.known) == (5, 12, False)
