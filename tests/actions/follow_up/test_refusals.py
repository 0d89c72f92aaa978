"""Every refusal about a matter: its sentences are those of refusals.txt, and nothing in any table has changed."""

import re
from pathlib import Path

import pytest

from audit_engine.actions import matters
from audit_engine.problems import Refused

from .conftest import Following
from .refusals import CASES

GOLDEN = Path(__file__).with_name("refusals.txt")
FILES = ("matters", "naming", "new_matters", "opening", "opening_by_event", "re_auditing")


def golden() -> dict[str, str]:
    """The expected text of each case, by its name."""
    parts = GOLDEN.read_text(encoding="utf-8").split("\n\n")
    return {part.split("\n", 1)[0].strip("[]"): part.split("\n", 1)[1].rstrip("\n") for part in parts}


def shown(live: Following, audit: str, refused: Refused) -> str:
    """A refusal as the golden file spells it: people by their place, so that who drew which audit does not matter."""
    other = next(one for one in live.audits if one != audit)
    lines = [refused.what, *(f"    {reason.rule}: {reason.text}" for reason in refused.reasons)]
    said = re.sub(r"at \d\d:\d\d", "at TIME", "\n".join(lines))
    return (
        said.replace(audit, "AUDIT")
        .replace(other, "OTHER_AUDIT")
        .replace(live.auditor(audit), "AUDITOR")
        .replace(live.other_auditor(audit), "OTHER")
    )


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused(live: Following, audit: str, name: str) -> None:
    act = CASES[name](live, audit)

    assert shown(live, audit, live.refused(lambda: (act(), None)[1])) == golden()[name]


def test_every_text_has_its_case() -> None:
    assert list(golden()) == list(CASES)


NOT_HERE = {
    "imported": "there is no import beside these audits: see test_nothing_hangs_on_an_imported_audit",
}


def test_every_reason_these_actions_can_give_is_among_them() -> None:
    actions = Path(matters.__file__).parent
    texts = [(actions / f"{name}.py").read_text(encoding="utf-8") for name in FILES]
    written = {rule for text in texts for rule in re.findall(r'Reason\(\s*"(\w+)"', text)}
    golden_rules = set(re.findall(r"^    (\w+): ", GOLDEN.read_text(encoding="utf-8"), re.MULTILINE))

    assert len(written) > 5
    assert written - golden_rules == set(NOT_HERE)


def test_nothing_hangs_on_an_imported_audit(live: Following, audit: str) -> None:
    """Marked in the table itself, for want of an import."""
    live.shared(audit)
    with live.db.write() as session:
        session.connection().exec_driver_sql("UPDATE audits SET imported = 1, workflow_digest = NULL")

    refused = live.refused(lambda: (live.open("P-1", "action", hangs_on=audit), None)[1])

    assert [reason.text for reason in refused.reasons] == [
        f"{audit} was imported: it came finished, and nothing hangs on it. Write --audit instead of --on."
    ]
    assert live.open("P-1", "action", audit=audit, named={"owner": "P-4"}) == "ACT-0001"
