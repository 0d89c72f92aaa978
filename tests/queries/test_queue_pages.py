"""Pages of the queue, and what is looked for in it."""

from audit_engine.queries.queue import queue
from tests.actions.live.at_work import ADA, CARA, DAN, DEE, LEAD, Live
from tests.queries.test_queue import EVERYBODY, furnish, page, walked


def test_pages_hold_the_lines_of_one_long_page(live: Live) -> None:
    furnish(live)
    next(name for name in walked(live, live.audits[0]) if name == "blind")
    live.submitted(live.audits[1])
    live.escalate(live.audits[2], DEE if live.auditor(live.audits[2]) == DEE else DAN)
    for who in EVERYBODY:
        whole = page(live, who)
        for size in (1, 2, 3):
            pages = [page(live, who, start=start, size=size) for start in range(0, len(whole) + size, size)]
            assert tuple(line for one in pages for line in one) == whole
            assert all(len(one) == size for one in pages[: len(whole) // size])
        assert page(live, who, start=-3, size=2) == whole[:2]
        assert page(live, who, size=0) == page(live, who, start=len(whole)) == ()
        with live.db.read() as session:
            assert queue(session, live.who(who)) == tuple(line for line in whole if line.group == "me")
    assert len(page(live, LEAD)) >= 3


def test_lines_are_found_by_reference_programme_and_state(live: Live) -> None:
    furnish(live)
    live.begun(live.audits[0])
    live.escalate(live.audits[0], CARA)
    auditor = live.auditor(live.audits[0])
    another = next(name for name in live.audits[1:] if live.auditor(name) == auditor)
    live.submitted(another, "inadequate", safe_da_assessed="inadequate")
    whole = page(live, auditor)

    for words in (live.audits[0].lower(), "LOCAL QUALITY", "to grade", "Being", "allocated", "  being ", "with the"):
        looked = words.strip().lower()
        held = [
            one
            for one in whole
            if any(looked in text.lower() for text in (one.reference, one.programme, one.state, one.stage_title))
        ]
        assert held
        assert page(live, auditor, matching=words) == tuple(held)
        assert page(live, auditor, matching=words, start=1, size=1) == tuple(held[1:2])
    assert [one.state for one in page(live, CARA, matching="ESCALATION")] == ["escalation 1: raised"] * 2
    long = "L" * 10_000
    for words in ("%", "_", "L%", "L_2", "/", "\\", "'", '"', "';--", "\x00", "\ud800", long):
        kept = words.strip("\x00\ud800").lower()
        assert page(live, auditor, matching=words) == tuple(one for one in whole if kept in one.reference.lower())
    assert page(live, auditor, matching="being" + " " * 195 + "graded") == page(live, auditor, matching="being")


def test_lines_name_the_case_and_number_its_escalations(live: Live) -> None:
    audit = live.audits[0]
    auditor = live.begun(audit)
    for fear in ("First.", "Second.", "Third."):
        live.escalate(audit, auditor, fear)
    live.concern(audit, CARA, "acknowledge")
    live.concern(audit, CARA, "act", "Done.")
    live.concern(audit, LEAD, "close", "Safe.")

    lines = [one for one in page(live, CARA) if one.reference == audit]
    case = live.row("cases", key=live.audit(audit)["case_key"])["reference"]
    assert [(one.number, one.state) for one in lines] == [(2, "escalation 2: raised"), (3, "escalation 3: raised")]
    assert {(one.case, one.practitioner) for one in [*lines, *page(live, auditor)] if one.reference == audit} == {
        (case, ADA)
    }
