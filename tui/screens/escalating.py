"""A child may be at risk: from every screen, with one key, in the person's own words."""

from typing import Any

from tui.desk.at_audit import AtAudit
from tui.screens.prompt import Prompt
from tui.widgets.frame import Framed


def escalate(screen: Framed[Any], at: AtAudit, criterion: str | None = None, where: str = "") -> None:
    """Ask what is feared, and raise it. What is typed and not sent is kept, and stands there the next time."""
    place = f"concern:{criterion}" if criterion else "concern"

    async def ask() -> None:
        kept = await screen.ask(at.drafts) or {}
        seen = f" It was seen at {where}." if where else ""
        asks = f"ESCALATE {at.reference}. What is feared for the child, in a sentence, without names?{seen}"
        screen.app.push_screen(Prompt(asks, kept.get(place, ""), needs=1, keep=keep), raised)

    async def keep(text: str) -> None:
        await screen.ask(at.keep, place, text)

    async def raised(concern: str | None) -> None:
        if concern is None:
            return
        if await screen.save(at.raise_concern, concern, criterion):
            await screen.ask(at.drop, place)
            screen.say("Escalation raised and saved. The manager of the case is asked to act on it. `w` shows it.")
            await screen.after_escalation()

    screen.app.call_next(ask)
