"""A service with a workflow of audits of its own: it pauses, records, checks, and keeps to windows."""

from pathlib import Path

from audit_engine.definitions.catalogue import Catalogue, load, shipped_folder

_PARTS = """
places:
  checker: {role: manager, independent_of: [manager, auditor]}

records:
  awaited: {title: What the audit waits for, text: yes}
  not_until: {title: The day it goes on, day: yes}
  earlier: {title: The audit that looked before, audit: yes}
  auditors_view: {title: What the auditor thinks of it, one_of: [stands, doubtful]}
  leads_view: {title: What the quality lead thinks of it, one_of: [stands, doubtful]}
  outcome: {title: What came of the check, one_of: [unchecked, sound, unsound], at_first: unchecked}

reasons:
"""
_STAGES = """
  - {id: paused, title: Paused, waits_for: auditor, clock: pauses}
  - {id: in_check, title: Being checked, waits_for: checker, due: 3 working days, held_by: checker}
  - {id: shared, title: Shared"""
_EVENTS = """
  # Pausing
  - id: pause
    title: Pause the audit
    from: [grading]
    by: [auditor]
    asks: [awaited, not_until]
    ends:
      - {to: paused}
  - id: resume
    title: Go on with the audit
    from: [paused]
    by: [auditor]
    only_if:
      - not_before: not_until
    ends:
      - {to: grading}

  # Two opinions, and a check
  - id: give_view
    title: Say what the auditor thinks of it
    from: [decided]
    by: [auditor]
    asks: [auditors_view, earlier]
    ends:
      - {to: same_stage}
  - id: give_leads_view
    title: Say what the quality lead thinks of it
    from: [decided]
    by: [quality_lead]
    asks: [leads_view]
    ends:
      - {to: same_stage}
  - id: look_over
    title: Look it over before it is moderated
    from: [submitted]
    by: [checker]
    ends:
      - {to: same_stage}
  - id: check
    title: Take it to check
    from: [decided]
    by: [checker]
    only_if:
      - when: record.auditors_view == 'stands' || record.leads_view == 'stands'
        otherwise: Nobody has said yet that it stands.
    ends:
      - {to: in_check}
  - id: have_checked
    title: Have it checked
    from: [decided]
    by: [quality_lead]
    ends:
      - {to: in_check}
  - id: find_sound
    title: Say that it is sound
    from: [in_check]
    by: [checker, quality_lead]
    sets: {outcome: sound}
    only_if:
      - when: record.outcome == 'sound'
        otherwise: It was not found sound.
    ends:
      - {to: shared}

  # Sharing what was found
"""
_UNANSWERED = """\
      - after: 10 working days
        of: shared
    reason: required
    ends:
      - {to: closed}"""


def careful(site: Path) -> Catalogue:
    """The shipped definitions, with a workflow of audits of this service's own, written to the folder `site`."""
    text = (shipped_folder() / "workflows" / "case_audit.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("version: 1.1.0", "version: 1.2.0"),
        ("\nreasons:\n", _PARTS),
        ("\n  - {id: shared, title: Shared", _STAGES),
        ("\n  # Sharing what was found\n", _EVENTS),
        ("    by: [practitioner]\n", "    by: [practitioner]\n    only_if:\n      - within: 10 working days\n"),
        ("    reason: required\n    ends:\n      - {to: closed}", _UNANSWERED),
        ("    by: [moderator]\n    ends:", "    by: [moderator]\n    none_of: [checker]\n    ends:"),
        ("    from: [any_open_stage]\n", "    from: [any_open_stage]\n    breaks_hold: yes\n"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (site / "workflows").mkdir(parents=True, exist_ok=True)
    (site / "workflows" / "case_audit.yaml").write_text(text, encoding="utf-8")
    return load(site, proving=False)  # what it promises is asked in tests of the proofs
