"""The stories a stored history holds: every kind of entry of the live path, and audits left open at every stage.

All people and cases in it are invented.
"""

from dataclasses import replace

from audit_engine.actions import imports
from audit_engine.actions.allocation import allocate
from audit_engine.actions.anchoring import checkpoint
from audit_engine.actions.command import Command
from audit_engine.actions.draws import draw
from audit_engine.actions.looking import looked
from audit_engine.calendars import quarter
from audit_engine.exchange.lines import FileRead
from audit_engine.statistics.sampling import selected_for_moderation
from tests.actions.live.at_work import ADA, AUDITS, CARA, EDGAR, EVE, LEAD, PROGRAMME, QUARTER, Live, cases
from tests.actions.live.test_story import story_of_a_whole_audit

LATER = 7
"""Cases that come in after the first draw."""


def tell_everything(live: Live) -> None:
    """Everything that can be done on the live path, each audit left where its story ends."""
    audits = iter(_unselected(live, _drawn_again(live, LATER, allocated=True)))
    for story in (
        _whole, _answered, _twice_moderated, _withdrawn, _reallocated, _learning, _submitted, _blind, _graded,
        _returned,
    ):  # fmt: skip
        story(live, next(audits))
    _drawn_again(live, LATER + 1, allocated=False)
    checkpoint(live.db, live.at())


def _drawn_again(live: Live, more: int, *, allocated: bool) -> tuple[str, ...]:
    """Bring the audits of the quarter to `more` above the first six."""
    line, today = cases()[0], live.now.date()
    lines = [replace(line, row=n + 1, reference=f"C-{AUDITS + n}") for n in range(1, more + 1)]
    read = FileRead("cases", "more.csv", f"more-{more}", len(lines))
    imports.import_cases(live.db, live.who(LEAD), read, lines, at=live.at())
    draw(
        live.db, live.who(LEAD), Command(), live.catalogue, PROGRAMME, quarter(QUARTER),
        size=AUDITS + more, today=today, at=live.at(),
    )  # fmt: skip
    if allocated:
        allocate(live.db, live.who(LEAD), Command(), today=today, at=live.at())
    return tuple(sorted(row["reference"] for row in live.rows("audits")))


def _unselected(live: Live, audits: tuple[str, ...]) -> list[str]:
    """Those the lot leaves out, so that their grades alone decide whether they are moderated."""
    seeds = {row["key"]: row["seed"] for row in live.rows("draws")}
    return [name for name in audits if not selected_for_moderation(seeds[live.audit(name)["draw"]], name, 10)]


def _whole(live: Live, audit: str) -> None:
    """From drawn to closed, with everything on the way; somebody looked at it, and a note was taken back."""
    story_of_a_whole_audit(live, audit)
    looked(live.db, live.who(CARA), "viewed", "audit", live.audit(audit)["key"], at=live.at())


def _answered(live: Live, audit: str) -> None:
    live.move(audit, live.submitted(audit), "share")
    live.answer(audit, ADA, "accepted")


def _twice_moderated(live: Live, audit: str) -> None:
    auditor = live.compared(audit)
    live.give_back(audit, EVE)
    live.rate(audit, auditor, "safe.da_assessed", grade="good", note="", pointer="")
    live.submit(audit, auditor, "good")
    live.take(audit, EDGAR)
    live.grade_all(audit, EDGAR, blind=True)
    live.blind_overall(audit, EDGAR, "good")
    live.lock(audit, EDGAR)
    live.finalise(audit, EDGAR, "good")


def _withdrawn(live: Live, audit: str) -> None:
    """While it is being moderated."""
    live.submitted(audit, "outstanding", grade="outstanding")
    live.take(audit, EVE)
    live.rate(audit, EVE, "rep.plan", grade="outstanding", note="Read it.", blind=True)
    live.move(audit, LEAD, "withdraw", "wrong_case_drawn")


def _reallocated(live: Live, audit: str) -> None:
    auditor, other = live.begun(audit), live.other_auditor(audit)
    live.rate(audit, auditor, "rep.plan", grade="good")
    live.rate(audit, auditor, "rep.plan", note="Page 4 only.")
    live.rate(audit, auditor, "heard.seen", grade="good")
    live.undo(audit, auditor)
    live.reallocate(audit, LEAD, other)
    live.move(audit, other, "begin")


def _learning(live: Live, audit: str) -> None:
    """Without grades; left shared with the practitioner."""
    auditor = live.begun(audit)
    live.ungraded(audit)
    for criterion in live.expected():
        live.rate(audit, auditor, criterion, note="Talked it through.")
    live.submit(audit, auditor, None, collaborative=True)
    live.move(audit, auditor, "share")


def _submitted(live: Live, audit: str) -> None:
    """Waits for a moderator, with an escalation on it that somebody has acknowledged."""
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    live.concern(audit, CARA, "acknowledge")


def _blind(live: Live, audit: str) -> None:
    """Half of the blind grades are given."""
    live.submitted(audit, "outstanding", grade="outstanding")
    live.take(audit, EVE)
    for criterion in live.expected()[:7]:
        live.rate(audit, EVE, criterion, grade="outstanding", note="Seen.", pointer="Page 2.", blind=True)


def _graded(live: Live, audit: str) -> None:
    """Everything is answered, nothing is handed in."""
    live.grade_all(audit, live.begun(audit))


def _returned(live: Live, audit: str) -> None:
    live.compared(audit)
    live.give_back(audit, EVE)
