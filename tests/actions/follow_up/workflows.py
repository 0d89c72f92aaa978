"""The workflows of these stories: small, as a service would write them, beside the audit's own with links added."""

from pathlib import Path

from audit_engine.definitions.catalogue import shipped_folder

ACTION = """\
workflow: action
version: 1.0.0
title: Action
governs: matter
references: ACT
about: audit
places:
  raised_by: {from: opener}
  owner: {from: naming}
  checker: {role: manager, independent_of: [owner, practitioner]}
records:
  evidence: {title: What shows that it was done, text: yes}
  progress: {title: How far it is, one_of: [begun, half, nearly], at_first: begun}
  retest: {title: The day it is looked at again, day: yes}
  seen_again: {title: The audit that looked again, audit: yes}
links:
  help:
    title: Request for help
    workflow: help
    by: [owner, quality_lead]
    from: [assigned, in_progress]
    ends: [given, refused]
    places: {asked: raised_by}
stages:
  - id: assigned
    title: Assigned
    waits_for: owner
    due: 5 working days
    overdue:
      - {after: 10 working days, event: lapse}
  - {id: in_progress, title: In progress, waits_for: owner, due: 20 working days, held_by: owner}
  - {id: evidence_submitted, title: Evidence submitted, waits_for: checker, due: 5 working days}
  - {id: closed, title: Closed, final: yes}
  - {id: lapsed, title: Lapsed, final: yes}
  - {id: withdrawn, title: Withdrawn, final: yes}
events:
  - id: start
    title: Start the action
    from: [assigned]
    by: [owner]
    ends:
      - {to: in_progress}
  - id: tell_progress
    title: Tell how far it is
    from: [in_progress]
    by: [owner]
    asks: [progress]
    ends:
      - {to: same_stage}
  - id: hand_over
    title: Hand the action over
    from: [assigned, in_progress]
    by: [owner, quality_lead]
    reason: required
    names: [owner]
    ends:
      - {to: assigned}
  - id: submit_evidence
    title: Submit the evidence
    from: [in_progress]
    by: [owner]
    only_if:
      - closed: help
      - when: record.progress == 'nearly'
        otherwise: The action is not nearly done. Tell how far it is first.
    asks: [evidence]
    ends:
      - {to: evidence_submitted}
  - id: verify
    title: Verify the evidence
    from: [evidence_submitted]
    by: [checker]
    ends:
      - {to: closed}
  - id: verify_by_audit
    title: Verify by another audit
    from: [evidence_submitted]
    by: [quality_lead]
    asks: [seen_again, retest]
    ends:
      - {to: closed}
  - id: finish
    title: Finish without evidence
    from: [in_progress]
    by: [quality_lead]
    breaks_hold: yes
    ends:
      - {to: closed}
  - id: reject
    title: Reject the evidence
    from: [evidence_submitted]
    by: [checker]
    reason: required
    ends:
      - {to: in_progress}
  - id: lapse
    title: Let the action lapse
    from: [assigned]
    by: [the_clock]
    ends:
      - {to: lapsed}
  - id: withdraw
    title: Withdraw the action
    from: [any_open_stage]
    by: [quality_lead]
    breaks_hold: yes
    reason: required
    ends:
      - {to: withdrawn}
"""

HELP = """\
workflow: help
version: 1.0.0
title: Request for help
governs: matter
references: HELP
about: audit
places:
  asks: {from: opener}
  asked: {from: naming, role: auditor, independent_of: [asks]}
stages:
  - {id: asked_for, title: Asked for, waits_for: asked}
  - {id: given, title: Given, final: yes}
  - {id: refused, title: Refused, final: yes}
events:
  - id: give
    title: Give the help
    from: [asked_for]
    by: [asked]
    ends:
      - {to: given}
  - id: refuse
    title: Refuse the help
    from: [asked_for]
    by: [asked]
    reason: required
    ends:
      - {to: refused}
"""

CHALLENGE = """\
workflow: challenge
version: 1.0.0
title: Challenge
governs: matter
references: CHA
about: audit
scale: four_grade
places:
  raised_by: {from: opener}
  decided_by: {role: quality_lead, independent_of: [raised_by]}
records:
  outcome: {title: What came of it, one_of: [upheld, rejected]}
links:
  look_again: {workflow: re_audit, title: Another audit}
reasons:
  outcome_reasons:
    - {id: facts_were_wrong, label: The facts were wrong}
    - {id: grades_stand, label: The grades stand}
stages:
  - {id: raised, title: Raised, waits_for: decided_by, due: 10 working days}
  - {id: upheld, title: Upheld, final: yes}
  - {id: rejected, title: Rejected, final: yes}
events:
  - id: decide
    title: Decide the challenge
    from: [raised]
    by: [decided_by]
    reason_from: outcome_reasons
    asks: [outcome]
    opens:
      - {link: look_again, when: record.outcome == 'upheld' && overall == 'good'}
    ends:
      - {to: upheld, when: record.outcome == 'upheld'}
      - {to: rejected}
"""

LEARNING = """\
workflow: learning
version: 1.0.0
title: Learning point
governs: matter
references: LP
about: team
places:
  author: {from: opener}
stages:
  - {id: noted, title: Noted, waits_for: head_of_practice}
  - {id: shared, title: Shared, final: yes}
events:
  - id: share
    title: Share what was learnt
    from: [noted]
    by: [head_of_practice]
    ends:
      - {to: shared}
"""

LINKS = """\
links:
  action:
    workflow: action
    by: [auditor, manager, quality_lead]
    from: [decided, shared, answered]
    places: {owner: manager}
  challenge: {workflow: challenge}
  lesson:
    title: Learning point
    workflow: learning
    by: [auditor, quality_lead]
    from: [any_open_stage]
  warning:
    workflow: learning
    by: [quality_lead]
    from: [any_open_stage]
  re_audit:
    title: Another audit
    workflow: re_audit
    by: [quality_lead]
    from: [answered]

"""


def case_audit() -> str:
    """The audit's workflow as shipped, with what may hang on it, and the challenge that an answer opens."""
    text = (shipped_folder() / "workflows" / "case_audit.yaml").read_text(encoding="utf-8")
    answer = "    by: [practitioner]\n    ends:\n      - {to: answered}\n"
    assert text.count(answer) == 1
    opening = answer.replace(
        "    ends:", "    opens:\n      - {link: challenge, when: answer == 'challenged'}\n    ends:"
    )
    withdrawing = "      - guard: no_open_escalation\n    reason_from: withdrawal\n"
    assert text.count(withdrawing) == 1
    text = text.replace(withdrawing, withdrawing.replace("    reason_from", "      - closed: lesson\n    reason_from"))
    return text.replace(answer, opening).replace("\nstages:\n", f"\n{LINKS}stages:\n", 1).replace("1.1.0", "1.9.0")


def re_audit() -> str:
    """The workflow a new one begins with, for another audit of a case."""
    text = (Path(shipped_folder()) / "audit_engine/definitions/starting/workflow.yaml").read_text(encoding="utf-8")
    return text.replace("{name}", "re_audit").replace("{title}", "Another audit of a case")


def write(site: Path) -> Path:
    """A site folder with all of them."""
    folder = site / "workflows"
    folder.mkdir(parents=True)
    texts = {
        "action": ACTION, "help": HELP, "challenge": CHALLENGE, "learning": LEARNING, "case_audit": case_audit(),
        "re_audit": re_audit(),
    }  # fmt: skip
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return site
