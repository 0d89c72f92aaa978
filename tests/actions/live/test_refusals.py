"""Every refusal: its sentences are those of refusals.txt, and nothing in any table has changed."""

from pathlib import Path

import pytest

from audit_engine.problems import Refused

from .conftest import Live
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
