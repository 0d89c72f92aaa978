"""Text that would steer the terminal: typed, pasted, or already there. It is shown, and it does nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audit_engine.actions import drafting
from audit_engine.safe_text import cleaned, hidden_characters
from tests.actions.live.at_work import ADA, CARA, EVE, LADDERS, Live
from tests.terminal.bytes_sent import foreign
from tests.terminal.conftest import Office
from tests.terminal.hostile import LITERAL, PAYLOADS, mark, poison

CRITERION = "safe.da_assessed"


def graded(live: Live, audit: str, who: str, first: int, *, blind: bool = False) -> None:
    """Everything is graded, with a hostile note and a hostile place in each."""
    for number, criterion in enumerate(live.expected(), start=first):
        said: dict[str, Any] = {"evidence": "found", "impact": "yes"} if criterion in LADDERS else {}
        grade = "inadequate" if criterion == CRITERION and not blind else "good"
        grade = "outstanding" if blind and number % 2 else grade
        note, pointer = mark(number), mark(number + 20)
        live.rate(audit, who, criterion, grade=grade, note=note, pointer=pointer, blind=blind, **said)


def keep(live: Live, audit: str, who: str, place: str, number: int) -> None:
    drafting.keep_draft(live.db, live.who(who), audit, place, mark(number), at=live.at())


def returned(live: Live, audit: str) -> str:
    """Graded, escalated, moderated, and given back. Gives its auditor."""
    auditor = live.begun(audit)
    graded(live, audit, auditor, 0)
    live.escalate(audit, auditor, mark(40))
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", mark(41))
    live.submit(audit, auditor, "inadequate", feedback_from=(), feedback_reason=mark(42))
    live.take(audit, EVE)
    live.grade_all(audit, EVE, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)
    live.give_back(audit, EVE, mark(43))
    for place, number in (("note:safe.risk_identified", 44), ("concern", 45), ("feedback_reason", 46)):
        keep(live, audit, auditor, place, number)
    return auditor


def differing(live: Live) -> list[str]:
    """What `graded` grades otherwise when it is blind."""
    first = 15
    return [name for n, name in enumerate(live.expected(), start=first) if n % 2 or name == CRITERION]


def compared(live: Live, audit: str) -> str:
    """Two people graded, and one difference is decided. Gives the moderator."""
    auditor = live.begun(audit)
    graded(live, audit, auditor, 0)
    live.escalate(audit, auditor, mark(40))
    live.submit(audit, auditor, "inadequate")
    live.take(audit, EVE)
    graded(live, audit, EVE, 15, blind=True)
    live.blind_overall(audit, EVE, "good")
    live.lock(audit, EVE)
    for number, criterion in enumerate(differing(live)):
        live.decide(audit, EVE, criterion, "moderator", reason=mark(30 + number))
    keep(live, audit, EVE, "return", 46)
    return EVE


def shared(live: Live, audit: str) -> str:
    """The practitioner may read it. Gives the practitioner."""
    compared(live, audit)
    live.finalise(audit, EVE, "good", mark(45))
    live.move(audit, live.auditor(audit), "share")
    keep(live, audit, ADA, "answer", 44)
    return ADA


@dataclass(frozen=True)
class Step:
    """Keys, and words by which the screen is known that they open."""

    keys: tuple[str, ...]
    shows: tuple[str, ...]


WORKBENCH = (
    Step(("d",), ("Look for",)), Step(("q",), ("0 n/a",)),
    Step(("h",), ("History",)), Step(("q",), ("0 n/a",)),
    Step(("w",), ("Enter do it",)), Step(("q",), ("0 n/a",)),
    Step(("Home", "e"), ("use mine", "t44")), Step(("m",), ("NOTE MODE", "t44")), Step(("Escape",), ("0 n/a",)),
    Step(("Home", "!"), ("ESCALATE",)), Step(("Escape",), ("0 n/a",)),
    Step(("Home", "p"), ("NOTE MODE", "t20")), Step(("Escape",), ("0 n/a",)),
    Step(("/",), ("Find in",)), Step(("t", "Enter"), ("Found in",)),
    Step(("?",), ("Keys of this screen",)), Step(("Escape",), ("0 n/a",)),
    Step(("s",), ("Submit",)), Step(("F",), ("Who gave feedback",)),
    Step(("Escape",), ("HANDED IN",)), Step(("Escape",), ("0 n/a",)),
)  # fmt: skip
COMPARE = (
    Step(("d",), ("Look for",)), Step(("q",), ("finish",)),
    Step(("h",), ("History",)), Step(("q",), ("finish",)),
    Step(("R",), ("t46",)), Step(("Escape", "Escape"), ("finish",)),
    Step(("f",), ("make final",)), Step(("q",), ("COMPARE",)),
)  # fmt: skip
READING = (
    Step(("PageDown",), ("t05",)), Step(("PageDown",), ("t21",)), Step(("End",), ("t13",)),
    Step(("h",), ("History",)), Step(("q",), ("accept",)),
    Step(("c",), ("t44",)), Step(("Escape", "Escape"), ("accept",)),
)  # fmt: skip
SITUATIONS: dict[str, tuple[Callable[[Live, str], str], Step, int, int, tuple[Step, ...]]] = {
    "returned to the auditor": (returned, Step(("Enter",), ("0 n/a",)), 17, 30, WORKBENCH),
    "compared by the moderator": (compared, Step(("j", "Enter"), ("COMPARE",)), 7, 20, COMPARE),
    "read by the practitioner": (shared, Step(("Enter",), ("accept",)), 0, 20, READING),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_already_there_is_shown_and_does_nothing(office: Office, situation: str) -> None:
    prepare, opens, lines, least, steps = SITUATIONS[situation]
    who = prepare(office.live, office.audit)
    office.live.db.close()
    assert poison(Path(office.live.address)) > 40
    window = office.sit(who, (100, 40))
    title = window.title()
    window.keys(*opens.keys)
    seen = [window.wait_for(*opens.shows)]
    window.keys("Home")
    seen += [window.moved("j") for _ in range(lines)]
    for step in steps:
        window.keys(*step.keys)
        seen.append(window.wait_for(*step.shows))
    window.keys("C-q")
    assert window.ended() == 0

    assert foreign(window.sent()) == []
    assert (window.title(), window.clipboard()) == (title, [])
    told = " ".join(" ".join(one.split()) for one in seen)
    assert len({number for number in range(50) if f"t{number:02} " in told}) >= least


def test_what_is_typed_and_pasted_is_shown_and_does_nothing(office: Office) -> None:
    window = office.at_workbench()
    title = window.title()
    window.raw(b"\xff\x9b")  # of an encoding that nobody uses any more
    window.keys("e")
    window.wait_for("NOTE MODE")
    typed = [one for one in PAYLOADS if not any(character < " " or character == "\x7f" for character in one)]
    for one in typed:
        window.type(f"{one} ")
    window.type("typed")
    window.wait_for("typed")
    # The mark that ends a paste would end this one: no terminal lets it through.
    pasted = [one for one in PAYLOADS if "[201~" not in one]
    window.wait_for(*LITERAL)
    window.paste("\n".join([*pasted, "pasted"]))
    window.wait_for("pasted", "control or hidden characters were left out")
    window.keys("Escape")
    window.wait_for("saved")
    window.wait_gone("NOTE MODE")
    window.keys("C-q")
    assert window.ended() == 0

    assert foreign(window.sent()) == []
    assert (window.title(), window.clipboard()) == (title, [])
    kept = office.note("safe.risk_identified") or ""
    assert hidden_characters(kept) == []
    assert kept == cleaned("".join(f"{one} " for one in typed) + "typed" + "\n".join([*pasted, "pasted"]))[0]


def test_ten_million_pasted_characters_are_cut_where_everybody_sees_it(office: Office) -> None:
    window = office.at_workbench()
    window.paste("1234 \x1b[0m1234 " * 1_000)
    window.wait_for("Pasted text was ignored: press e to write a note")
    window.keys("e")
    window.wait_for("NOTE MODE")
    window.paste("0123456789" * 1_000_000)
    window.wait_for("Kept 10,000 of 10,000,000 characters")
    window.keys("Escape")
    window.wait_gone("NOTE MODE")
    assert office.note("safe.risk_identified") == "0123456789" * 1_000
    assert {row["grade"] for row in office.live.ratings(office.audit).values()} == {None}
