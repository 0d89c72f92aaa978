"""Looking past a limiting rule that allows it: who may, for which grade, and why. It stays marked for good."""

from collections.abc import Mapping, Sequence
from typing import Any

from audit_engine.actions.changing import clean_text
from audit_engine.engine.grading import Judgement
from audit_engine.engine.permission import Actor
from audit_engine.problems import Reason
from audit_engine.safe_text import quoted

NONE: Mapping[str, str] = {}
"""Nobody looks past anything."""


def looked_past(
    judged: Judgement, actor: Actor, said: Mapping[str, str], order: int | None, what: str
) -> tuple[dict[str, Any], list[Reason]]:
    """The overrides as they are kept, by rule, and what is wrong with them.

    Args:
        judged: Without any override.
        said: Why, by the id of the rule that is looked past.
        order: Of the overall grade that is chosen; None for none.
    """
    kept: dict[str, Any] = {}
    against: list[Reason] = []
    bars = {bar.id: bar for bar in judged.bound_by}
    for name, why in said.items():
        bar, reason = bars.get(name), clean_text(why, what)
        if bar is None or order is None or not bar.lowest <= order <= bar.highest:
            text = _why_not(actor, name, bar.overridable_by if bar else None, reason)
            if bar is not None and text is None:
                role = next(role for role in bar.overridable_by if role in actor.roles)
                kept[name] = {"by": actor.reference, "role": role, "reason": reason}
        else:
            text = f"{name} does not bar this grade, so there is nothing to look past. Leave it out."
        if text is not None:
            against.append(Reason(name, text))
    return kept, against


def _why_not(actor: Actor, name: str, by: Sequence[str] | None, reason: str) -> str | None:
    if by is None:
        return f"No rule {quoted(name)} binds this audit, so there is nothing to look past. Leave it out."
    if not by:
        return f"Nobody may look past {name}. Choose a grade that it leaves, or return the audit."
    if not set(by) & set(actor.roles):
        who = " or ".join(role.replace("_", " ") for role in by)
        return f"{actor.reference} may not look past {name}: that is for the {who}."
    return None if reason else f"Looking past {name} needs its reason. Say why in a sentence."
