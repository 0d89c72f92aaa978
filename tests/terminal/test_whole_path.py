"""An audit from the queue to its hand-in in a terminal of the smallest size; and other screens in a large one."""

import re

import pytest

from tests.actions.live.at_work import ADA, EVE
from tests.terminal.bytes_sent import foreign, left_on
from tests.terminal.conftest import Office
from tests.terminal.tmux import Terminal
from tests.tui.whole_path import whole_path

KEYS = {"<enter>": "Enter", "<esc>": "Escape"}


def looked_at(window: Terminal, size: tuple[int, int], *words: str) -> str:
    """The screen, once these words are there: it says TRAINING and `? help`, and fits its window."""
    seen = window.wait_for("TRAINING", "? help", *words)
    lines = seen.rstrip("\n").split("\n")
    assert len(lines) <= size[1]
    assert max(len(line) for line in lines) <= size[0]
    return seen


def test_from_the_queue_to_the_hand_in(office: Office) -> None:
    small = (80, 24)
    window = office.at_workbench(small)
    looked_at(window, small, "3/18 done")
    expected = office.live.expected()
    for done, criterion in enumerate(expected, start=4):
        digits = ("1", "2", "1") if criterion.startswith("ov.") else ("2",)
        for digit in digits:
            window.keys(digit)
        looked_at(window, small, f"{done}/18 done", "saved")
    window.keys("g")
    window.wait_for("Go to question")
    window.type("safe.da_assessed")
    window.keys("Enter", "e")
    window.wait_for("NOTE MODE", "3 Domestic abuse assessed")
    window.paste("Seen in the log\nof 3 January.")
    window.wait_for("of 3 January.")
    window.keys("Escape")
    window.wait_gone("NOTE MODE")
    assert office.note("safe.da_assessed") == "Seen in the log\nof 3 January."
    for key, words in (
        ("?", "Keys of this screen"),
        ("h", "History"),
        ("w", "What can happen"),
        ("d", "Was all the domestic abuse"),
    ):
        window.keys(key)
        window.wait_for(words, "TRAINING")
        window.keys("Escape")
        looked_at(window, small, "0 n/a")

    window.keys("s")
    looked_at(window, small, "Submit check", "18 of 18 done")
    window.keys("F")
    window.wait_for("Who gave feedback")
    window.keys("1", "Enter")
    looked_at(window, small, "HANDED IN")
    window.keys("S")
    window.wait_for("together with the practitioner?")
    window.keys("2")
    looked_at(window, small, "Work queue", "submitted")
    assert office.live.audit(office.audit)["stage"] in ("submitted", "decided")
    window.keys("C-q")
    assert window.ended() == 0
    assert (foreign(window.sent()), left_on(window.sent())) == ([], {})
    assert office.live.is_sound()


def test_read_in_a_large_window(office: Office) -> None:
    large = (120, 40)
    auditor = office.live.compared(office.audit)
    moderator = office.sit(EVE, large)
    moderator.keys("j", "Enter")
    looked_at(moderator, large, "COMPARE", "Auditor", "f finish")
    office.live.decide(office.audit, EVE, "safe.da_assessed", "moderator")
    office.live.finalise(office.audit, EVE, "good", "One criterion was seen otherwise.")
    office.live.move(office.audit, auditor, "share")
    practitioner = office.sit(ADA, large)
    practitioner.keys("Enter")
    seen = looked_at(practitioner, large, "Overall: Good.", "a accept", "c challenge")
    assert "NOTE MODE" not in seen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_an_audit_from_its_first_grade_to_its_end(office: Office, size: tuple[int, int]) -> None:
    """What tests/tui/test_whole_path.py plays through the pilot, in windows: each person in one of their own."""
    for part in whole_path(office.live, office.audit):
        window = office.terminal()
        work = [] if part.opens in (None, "grade") else [f"--{part.opens}"]
        opens = ["tui"] if part.opens is None else ["grade", office.audit, *work]
        window.start([*office.command(part.who)[:-1], *opens], size)
        window.wait_for("TRAINING", "Take it on?" if part.opens == "moderate" else "? help")
        for typed, seen in part.typed:
            for key in re.findall(r"<\w+>|[^<]+", typed):
                if key in KEYS:
                    window.keys(KEYS[key])
                else:
                    window.type(key)
            window.wait_for(seen)
        window.keys("C-q")
        assert window.ended() == 0
        assert (foreign(window.sent()), left_on(window.sent())) == ([], {})
        assert office.live.audit(office.audit)["stage"] == part.stage
        window.close()
    assert office.live.is_sound()
