"""The shipped workflows: what each is made of, that it keeps what it promises, and stories told of it."""

from functools import cache
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load, load_workflow
from audit_engine.definitions.proofs import PROVED, prove
from audit_engine.definitions.workflow import ReadWorkflow, Stage
from audit_engine.definitions.workflow_names import MATTER, ROLES, THE_CLOCK
from audit_engine.engine.simulating import begun
from audit_engine.engine.simulation_expectations import run
from audit_engine.engine.simulation_script import read_script
from audit_engine.problems import Unusable
from tests.definitions.conftest import Put
from tests.definitions.released import RELEASED

SCRIPTS = Path(__file__).parents[1] / "workflows"

STAGES = {
    "case_audit": "drawn allocated grading paused paused_again submitted moderation returned decided shared answered "
    "outstanding closed. withdrawn.",
    "thematic_audit": "drawn allocated grading paused paused_again submitted moderation returned decided consulted "
    "shared answered outstanding closed. withdrawn.",
    "moderation": "assigned blind locked compared panel agreed. adjusted. returned. ended.",
    "escalation": "raised acknowledged acted closed.",
    "calibration": "open blind_rating locked discussion consensus report closed. called_off.",
    "action": "draft assigned declined accepted in_progress evidence_submitted rejected verified impact_check closed. "
    "dropped.",
    "improvement_action": "draft assigned declined accepted in_progress evidence_submitted rejected verified "
    "impact_check closed. dropped.",
    "learning_point": "captured themed approved_for_sharing disseminated checked. kept_back.",
    "inadequate_follow_up": "identified manager_notified immediate_actions remediation re_audit_due re_audited "
    "senior_review improved. reviewed. dropped.",
    "challenge": "raised maintained panel accepted. upheld. taken_back.",
    "practice_observation": "agreed consent_recorded observed feedback_given practitioner_response learning_agreed "
    "closed. called_off.",
    "area_quality_review": "planned visit evidence factual_accuracy draft report improvement_plan three_month_review "
    "six_month_review closed. called_off.",
    "rubric_change": "draft in_consultation consulted approved live retired. dropped.",
    "offboarding": "announced handing_over handed_over access_ended closed. called_off.",
    "quarterly_summary": "collecting data_cut_frozen drafted checked approved_with_conditions conditions_met approved "
    "embargoed published restated filed. dropped.",
    "recommendation": "received accepted planned implemented evidence_tested accepted_by_originator retest_due closed. "
    "rejected.",
}
"""By workflow: its stages in order; a full stop where nothing leads on."""
ABOUT = {
    "calibration": ("CAL", "document"), "action": ("ACT", "audit"), "improvement_action": ("IMP", "area"),
    "learning_point": ("LRN", "audit"), "inadequate_follow_up": ("IFU", "audit"), "challenge": ("CHL", "audit"),
    "practice_observation": ("OBS", "person"), "area_quality_review": ("AQR", "area"),
    "rubric_change": ("RUB", "rubric"), "offboarding": ("OFF", "person"), "quarterly_summary": ("QSM", "period"),
    "recommendation": ("REC", "document"),
}  # fmt: skip
LINKS = {
    "case_audit": {"follow_up": "inadequate_follow_up", "challenge": "challenge", "action": "action",
                   "learning_point": "learning_point"},
    "inadequate_follow_up": {"re_audit": "case_audit"},
    "area_quality_review": {"plan_action": "improvement_action"},
}  # fmt: skip


@cache
def found() -> Catalogue:
    return load()


def workflow(name: str) -> ReadWorkflow:
    return found().workflow(name)


def test_these_are_shipped_and_no_others() -> None:
    assert sorted(found().workflows) == sorted(STAGES)
    matters = {n: (r.workflow.references, r.workflow.about) for n, r in found().workflows.items()
               if r.workflow.governs == MATTER}  # fmt: skip
    assert matters == ABOUT


@pytest.mark.parametrize("name", sorted(STAGES))
def test_its_stages(name: str) -> None:
    assert [f"{stage.id}{'.' * stage.final}" for stage in workflow(name).workflow.stages] == STAGES[name].split()


@pytest.mark.parametrize("name", sorted(LINKS))
def test_what_may_hang_on_it(name: str) -> None:
    assert {link: one.workflow for link, one in workflow(name).workflow.links.items()} == LINKS[name]


@pytest.mark.parametrize("name", sorted(STAGES))
def test_all_it_promises_is_proved(name: str) -> None:
    proof = prove(workflow(name), found().workflows)

    assert [(one.says, one.state, one.why, one.story) for one in proof.answers if one.state != PROVED] == []
    assert proof.whole
    assert sum(one.is_property for one in proof.answers) == len(workflow(name).properties) >= 3


@pytest.mark.parametrize("name", sorted(STAGES))
def test_everybody_it_names_is_somebody(name: str) -> None:
    read = workflow(name)
    known = {*read.workflow.people_known, *ROLES}

    for event in read.workflow.events:
        assert set(event.by) <= known | {THE_CLOCK}, event.id
        assert set(event.none_of) <= set(read.workflow.people_known), event.id
    for stage in read.workflow.stages:
        assert {step.remind or step.tell for step in stage.overdue if step.event is None} <= known, stage.id
        assert stage.waits_for in known | {None}, stage.id


@pytest.mark.parametrize("name", sorted(STAGES))
def test_every_deadline_leads_somewhere(name: str) -> None:
    """Whoever has until a day can do something at that stage, by which it goes on; and somebody hears that it is late,
    but where it waits for no more than a step of the same person."""
    read = workflow(name)

    for stage in read.workflow.stages:
        if stage.due is None:
            continue
        ways = [event for event in read.events_from(stage.id) if stage.waits_for in event.written.by]
        assert any(read.workflow.arrives(end, stage.id) != stage.id for event in ways for end in event.ends), stage.id
        assert stage.overdue or stage.id in UNREMINDED.get(name, ()), stage.id
        assert _heard(stage), stage.id


UNREMINDED = {"calibration": ("locked", "report"), "quarterly_summary": ("approved",)}


def _heard(stage: Stage) -> bool:
    """Whoever should have gone on is reminded before anybody else is told, and events come last."""
    after = {kind: [s.after for s in stage.overdue if kind in s.does] for kind in ("remind", "tell", "event")}
    return not stage.overdue or (0 in after["remind"] and min(after["event"], default=99) > 0)


@pytest.mark.parametrize("name", sorted(STAGES))
def test_its_text_says_what_people_must_know(name: str) -> None:
    """What it is, who may change it, and that nobody has worked by it yet."""
    text = found().pins["workflow", name].text

    assert "may change it, with a new version" in text
    assert "has not been tried with practitioners" in text.replace("\\n# ", " ")
    assert "audit workflow prove" in text


@pytest.mark.parametrize("name", sorted(STAGES))
def test_its_version_and_digest_are_released(name: str) -> None:
    pin = found().pins["workflow", name]

    assert f"workflow {name} {pin.version} {pin.digest}" in RELEASED.read_text(encoding="utf-8").splitlines()


# --- stories ----------------------------------------------------------------------------------------------------

STORIES = sorted(file.stem for file in SCRIPTS.glob("*.script"))
REFUSING = "_refused"


def test_every_workflow_has_a_story_to_its_end_and_one_of_what_it_refuses() -> None:
    assert {name for name in STAGES if name not in STORIES or f"{name}{REFUSING}" not in STORIES} == set()


@pytest.mark.parametrize("story", STORIES)
def test_a_story_goes_as_it_is_told(story: str) -> None:
    name = next(name for name in sorted(STAGES, key=len, reverse=True) if story.startswith(name))
    script = read_script(workflow(name), (SCRIPTS / f"{story}.script").read_text("utf-8"), story)
    assert script.day is not None

    done = list(run(begun(workflow(name), script.day), script.steps))

    assert [(one.step.line, one.failure) for one in done if one.failure is not None] == []
    assert len(done) == len(script.steps)
    last = workflow(name).stage(done[-1].after.stage)
    if story.endswith(REFUSING):
        assert any(one.refused for one in done)
    else:
        assert last.final


# --- links are judged once all workflows are read ----------------------------------------------------------------


def shipped_text(name: str) -> str:
    text: str = (Path(__file__).parents[2] / "workflows" / f"{name}.yaml").read_text(encoding="utf-8")
    return text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("workflow: challenge", "workflow: challenges", "D018 there is no workflow called 'challenges'"),
        ("workflow: challenge", "workflow: moderation", "D075 'moderation' is opened by the program itself"),
        ("[improved, reviewed, dropped]", "[improved, reviewed]", "D075 these are not the ends of 'inadequate_follow"),
    ],
)  # fmt: skip
def test_a_link_that_does_not_fit_is_told_with_its_place(old: str, new: str, said: str, put: Put, site: Path) -> None:
    text = shipped_text("case_audit").replace(f"    {old}\n", f"    {new}\n").replace(f"ends: {old}", f"ends: {new}")
    text, _, _ = text.partition("# What this workflow promises")
    file = put("workflows", "case_audit.yaml", text.encode())

    for reading in (lambda: load(site), lambda: load_workflow(file, site)):
        with pytest.raises(Unusable) as told:
            reading()
        assert [str(one.place.line is not None) for one in told.value.problems] == ["True"]
        assert said in str(told.value)


def test_a_workflow_may_name_one_that_stands_beside_it(tmp_path: Path) -> None:
    """Two drafts that name each other can be looked at before either is in force."""
    draft = shipped_text("area_quality_review").replace("workflow: improvement_action", "workflow: plan_step")
    step = shipped_text("improvement_action").replace("workflow: improvement_action", "workflow: plan_step")
    (tmp_path / "review.yaml").write_text(draft, "utf-8")
    with pytest.raises(Unusable, match="there is no workflow called 'plan_step'"):
        load_workflow(tmp_path / "review.yaml")

    (tmp_path / "step.yaml").write_text(step, "utf-8")
    assert load_workflow(tmp_path / "review.yaml").workflow.links["plan_action"].workflow == "plan_step"
