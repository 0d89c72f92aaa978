"""Other texts of the shipped workflows, put in force beside audits that began under the shipped ones."""

import json
import re
from dataclasses import replace

from audit_engine.definitions.catalogue import Catalogue, Pin
from audit_engine.definitions.workflow_reading import read_pinned


def shipped_text(catalogue: Catalogue, name: str = "case_audit") -> str:
    """The file of a shipped workflow."""
    text: str = json.loads(catalogue.pins["workflow", name].text)["workflow"]
    return text


def in_force(catalogue: Catalogue, text: str, name: str = "case_audit") -> Catalogue:
    """The catalogue with another text of one workflow. Raises Unusable when it cannot be one."""
    used = json.loads(catalogue.pins["workflow", name].text) | {"workflow": text}
    read = read_pinned(json.dumps(used, sort_keys=True, ensure_ascii=False))
    pin = Pin(read.digest, "workflow", name, read.workflow.version, read.text)
    return replace(
        catalogue,
        workflows={**catalogue.workflows, name: read},
        pins={**catalogue.pins, ("workflow", name): pin},
    )


def changed(
    catalogue: Catalogue, *edits: tuple[str, str], name: str = "case_audit", version: str = "1.3.0", **stages: str
) -> Catalogue:
    """The shipped workflow with parts of its text replaced, everywhere they stand, under another version.

    Args:
        stages: Those that get another id, by the one they had.
    """
    text = shipped_text(catalogue, name)
    for old, new in ((f"version: {catalogue.workflow(name).workflow.version}", f"version: {version}"), *edits):
        assert old in text, old
        text = text.replace(old, new)
    for old, new in stages.items():
        text = re.sub(rf"\b{old}\b", new, text)
    return in_force(catalogue, text, name)


TEN_DAYS = "waits_for: auditor\n    due: 10 working days"
"""Of the stage at which it is graded, and of no other."""
LONGER = (TEN_DAYS, TEN_DAYS.replace("10", "15"))
"""While it is graded, there is half as much time again."""
_LATE = """\
    overdue:
      - {after: 0 working days, remind: auditor}
      - {after: 5 working days, tell: quality_lead}
"""
TIMELESS = (f"{TEN_DAYS}\n    grades: yes\n{_LATE}", "waits_for: auditor\n    grades: yes\n")
"""While it is graded, nothing is due."""
