"""What the screens about one audit share: looking again, what can happen to it, escalating."""

from typing import TypeVar

from tui.desk.at_audit import AtAudit
from tui.screens.escalating import escalate
from tui.widgets.frame import Framed

T = TypeVar("T")


class AboutAudit(Framed[T]):
    """A screen about one audit."""

    @property
    def audit_at(self) -> AtAudit:
        """The audit."""
        raise NotImplementedError

    async def look_again(self) -> None:
        """Read and show what stands now, leaving what the status line says."""
        raise NotImplementedError

    async def action_steps(self) -> None:
        """What can happen to the audit, and why not."""
        from tui.screens.steps import StepsScreen

        self.app.push_screen(StepsScreen(self.audit_at.reference), self._after_steps)

    async def _after_steps(self, told: object) -> None:
        await self.look_again()
        if isinstance(told, str):
            self.say(told)

    async def action_escalate(self) -> None:
        """A child may be at risk."""
        await escalate(self, self.audit_at, *self.seen_at())

    def seen_at(self) -> tuple[()] | tuple[str, str]:
        """The criterion where the person is, and its title; nothing where they are at none."""
        return ()

    async def after_escalation(self) -> None:
        """An escalation may have been what was missing, and its draft is none any more."""
        await self.read_drafts()
        await self.look_again()
