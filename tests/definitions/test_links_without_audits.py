"""What is about no audit has no case to be looked at again: refused when the files are read together."""

from audit_engine.definitions.reading import judged
from audit_engine.definitions.sources import source_from
from audit_engine.definitions.workflow import Workflow
from audit_engine.definitions.workflow_parts_checks import linked_problems

MATTER = """\
workflow: point
version: 1.0.0
title: Learning point
governs: matter
references: LP
about: {about}
links:
  look_again:
    workflow: {partner}
    by: [quality_lead]
    from: [noted]
stages:
  - {{id: noted, title: Noted, waits_for: quality_lead}}
  - {{id: done, title: Done, final: yes}}
events:
  - id: end
    title: End it
    from: [noted]
    by: [quality_lead]
    ends:
      - {{to: done}}
"""
AUDIT = """\
workflow: another
version: 1.0.0
title: Another audit
governs: audit
people:
  practitioner: {from: case}
  manager: {from: case}
  auditor: {role: auditor, independent_of: [practitioner, manager]}
stages:
  - {id: drawn, title: Drawn, waits_for: quality_lead}
  - {id: closed, title: Closed, final: yes}
events:
  - id: close
    title: Close it
    from: [drawn]
    by: [quality_lead]
    ends:
      - {to: closed}
"""


def found(about: str, partner: str) -> list[str]:
    source = source_from(MATTER.format(about=about, partner=partner).encode(), "point.yaml")
    workflow, other = judged(source, Workflow), judged(source_from(AUDIT.encode(), "another.yaml"), Workflow)
    assert isinstance(workflow, Workflow)
    assert isinstance(other, Workflow)
    about_audit = workflow.model_copy(update={"workflow": "of_audit", "about": "audit"})
    known = {"point": workflow, "another": other, "of_audit": about_audit}
    return [f"{one.code} {one.message}" for one in linked_problems(source, workflow, known)]


def test_it_opens_no_other_audit() -> None:
    assert found("team", "another") == ["D075 'another' is about an audit, and here there is none"]


def test_it_opens_nothing_about_an_audit() -> None:
    assert found("team", "of_audit") == ["D075 'of_audit' is about an audit, and here there is none"]


def test_what_is_about_an_audit_may() -> None:
    assert found("audit", "another") == []
