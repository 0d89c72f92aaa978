"""Every refusal: its sentences are those of refusals.txt, and nothing in any table has changed."""

import re
from pathlib import Path

import pytest

from audit_engine.actions import changing
from audit_engine.engine.guards import GUARDS
from audit_engine.problems import Refused

from .at_work import EVE, Live
from .refusals import CASES

GOLDEN = Path(__file__).with_name("refusals.txt")


def golden() -> dict[str, str]:
    """The expected text of each case, by its name."""
    parts = GOLDEN.read_text(encoding="utf-8").split("\n\n")
    return {part.split("\n", 1)[0].strip("[]"): part.split("\n", 1)[1].rstrip("\n") for part in parts}


def shown(live: Live, audit: str, refused: Refused) -> str:
    """A refusal as the golden file spells it: people by their place, so that who drew which audit does not matter."""
    lines = [refused.what, *(f"    {reason.rule}: {reason.text}" for reason in refused.reasons)]
    return (
        "\n".join(lines)
        .replace(audit, "AUDIT")
        .replace(live.auditor(audit), "AUDITOR")
        .replace(live.other_auditor(audit), "OTHER")
    )


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused(live: Live, audit: str, name: str) -> None:
    act = CASES[name](live, audit)

    assert shown(live, audit, live.refused(act)) == golden()[name]


def test_every_text_has_its_case() -> None:
    assert list(golden()) == list(CASES)


NOT_HERE = {
    "imported": "an imported audit has no workflow to be moved along: see test_imported_audits_never_change",
    "four_eyes": "each save refuses first, by the same rule; tests/engine/test_guards.py asks it alone",
    "ended_by_somebody_else": "of matters; tests/engine/test_guards.py asks it alone",
    "somebody_took_it_on": "finalising asks for a moderation of one's own first",
}


def test_every_reason_an_action_can_give_is_among_them() -> None:
    """Names written in the actions, and the guards of the shipped workflows."""
    actions = Path(changing.__file__).parent
    files = ("changing", "stale", "rating", "moving", "moderating", "escalating", "left_behind")
    written = {
        name for file in files for name in re.findall(r'Reason\(\s*"(\w+)"', (actions / f"{file}.py").read_text())
    }
    golden_rules = set(re.findall(r"^    (\w+): ", GOLDEN.read_text(encoding="utf-8"), re.MULTILINE))

    assert len(written) > 20
    assert (written | set(GUARDS)) - golden_rules == set(NOT_HERE)


def test_imported_audits_never_change(live: Live, audit: str) -> None:
    """Marked in the table itself, for want of an import: nothing is read of it but that."""
    auditor = live.begun(audit)
    with live.db.write() as session:
        session.connection().exec_driver_sql("UPDATE audits SET imported = 1")
    for act in (
        lambda: live.rate(audit, auditor, "rep.plan", grade="good"),
        lambda: live.submit(audit, auditor, "good"),
        lambda: live.take(audit, EVE),
    ):
        assert [reason.rule for reason in live.refused(act).reasons] == ["imported"]
