"""Files people begin with when they write a definition of their own: they can be used as they stand."""

import re
import shlex
from pathlib import Path

from audit_engine.definitions.reading import NAME_RULE
from audit_engine.definitions.workflow_names import AUDIT, MATTER
from audit_engine.problems import unusable
from audit_engine.safe_text import for_terminal, quoted


def starting_workflow(name: str, file: str, governs: str = AUDIT) -> str:
    """The text of a small workflow, with comments.

    Args:
        name: What it is to be called.
        file: Where it will stand, for the comments.
        governs: AUDIT or MATTER. Moderations and escalations are changed from the shipped ones.

    Raises:
        Unusable: nothing may be called so.
    """
    return _filled("matter.yaml" if governs == MATTER else "workflow.yaml", name, file)


def starting_rubric(name: str, file: str) -> str:
    """The text of a small rubric, with comments. Arguments and errors as for a workflow."""
    return _filled("rubric.yaml", name, file)


def _filled(beginning: str, name: str, file: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name, re.ASCII):
        raise unusable(quoted(name), "D015", f"this is not {NAME_RULE}", "Write it like follow_up_audit.")
    text = (Path(__file__).parent / beginning).read_text(encoding="utf-8")
    marks = {
        "{name}": name,
        "{title}": name.replace("_", " ").capitalize(),
        "{letters}": _letters(name),
        "{file}": shlex.quote(for_terminal(file)),
    }
    for mark, words in marks.items():
        text = text.replace(mark, words)
    return text


def _letters(name: str) -> str:
    """What references may begin with: the first letters of a name, `FOL` of `follow_up`."""
    letters = re.sub(r"[^a-z]", "", name).upper()
    return letters[:3].ljust(2, "X")
