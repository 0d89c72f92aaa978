"""Two readings that cannot be brought together: the moderation goes to a panel and back, and its moderator decides."""

import pytest

from audit_engine.actions.referring import move_moderation
from audit_engine.queries.why import why
from audit_engine.queries.work import comparison
from tests.actions.live.at_work import ADA, CARA, EDGAR, EVE, LEAD, Live

ASKED, SAID = "Two readings of one letter.", "It reads the letter as the auditor does."


def moves(live: Live, audit: str, who: str, event: str, reason: str | None = None) -> None:
    move_moderation(live.db, live.who(who), live.command(), audit, event, at=live.at(), reason=reason)


@pytest.fixture
def compared(live: Live, audit: str) -> str:
    live.compared(audit)
    return audit


def stage(live: Live, audit: str) -> str:
    return str(live.moderations(audit)[-1]["stage"])


def test_it_goes_to_the_panel_and_back_and_is_decided(live: Live, compared: str) -> None:
    moves(live, compared, EVE, "refer", ASKED)
    row = live.moderations(compared)[-1]
    assert (row["stage"], row["due"] is not None, live.audit(compared)["stage"]) == ("panel", True, "moderation")
    with live.db.read() as session:
        assert comparison(session, live.who(EVE), compared).stage == "panel"  # they go on seeing both

    moves(live, compared, LEAD, "report_back", SAID)
    assert stage(live, compared) == "compared"
    told = [entry.payload for entry in live.story(live.moderations(compared)[-1]["key"]) if entry.payload]
    assert [one["reason"] for one in told if "reason" in one] == [ASKED, SAID]

    live.decide(compared, EVE, "safe.da_assessed", "auditor", reason=SAID)
    live.finalise(compared, EVE, "inadequate")
    assert stage(live, compared) == "agreed"
    assert live.is_sound()


def test_nothing_is_decided_while_it_is_with_the_panel(live: Live, compared: str) -> None:
    moves(live, compared, EVE, "refer", ASKED)

    for act in (
        lambda: live.finalise(compared, EVE, "good"),
        lambda: live.give_back(compared, EVE),
        lambda: live.decide(compared, EVE, "heard.seen", "auditor"),
    ):
        assert "Its moderation is 'With the panel', and goes on from there first. Ask a quality lead." in str(
            live.refused(act)
        )
    assert stage(live, compared) == "panel"


@pytest.mark.parametrize(
    ("who", "event", "reason", "says"),
    [
        (EDGAR, "refer", ASKED, "it is for the moderator of this audit"),
        (LEAD, "refer", ASKED, "it is for the moderator of this audit"),
        (CARA, "refer", ASKED, "it is for the moderator of this audit"),
        (ADA, "refer", ASKED, "it is for the moderator of this audit"),
        (EVE, "refer", None, "'Refer it to a panel' needs a reason"),
        (EVE, "refer", "\u200b", "'Refer it to a panel' needs a reason"),
        (LEAD, "report_back", SAID, "not possible at 'Compared with the auditor's grades'"),
        (EVE, "decide", SAID, "needs more than this"),
        (EVE, "vote", SAID, "Nothing called 'vote' can be done with a moderation"),
    ],
)
def test_who_may_not_and_what_is_missing(
    who: str, event: str, reason: str | None, says: str, live: Live, compared: str
) -> None:
    before = live.moderations(compared)

    assert says in str(live.refused(lambda: moves(live, compared, who, event, reason)))
    assert live.moderations(compared) == before


def test_nobody_refers_what_is_not_moderated_or_not_locked(live: Live, audit: str) -> None:
    live.submitted(audit, "inadequate", safe_da_assessed="inadequate")
    assert "Nobody moderates this audit" in str(live.refused(lambda: moves(live, audit, EVE, "refer", ASKED)))
    live.take(audit, EVE)

    assert "not possible at 'Being graded blind'" in str(live.refused(lambda: moves(live, audit, EVE, "refer", ASKED)))


def test_only_the_moderator_is_told_where_deciding_leads(live: Live, compared: str) -> None:
    """Agreed or adjusted follows from grades, which the auditor learns with the decision."""
    with live.db.read() as session:
        for who in (live.auditor(compared), EVE):
            leads = [
                step.to for machine in why(session, live.who(who), compared).machines if machine.what == "moderation"
                for step in machine.steps if step.event == "decide"
            ]  # fmt: skip
            assert leads == ["Adjusted or Agreed"]


def test_what_was_changed_is_adjusted(live: Live, audit: str) -> None:
    live.compared(audit, heard_seen="requires_improvement")
    live.decide(audit, EVE, "heard.seen", "moderator", reason="She was not seen.")

    live.decide(audit, EVE, "safe.da_assessed", "auditor", reason=SAID)
    live.finalise(audit, EVE, "inadequate")
    assert stage(live, audit) == "adjusted"
    assert live.moderations(audit)[-1]["direction"] == "agreed"  # of the overall grade alone
