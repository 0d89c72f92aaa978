"""A workflow as a Mermaid state diagram, for documents that draw it themselves."""

import re

from audit_engine.engine.workflow_parts_words import EVERYWHERE
from audit_engine.engine.workflow_told import WorkflowTold
from audit_engine.safe_text import for_terminal
from audit_engine.summaries.workflow_box_words import doers, stage_words, staying, tags_of

_NOT_MERMAID = re.compile(r"[^\w ,.'()\-]")


def mermaid(told: WorkflowTold) -> str:
    """The picture as a Mermaid state diagram: every way from stage to stage, with its event."""
    told_lines = ["stateDiagram-v2", "    direction LR"]
    told_lines += [f'    state "{_plain(stage.title)}" as at_{stage.id}' for stage in told.stages]
    told_lines += [f"    at_{stage.id}: {_plain(line)}" for stage in told.stages for line in stage_words(told, stage)]
    if any(event.everywhere for event in told.events):
        told_lines.append(f'    state "{EVERYWHERE[:1].upper()}{EVERYWHERE[1:]}" as anywhere')
        still = (event for event in told.events if event.everywhere and event.stays)
        told_lines += [f"    anywhere: {_plain(staying(event))}" for event in still]
    told_lines.append(f"    [*] --> at_{told.stages[0].id}")
    for event in told.events:
        sources = ["anywhere"] if event.everywhere else [f"at_{name}" for name in event.leaves]
        tags = "".join(f", {tag}" for tag in tags_of(event))
        for end in (one for one in event.ends if not one.stays):
            words = f"{event.title} ({doers(event)}){f', {end.condition}' if end.condition else ''}{tags}"
            told_lines += [f"    {source} --> at_{end.stage}: {_plain(words)}" for source in sources]
    told_lines += [f"    at_{stage.id} --> [*]" for stage in told.stages if stage.waits_for is None]
    return "\n".join(told_lines) + "\n"


def _plain(words: str) -> str:
    """Words in which no sign means anything to Mermaid: every other one by its number."""
    return _NOT_MERMAID.sub(lambda found: f"#{ord(found[0])};", for_terminal(words))
