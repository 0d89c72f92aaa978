"""A child may be at risk: from every screen, with one key, in the person's own words."""

from typing import Any

from tui.desk.at_audit import AtAudit
from tui.screens.prompt import Prompt
from tui.widgets.frame import Framed

CONCERN = "concern"


async def escalate(screen: Framed[Any], at: AtAudit, criterion: str | None = None, where: str = "") -> None:
    """Ask what is feared, and raise it. The prompt stays until it is raised; what was begun anywhere stands in it."""
    kept = await screen.reread(at.drafts) or {}
    wanted = f"{CONCERN}:{criterion}" if criterion else CONCERN
    begun = [place for place in kept if place == CONCERN or place.startswith(f"{CONCERN}:")]
    place = wanted if wanted in kept or not begun else begun[0]
    criterion = place.partition(":")[2] or None
    begun_elsewhere = " You had begun to write this." if place in kept else ""
    seen = f" It was seen at {where}." if where and place == wanted else ""
    asks = (
        f"ESCALATE {at.reference}. What is feared for the child, in a sentence, without names?{seen}{begun_elsewhere}"
    )

    async def keep(text: str) -> bool:
        return bool(await screen.ask(at.keep, place, text))

    async def give(concern: str) -> str | None:
        if not await screen.save(at.raise_concern, concern, criterion):
            return f"NOT RAISED. {screen.refused_words()} If it is urgent, tell the manager of the case now."
        await screen.reread(at.drop, place)
        return None

    async def raised(concern: str | None) -> None:
        if concern is not None:
            await screen.after_escalation()
            screen.say("Escalation raised and saved. Nothing is sent by itself: tell the manager of the case now.")

    screen.app.push_screen(Prompt(asks, kept.get(place, ""), needs=1, keep=keep, give=give), raised)
