"""Every writing action of the live path once: what is so beforehand, and the deed. For exactly once, and for faults."""

from collections.abc import Callable
from dataclasses import dataclass

from .at_work import ADA, CARA, EVE, LEAD, Live
from .other_texts import LONGER, changed


@dataclass(frozen=True, slots=True)
class Deed:
    """One action, ready to be done."""

    prepare: Callable[[Live, str], object]
    act: Callable[[Live, str], None]


def _graded(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    live.grade_all(audit, auditor, safe_da_assessed="inadequate")
    live.rate(audit, auditor, "safe.s16a", note="None known.")
    live.escalate(audit, auditor)


def _rated(live: Live, audit: str) -> None:
    live.rate(audit, live.begun(audit), "rep.plan", grade="good")


def _blind(live: Live, audit: str) -> None:
    live.in_moderation(audit)
    live.grade_all(audit, EVE, blind=True)


def _lockable(live: Live, audit: str) -> None:
    _blind(live, audit)
    live.blind_overall(audit, EVE, "good")


def _decided(live: Live, audit: str) -> None:
    live.compared(audit)
    live.decide(audit, EVE, "safe.da_assessed", "moderator")


def _shared(live: Live, audit: str) -> None:
    live.move(audit, live.submitted(audit), "share")


def _acted(live: Live, audit: str) -> None:
    live.escalate(audit, LEAD)
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", "Went to see.")


def _migrated(live: Live) -> None:
    live.migrate(changed(live.catalogue, LONGER))


DEEDS: dict[str, Deed] = {
    "begin": Deed(lambda _live, _audit: None, lambda live, audit: live.move(audit, live.auditor(audit), "begin")),
    "rate": Deed(Live.begun, lambda live, audit: live.rate(audit, live.auditor(audit), "heard.seen", grade="good")),
    "rate_again": Deed(_rated, lambda live, audit: live.rate(audit, live.auditor(audit), "rep.plan", note="Seen.")),
    "undo": Deed(_rated, lambda live, audit: live.undo(audit, live.auditor(audit))),
    "submit": Deed(_graded, lambda live, audit: live.submit(audit, live.auditor(audit), "inadequate")),
    "reallocate": Deed(_rated, lambda live, audit: live.reallocate(audit, LEAD, live.other_auditor(audit))),
    "withdraw": Deed(Live.begun, lambda live, audit: live.move(audit, LEAD, "withdraw", "wrong_case_drawn")),
    "take": Deed(
        lambda live, audit: live.submitted(audit, "outstanding", "outstanding"),
        lambda live, audit: live.take(audit, EVE),
    ),
    "rate_blind": Deed(
        Live.in_moderation, lambda live, audit: live.rate(audit, EVE, "rep.plan", grade="good", blind=True)
    ),
    "rate_blind_again": Deed(_blind, lambda live, audit: live.rate(audit, EVE, "rep.plan", note="Seen.", blind=True)),
    "blind_overall": Deed(_blind, lambda live, audit: live.blind_overall(audit, EVE, "good")),
    "lock": Deed(_lockable, lambda live, audit: live.lock(audit, EVE)),
    "decide": Deed(Live.compared, lambda live, audit: live.decide(audit, EVE, "safe.da_assessed", "moderator")),
    "finalise": Deed(_decided, lambda live, audit: live.finalise(audit, EVE, "good", "Assessed after all.")),
    "return": Deed(Live.compared, lambda live, audit: live.give_back(audit, EVE)),
    "answer": Deed(_shared, lambda live, audit: live.answer(audit, ADA, "challenged", "No.")),
    "raise_concern": Deed(Live.begun, lambda live, audit: live.escalate(audit, ADA)),
    "migrate": Deed(Live.begun, lambda live, _audit: _migrated(live)),
    "move_concern": Deed(_acted, lambda live, audit: live.concern(audit, CARA, "close", "The child is safe.")),
}  # fmt: skip
