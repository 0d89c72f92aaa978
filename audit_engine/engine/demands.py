"""What events ask of links, days and windows, beside guards and conditions: each with the sentence that refuses."""

from collections.abc import Iterable, Iterator

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_parts import Demand
from audit_engine.engine.move_facts import Linked, MoveFacts
from audit_engine.engine.timing import against_window
from audit_engine.problems import Reason


def against_demands(
    workflow: ReadWorkflow, demands: Iterable[Demand], stage: str, facts: MoveFacts
) -> Iterator[Reason]:
    """Every reason why what an event asks for is not so, in the file's order."""
    for demand in demands:
        form = demand.forms[0]
        if form in ("closed", "opened"):
            text = _of_link(workflow, demand, facts)
        elif facts.today is None:
            text = "It is not known which day it is, so no window is open."
        else:
            text = against_window(workflow, demand, stage, facts.entered, facts.recorded, facts.today)
        if text is not None:
            yield Reason(form, text)


def title_of_link(workflow: ReadWorkflow, link: str) -> str:
    """What something that hangs on a link is called, to go on in a sentence: `action`."""
    title = workflow.workflow.links[link].title or link.replace("_", " ")
    return title[:1].lower() + title[1:]


def _of_link(workflow: ReadWorkflow, demand: Demand, facts: MoveFacts) -> str | None:
    name = demand.closed or demand.opened or ""
    title, linked = title_of_link(workflow, name), facts.links.get(name, Linked())
    if demand.closed is not None:
        if not linked.open:
            return None
        still = f"Still open here: {title}" + (f", {linked.open} of them" if linked.open > 1 else "")
        return demand.otherwise or f"{still}. Have {'them' if linked.open > 1 else 'it'} brought to an end first."
    if linked.opened:
        return None
    return demand.otherwise or f"There is none yet of: {title}. Open one first."
