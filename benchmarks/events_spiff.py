"""SpiffWorkflow in bench_events.py. Importing it fails where the library is not installed.

The workflow is written as BPMN: each stage is a user task, and behind it a gateway chooses by the event that was done
and its guards. Where none fits, the default flow goes through a script that says so and back to the stage.
"""

from xml.sax.saxutils import quoteattr

from events_walk import ANSWERS, FIRST, Impossible, Way, finals, stages, ways
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


class Spec:
    """The workflow, read once, and what every run of it shares."""

    def __init__(self) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(bpmn().encode())
        self._spec = parser.get_spec("case_audit")
        self._engine = PythonScriptEngine(environment=TaskDataEnvironment({"holds": ANSWERS.holds}))
        self._serializer = BpmnWorkflowSerializer()

    def begun(self) -> BpmnWorkflow:
        """A new run, at the first stage."""
        run = BpmnWorkflow(self._spec, script_engine=self._engine)
        run.do_engine_steps()
        return run

    def as_text(self, run: BpmnWorkflow) -> str:
        """The whole run as JSON, the way the library keeps it."""
        return str(self._serializer.serialize_json(run))

    def from_text(self, text: str) -> BpmnWorkflow:
        """The run that was kept."""
        run = self._serializer.deserialize_json(text)
        run.script_engine = self._engine
        return run


def decided(run: BpmnWorkflow, event: str) -> str:
    """The stage an event leads to."""
    task = run.get_next_task(state=TaskState.READY, manual=True)
    if task is None:
        raise Impossible(event)
    task.set_data(event=event, refused=False)
    task.run()
    run.do_engine_steps()
    reached = run.get_next_task(state=TaskState.READY, manual=True)
    if reached is None:
        return next(stage for stage in finals() if run.get_next_task(state=TaskState.COMPLETED, spec_name=stage))
    if reached.data["refused"]:
        raise Impossible(event)
    return str(reached.task_spec.name)


def bpmn() -> str:
    """The workflow as BPMN 2.0."""
    nodes, flows, final = ['<startEvent id="start"/>'], [("start", FIRST, "")], finals()
    for stage in stages():
        if stage in final:
            nodes.append(f'<endEvent id="{stage}"/>')
            continue
        nodes.append(f'<userTask id="{stage}"/>')
        nodes.append(f'<exclusiveGateway id="{stage}_which" default="{stage}_which_{stage}_no"/>')
        nodes.append(f'<scriptTask id="{stage}_no"><script>refused = True</script></scriptTask>')
        flows += [(stage, f"{stage}_which", ""), (f"{stage}_no", stage, "")]
        flows += [(f"{stage}_which", way.target, _condition(way.event, way.guards)) for way in _from(stage)]
        flows.append((f"{stage}_which", f"{stage}_no", ""))
    drawn = "".join([*nodes, *(_flow(number, *flow) for number, flow in enumerate(flows))])
    heads = f'xmlns="{MODEL}" xmlns:xsi="{INSTANCE}" targetNamespace="audit"'
    return f'<definitions {heads}><process id="case_audit" isExecutable="true">{drawn}</process></definitions>'


def _from(stage: str) -> list[Way]:
    return [way for way in ways() if way.source == stage]


def _condition(event: str, guards: tuple[str, ...]) -> str:
    return " and ".join([f"event == '{event}'", *(f"holds('{guard}')" for guard in guards)])


def _flow(number: int, source: str, target: str, condition: str) -> str:
    name = f"{source}_{target}" if target.endswith("_no") else f"flow_{number}"
    ends = f"id={quoteattr(name)} sourceRef={quoteattr(source)} targetRef={quoteattr(target)}"
    if not condition:
        return f"<sequenceFlow {ends}/>"
    return (
        f'<sequenceFlow {ends}><conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
        "</sequenceFlow>"
    )


class Spiff:
    """One run for a walk; starting again makes another, outside the time."""

    refuses, asks = (Impossible,), True

    def __init__(self) -> None:
        self._spec = Spec()
        self.restart()

    def restart(self) -> None:
        self.stage, self._run = FIRST, self._spec.begun()

    def fire(self, event: str) -> None:
        self.stage = decided(self._run, event)
