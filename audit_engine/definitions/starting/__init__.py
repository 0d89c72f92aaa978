"""Files people begin with when they write a definition of their own: they can be used as they stand."""

import re
import shlex
from pathlib import Path

from audit_engine.definitions.reading import NAME_RULE
from audit_engine.problems import unusable
from audit_engine.safe_text import for_terminal, quoted


def starting_workflow(name: str, file: str) -> str:
    """The text of a small workflow, with comments.

    Args:
        name: What it is to be called.
        file: Where it will stand, for the comments.

    Raises:
        Unusable: nothing may be called so.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name, re.ASCII):
        raise unusable(quoted(name), "D015", f"this is not {NAME_RULE}", "Write it like follow_up_audit.")
    text = (Path(__file__).parent / "workflow.yaml").read_text(encoding="utf-8")
    title = name.replace("_", " ").capitalize()
    for mark, words in (("{name}", name), ("{title}", title), ("{file}", shlex.quote(for_terminal(file)))):
        text = text.replace(mark, words)
    return text
