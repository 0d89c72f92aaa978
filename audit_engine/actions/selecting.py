"""Whether an audit is moderated: by its programme's rules, and by a lot that its draw's seed decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.conditions import Value
from audit_engine.definitions.scales import NO_GRADE
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading import Bar
from audit_engine.queries.at_hand import AtHand
from audit_engine.records.live_tables import Draw
from audit_engine.statistics.sampling import selected_for_moderation


@dataclass(frozen=True, slots=True)
class Selection:
    """Whether, and why: kept with the audit from its first submission on."""

    selected: bool
    because: str


def selection(
    session: Session, hand: AtHand, catalogue: Catalogue, audit: Mapping[str, Any], second_look: Sequence[Bar] = ()
) -> Selection:
    """Decide whether an audit is moderated.

    Args:
        audit: The audit's columns as they will be once it is submitted.
        second_look: The limiting rules that ask that somebody else looks, whatever the programme says.
    """
    if second_look:
        asking = "; ".join(f"{bar.id} ({bar.title})" for bar in second_look)
        rules, ask = ("Rule", "asks") if len(second_look) == 1 else ("Rules", "ask")
        return Selection(True, f"{rules} {asking} {ask} that somebody else looks")
    programme = catalogue.read_programmes.get(audit["programme"] or "")
    share = programme.programme.moderation if programme else None
    if programme is None or share is None:
        return Selection(False, "its programme has none of its audits moderated")
    values: dict[str, Value] = {
        "overall": audit["overall"] or NO_GRADE,
        "suggested": audit["suggested"] or NO_GRADE,
        **as_values(audit["facts"]),
    }
    if audit["collaborative"] is not None:
        values["collaborative"] = audit["collaborative"]
    always = programme.always_moderated(values)
    if always is not None:
        return Selection(True, always)
    seed = (
        session.connection().execute(select(col(Draw.seed)).where(col(Draw.key) == audit["draw"])).scalar_one_or_none()
    )
    if selected_for_moderation(str(seed or hand.key), audit["reference"], share.one_in):
        return Selection(True, f"by lot, one in {share.one_in}")
    return Selection(False, f"not by lot, one in {share.one_in}")
