"""The shipped workflows, with something that happens when it is late: a catalogue of a site, read from its files."""

from datetime import UTC, datetime
from pathlib import Path

from audit_engine.actions.ticking import tick
from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.queue_views import TickView
from tests.actions.live.conftest import LEAD, Live

SHIPPED = Path(__file__).parents[3] / "workflows"
CHANGES = {
    "case_audit": (
        ("waits_for: auditor, due: 5 working days}", ("waits_for: auditor, due: 5 working days,\n"
         "     overdue: [{after: 0 working days, remind: auditor}]}")),
        ("due: 10 working days, grades: yes}", ("due: 10 working days, grades: yes,\n"
         "     overdue: [{after: 0 working days, remind: auditor}, {after: 5 working days, tell: quality_lead}]}")),
        ("waits_for: moderator, due: 5 working days}", ("waits_for: moderator, due: 5 working days,\n"
         "     overdue: [{after: 0 working days, remind: moderator}]}")),
        ("waits_for: practitioner, due: 10 working days}", ("waits_for: practitioner, due: 10 working days,\n"
         "     overdue: [{after: 10 working days, event: lapse}, {after: 0 working days, remind: practitioner},\n"
         "               {after: 12 working days, tell: quality_lead}]}")),
        ("  - id: withdraw\n", ("  - id: lapse\n    title: Close it, since nobody answered\n    from: [shared]\n"
         "    by: [the_clock]\n    only_if:\n      - guard: no_open_escalation\n    ends:\n      - {to: closed}\n"
         "  - id: withdraw\n")),
    ),
    "moderation": (
        ("Being graded blind, waits_for: moderator, grades: yes}", ("Being graded blind, waits_for: moderator,\n"
         "     grades: yes, due: 5 working days,\n"
         "     overdue: [{after: 0 working days, remind: moderator}, {after: 3 working days, tell: quality_lead},\n"
         "               {after: 4 working days, event: hurry}]}\n"
         "  - {id: hurried, title: Being graded blind in a hurry, waits_for: moderator, grades: yes}")),
        ("from: [blind]\n    by: [moderator]", "from: [blind, hurried]\n    by: [moderator]"),
        ("  - id: compare\n", ("  - id: hurry\n    title: Hurry\n    from: [blind]\n    by: [the_clock]\n    ends:\n"
         "      - {to: hurried}\n  - id: compare\n")),
        ("then_never: stage in ['assigned', 'blind']", "then_never: stage in ['assigned', 'blind', 'hurried']"),
    ),
    "escalation": (
        ("due: 1 working days}", ("due: 1 working day,\n"
         "     overdue: [{after: 0 working days, remind: manager}, {after: 1 working day, tell: quality_lead},\n"
         "               {after: 2 working days, event: pass_on}]}\n"
         "  - {id: passed_on, title: Passed on, waits_for: quality_lead}")),
        ("from: [raised]\n", "from: [raised, passed_on]\n"),
        ("  - id: act\n", ("  - id: pass_on\n    title: Pass it on\n    from: [raised]\n    by: [the_clock]\n"
         "    ends:\n      - {to: passed_on}\n  - id: act\n")),
    ),
}  # fmt: skip
"""By workflow: what is replaced in the shipped file, and by what."""


def timed_catalogue(folder: Path) -> Catalogue:
    """What is in force in a workspace whose files say what happens when something is late."""
    (folder / "workflows").mkdir()
    for name, changes in CHANGES.items():
        text = (SHIPPED / f"{name}.yaml").read_text()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        (folder / "workflows" / f"{name}.yaml").write_text(text)
    return load(folder)


def noon(text: str) -> datetime:
    """Noon of a day, UTC: the day in England, too."""
    return datetime.fromisoformat(f"{text}T12:00:00").replace(tzinfo=UTC)


def ticked(live: Live, on: str, who: str = LEAD) -> TickView:
    """Run the clock at noon of a day."""
    live.now = noon(on)
    return tick(live.db, live.who(who), lambda: live.catalogue, at=live.now)
