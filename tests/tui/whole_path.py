"""One audit from its first grade to its end, as keys: what each person presses, and what they see after it.

Played through the pilot and again in real terminals. `<enter>` and `<esc>` are keys, everything else is typed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.actions.live.at_work import ADA, CARA, EVE, LADDERS, LEAD, Live

Typed = tuple[tuple[str, str], ...]
"""What is typed, and a few words that are on the screen then."""


@dataclass(frozen=True)
class Part:
    """What one person does, from opening the screens to leaving them."""

    who: str
    opens: str | None
    """`grade`, `moderate` or `answer`: the audit is opened from the command line; None: the queue."""
    typed: Typed
    stage: str
    """Of the audit, afterwards."""


def whole_path(live: Live, audit: str) -> Iterator[Part]:
    """Graded with a child at risk, escalated, submitted, moderated, decided, shared, accepted, closed."""
    auditor, rest = live.auditor(audit), live.expected()[1:]
    yield Part(
        auditor, "grade",
        (
            ("4", "NOTE MODE"),
            ("Two referrals were not read.<esc>", "WHERE IT IS"),
            ("Contact log, 3 and 9 May.<esc>", "A child may be at risk"),
            ("!", "ESCALATE"),
            ("The child is back with him.<enter>", "Escalation raised and saved"),
            ("".join("121" if name in LADDERS else "2" for name in rest), "Nothing is open"),
            ("s", "Submit check"),
            ("S", "Who gave feedback"),
            ("12<enter>", "together with the practitioner?"),
            ("1", "Work queue"),
        ),
        "submitted",
    )  # fmt: skip
    yield Part(
        EVE, "moderate",
        (
            ("1", "done"),
            ("4Nobody read them.<esc>Contact log, 3 and 9 May.<esc>", "[x]  1"),
            ("3Hard to follow.<esc>", "[x]  2"),
            ("".join("121" if name in LADDERS else "2" for name in rest[1:]), "Nothing is open"),
            ("L", "lock"),
            ("L1", "COMPARE"),
            ("y", "Why?"),
            ("The reasons are not written down.<enter>", "1/1 decided"),
            ("f", "Finish check"),
            ("S1", "Work queue"),
        ),
        "decided",
    )  # fmt: skip
    yield Part(
        CARA, None,
        (
            ("<enter>", "Acknowledge the escalation"),
            ("<enter>", "Saved: Acknowledge the escalation."),
            ("<enter>", "What was done"),
            ("The duty social worker saw the child today.<enter>", "Saved:"),
        ),
        "decided",
    )  # fmt: skip
    yield Part(
        LEAD, None,
        (("<enter>", "Close the escalation"), ("<enter>The child was seen, and is safe.<enter>1", "Saved:")),
        "decided",
    )  # fmt: skip
    yield Part(auditor, None, ((f"g{audit}<enter>", "Share the audit"), ("<enter>1", "Saved: Share")), "shared")
    yield Part(ADA, "answer", (("a", "Accept"), ("1", "you accepted")), "answered")
    if live.rows("matters"):  # of inadequate work, which is looked at again first
        live.followed_up(audit)
    yield Part(CARA, None, ((f"g{audit}<enter>", "Close the audit"), ("<enter>1", "Saved: Close the audit.")), "closed")
