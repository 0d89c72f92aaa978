"""`transitions` and the definition say the same, over every stage, event and outcome of the guards."""

import itertools
from collections.abc import Mapping

import pytest
from transitions import Machine

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import SAME_STAGE
from audit_engine.engine import machine as machine_module
from audit_engine.engine.guards import GUARDS, Guard
from audit_engine.engine.machine import next_stage
from audit_engine.engine.move_facts import MoveFacts
from audit_engine.problems import Refused
from tests.engine.moves import with_values, workflow


def expected_end(read: ReadWorkflow, stage: str, event: str, facts: MoveFacts, failing: Mapping[str, bool]) -> object:
    """Worked out from the definition alone: a stage, or the names of the guards that refuse, or None: no such way."""
    found = read.event(event)
    if stage not in found.leaves:
        return None
    values = {**facts.values, "stage": stage}
    end = next(end for end in found.ends if end.when is None or end.when.outcome(values).held)
    asked = dict.fromkeys((*found.guards, *end.guards))
    also = ["only_if" for condition, _ in found.conditions if not condition.outcome(values).held]
    also += [demand.forms[0] for demand in found.demands if demand.after is not None]
    return [*(name for name in asked if failing[name]), *also] or (stage if end.to == SAME_STAGE else end.to)


@pytest.mark.parametrize("name", ["case_audit", "moderation", "escalation"])
def test_machine_and_definition_agree_on_every_stage_event_and_outcome(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = workflow(name)
    failing: dict[str, bool] = {}

    def told(guard: str) -> Guard:
        return lambda _: "No. Do something." if failing[guard] else None

    for guard in GUARDS:
        monkeypatch.setitem(GUARDS, guard, told(guard))
    tried = 0
    for stage, event, selected in itertools.product(read.workflow.stage_ids, read.events, (True, False)):
        asked = {*read.event(event).guards, *(g for end in read.event(event).ends for g in end.guards)}
        for outcomes in itertools.product((False, True), repeat=len(asked)):
            failing = dict.fromkeys(GUARDS, False) | dict(zip(sorted(asked), outcomes, strict=True))
            facts = with_values(selected_for_moderation=selected)
            expected = expected_end(read, stage, event, facts, failing)
            try:
                found: object = next_stage(read, stage, event, facts)
            except Refused as refused:
                rules = [reason.rule for reason in refused.reasons]
                found = None if rules == ["stage"] else rules
            assert found == expected, (stage, event, selected, failing)
            tried += 1
    assert tried >= len(read.workflow.stage_ids) * len(read.events) * 2


@pytest.mark.parametrize("name", ["case_audit", "moderation", "escalation"])
def test_the_machine_holds_every_declared_way_and_no_other(name: str) -> None:
    read = workflow(name)
    machine: Machine = machine_module._machine(read)

    built = {
        (event, way.source, way.dest) for event, found in machine.events.items()
        for ways in found.transitions.values() for way in ways
    }  # fmt: skip
    declared = {
        (event, stage, stage if end.to == SAME_STAGE else end.to)
        for event, found in read.events.items() for stage in found.leaves for end in found.ends
    }  # fmt: skip
    assert built == declared
    assert set(machine.states) == set(read.workflow.stage_ids)
    assert machine.models == []
