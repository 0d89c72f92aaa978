"""What a step's line begins with: never that it can or cannot be done, where that is withheld from whoever reads it."""

from dataclasses import replace

import pytest

from audit_engine.work_views import MachineView, StepView
from tui.drawing.steps import Doable

STEP = StepView("close", "Close the audit", ("the manager",), "Closed", mine=True, reasons=())
MACHINE = MachineView("audit", "Shared", None, None, None, (STEP,))


@pytest.mark.parametrize(
    ("changed", "called"),
    [
        ({}, "can"),
        ({"mine": False}, "not you"),
        ({"reasons": ("An escalation is open.",)}, "not yet"),
        ({"mine": False, "reasons": ("Whether it can be done is withheld.",), "withheld": True}, "withheld"),
        ({"mine": False, "by_itself": True}, "by itself"),
        ({"mine": False, "by_itself": True, "reasons": ("Not before Monday.",)}, "by itself"),
    ],
)
def test_each_says_no_more_than_is_known(changed: dict[str, object], called: str) -> None:
    assert Doable(MACHINE, replace(STEP, **changed)).called == called  # type: ignore[arg-type]
