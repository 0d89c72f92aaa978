"""Workflows as they are read. Bad files and their exact messages stand in bad/workflows."""

import hashlib
import json
from pathlib import Path

import pytest

from audit_engine.definitions import workflow_names
from audit_engine.definitions.catalogue import Catalogue, load, shipped_folder
from audit_engine.definitions.workflow import ReadWorkflow, Stage, situations
from audit_engine.definitions.workflow_reading import read_pinned
from audit_engine.problems import Unusable
from tests.definitions.conftest import HERE, Put, what_is_said

SHIPPED = ("case_audit", "escalation", "moderation")
"""Those under which audits are made; what the others promise is asked in test_shipped_workflows."""
BAD_FILES = sorted((HERE / "bad" / "workflows").glob("*.yaml"))


@pytest.fixture(scope="module")
def found() -> Catalogue:
    return load()


def shipped(name: str) -> str:
    return (shipped_folder() / "workflows" / f"{name}.yaml").read_text(encoding="utf-8")


def changed(put: Put, site: Path, old: str, new: str, name: str = "case_audit") -> Catalogue:
    text = shipped(name)
    assert old in text
    put("workflows", f"{name}.yaml", text.replace(old, new, 1).encode())
    return load(site)


# --- what is shipped --------------------------------------------------------------------------------------------


def test_the_shipped_workflows(found: Catalogue) -> None:
    assert {name: found.workflow(name).workflow.governs for name in SHIPPED} == {
        "case_audit": "audit", "moderation": "moderation", "escalation": "escalation",
    }  # fmt: skip
    with pytest.raises(Unusable, match=r"D018 there is no workflow of this name"):
        found.workflow("case_audits")


def test_the_stages_of_an_audit(found: Catalogue) -> None:
    read = found.workflow("case_audit")

    assert read.first.id == "drawn"
    assert [(s.id, s.waits_for, s.due.words if s.due else "", _does(s)) for s in read.workflow.stages] == [
        ("drawn", "quality_lead", "", ""),
        ("allocated", "auditor", "5 working days", ""),
        ("grading", "auditor", "10 working days", "grades"),
        ("paused", "auditor", "", "pauses"),
        ("paused_again", "auditor", "", "pauses"),
        ("submitted", "moderator", "5 working days", ""),
        ("moderation", "moderator", "10 working days", "held"),
        ("returned", "auditor", "5 working days", "grades"),
        ("decided", "auditor", "", "finalises"),
        ("shared", "practitioner", "10 working days", ""),
        ("answered", "manager", "", ""),
        ("outstanding", "manager", "", ""),
        ("closed", None, "", "final"),
        ("withdrawn", None, "", "final"),
    ]


def _does(stage: Stage) -> str:
    """What a stage does beside waiting."""
    done = {"grades": stage.grades, "finalises": stage.finalises, "final": stage.final,
            "pauses": stage.clock == "pauses", "held": stage.held_by == "moderator"}  # fmt: skip
    return " ".join(name for name, so in done.items() if so)


def test_the_events_of_an_audit(found: Catalogue) -> None:
    read = found.workflow("case_audit")
    open_stages = tuple(stage.id for stage in read.workflow.stages if not stage.final)

    assert [(name, e.leaves, e.written.by, [end.to for end in e.ends]) for name, e in read.events.items()] == [
        ("allocate", ("drawn",), ("quality_lead",), ["allocated"]),
        (
            "reallocate",
            ("allocated", "grading", "paused", "paused_again", "returned"),
            ("quality_lead",),
            ["allocated"],
        ),
        ("begin", ("allocated",), ("auditor",), ["grading"]),
        ("pause", ("grading", "returned"), ("auditor",), ["paused_again", "paused"]),
        ("resume", ("paused", "paused_again"), ("auditor",), ["returned", "grading"]),
        ("give_view", ("grading", "returned"), ("practitioner",), ["same_stage"]),
        ("submit", ("grading", "returned"), ("auditor",), ["submitted", "decided"]),
        ("take", ("submitted",), ("moderator",), ["moderation"]),
        ("finalise", ("moderation",), ("moderator",), ["decided"]),
        ("return", ("moderation",), ("moderator",), ["returned"]),
        ("share", ("decided",), ("auditor", "quality_lead"), ["shared"]),
        ("answer", ("shared",), ("practitioner",), ["answered"]),
        ("leave_open", ("answered",), ("manager", "quality_lead"), ["outstanding"]),
        ("close", ("answered", "outstanding"), ("manager", "quality_lead"), ["closed"]),
        ("close_unanswered", ("shared",), ("quality_lead",), ["outstanding", "closed"]),
        ("withdraw", open_stages, ("quality_lead",), ["withdrawn"]),
    ]
    asked = {name: e.written.reason_from or e.written.reason for name, e in read.events.items()}
    assert {name: reason for name, reason in asked.items() if reason != "none"} == {
        "reallocate": "required", "pause": "required", "return": "required", "close_unanswered": "required",
        "withdraw": "withdrawal",
    }  # fmt: skip


def test_what_leaves_a_stage(found: Catalogue) -> None:
    read = found.workflow("case_audit")

    assert [event.written.id for event in read.events_from("shared")] == ["answer", "close_unanswered", "withdraw"]
    assert read.events_from("closed") == ()
    assert read.event("submit").written.locks == "grades"
    assert read.stage("grading").title == "Being graded"
    with pytest.raises(KeyError):
        read.stage("zzz")
    with pytest.raises(KeyError):
        read.event("zzz")


# --- locks ------------------------------------------------------------------------------------------------------


def test_where_grades_are_locked(found: Catalogue) -> None:
    audit, moderation = found.workflow("case_audit"), found.workflow("moderation")

    assert moderation.locked_stages == {"locked", "compared", "panel", "agreed", "adjusted", "returned"}
    assert audit.locked_stages == {
        "submitted", "moderation", "decided", "shared", "answered", "outstanding", "closed",
    }  # fmt: skip
    assert found.workflow("escalation").locked_stages == frozenset()


def test_a_moderator_sees_the_auditors_grades_past_the_lock_and_not_once_it_was_returned(found: Catalogue) -> None:
    assert found.workflow("moderation").seen_stages == {"locked", "compared", "panel", "agreed", "adjusted"}


def test_grades_stay_locked_until_a_stage_with_grades_is_entered_again(found: Catalogue) -> None:
    read = found.workflow("case_audit")

    assert read.locked_after("submit", "submitted", locked=False)
    assert read.locked_after("take", "moderation", locked=True)
    assert not read.locked_after("return", "returned", locked=True)
    assert not read.locked_after("begin", "grading", locked=False)
    assert ("allocated", True) not in situations(read.workflow), "a reallocated audit can be graded"


# --- built in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_leaving_a_guard_out_of_the_file_leaves_it_in(name: str, found: Catalogue, put: Put, site: Path) -> None:
    """All that `only_if` says goes; what is built in is asked all the same."""
    text, _, _ = shipped(name).partition("# What this workflow promises")  # which some of it would break
    lines, kept, inside = text.splitlines(), [], False
    for line in lines:
        inside = line == "    only_if:" or (inside and line.startswith("      "))
        kept += [] if inside else [line]
    bare = changed(put, site, shipped(name), "\n".join(kept) + "\n", name).workflow(name)

    for event, read in found.workflow(name).events.items():
        asked = {*read.guards, *(guard for end in read.ends for guard in end.guards)}
        still = {*bare.event(event).guards, *(guard for end in bare.event(event).ends for guard in end.guards)}
        assert asked - still <= {"feedback_is_recorded", "somebody_took_it_on"}
    locking = next((read for read in bare.events.values() if read.written.locks), None)
    if locking is not None:
        assert locking.guards == workflow_names.BUILT_IN_AT_LOCK[bare.workflow.governs]


def test_what_is_built_in_on_the_way_into_a_stage(found: Catalogue) -> None:
    def on_the_way(name: str, event: str) -> list[tuple[str, ...]]:
        return [end.guards for end in found.workflow(name).event(event).ends]

    assert on_the_way("case_audit", "submit") == [(), ("four_eyes",)]
    assert on_the_way("case_audit", "withdraw") == [("no_open_escalation",)]
    assert on_the_way("moderation", "decide") == [("every_disagreement_decided",), ("every_disagreement_decided",)]
    assert on_the_way("moderation", "return") == [()]
    assert on_the_way("escalation", "close") == [("closed_by_somebody_else",)]


# --- pins -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_workflow_is_pinned_by_its_text_and_read_back_from_it(name: str, found: Catalogue) -> None:
    pin, read = found.pins["workflow", name], found.workflow(name)

    assert pin.digest == read.digest == hashlib.sha256(pin.text.encode()).hexdigest()
    assert (pin.kind, pin.name, pin.version) == ("workflow", name, read.workflow.version)
    scale = (shipped_folder() / "rubrics" / "scales" / "four_grade.yaml").read_text(encoding="utf-8")
    assert json.loads(pin.text) == {"workflow": shipped(name)} | ({"scale": scale} if name == "case_audit" else {})
    again = read_pinned(pin.text)
    assert again == read
    assert again.workflow == read.workflow
    assert {n: (e.guards, e.leaves) for n, e in again.events.items()} == {
        n: (e.guards, e.leaves) for n, e in read.events.items()
    }


def test_a_pin_holds_the_scale_and_the_facts_that_conditions_speak_of(put: Put, site: Path) -> None:
    ends = "      - {to: submitted, when: selected_for_moderation}"
    worse = "      - {to: submitted, when: overall == 'inadequate' || facts.da_disclosed}"
    text, _, _ = shipped("case_audit").partition("# What this workflow promises")  # which this would break
    text = text.replace("governs: audit", "governs: audit\nfacts: case_facts")
    pin = changed(put, site, shipped("case_audit"), text.replace(ends, worse)).pins["workflow", "case_audit"]

    kept = json.loads(pin.text)
    assert sorted(kept) == ["facts", "scale", "workflow"]
    read = read_pinned(pin.text)
    assert read.digest == pin.digest
    condition = read.event("submit").ends[0].when
    assert condition is not None
    assert condition.names == ("facts.da_disclosed", "overall")


def test_a_pin_that_can_no_longer_be_read_says_so(found: Catalogue) -> None:
    text = found.pins["workflow", "case_audit"].text.replace("governs: audit", "governs: audits")

    with pytest.raises(Unusable, match=r"the workflow it was opened under:\d+:\d+: D015 'audits' is not one of"):
        read_pinned(text)


def test_a_site_may_tighten_a_workflow(put: Put, site: Path, found: Catalogue) -> None:
    before: ReadWorkflow = found.workflow("case_audit")
    after = changed(
        put, site, "    by: [auditor, quality_lead]\n", "    by: [auditor, quality_lead]\n    only_if:\n"
        "      - when: returned_times < 3\n        otherwise: It was returned three times. Talk it over first.\n",
    ).workflow("case_audit")  # fmt: skip

    assert after != before
    assert [sentence for _, sentence in after.event("share").conditions] == [
        "It was returned three times. Talk it over first."
    ]


# --- what is refused --------------------------------------------------------------------------------------------


def test_there_are_bad_files_for_every_code_of_workflows() -> None:
    codes = {f"D{number:03}" for number in range(50, 70)}
    texts = "".join(file.with_suffix(".txt").read_text("utf-8") for file in BAD_FILES)

    assert len(BAD_FILES) >= 50
    assert {code for code in codes if code not in texts} == set()


def test_names_with_their_reserved_beginnings() -> None:
    for name in ("state", "trigger", "machine", "may_close", "to_closed", "is_closed", "on_enter", "before_close",
                 "after", "any_open_stage"):  # fmt: skip
        assert workflow_names.is_reserved(name)
    for name in ("stated", "return", "maybe", "together", "issued", "once", "closed"):
        assert not workflow_names.is_reserved(name)


def test_a_stage_may_have_any_title(put: Put, site: Path) -> None:
    """A title is only ever text: it reaches no machine."""
    read = changed(put, site, "title: Decided", "title: os.system").workflow("case_audit")

    assert read.stage("decided").title == "os.system"


@pytest.mark.parametrize(
    "days", ["0 working days", "5 days", "5", "-1 working days", "1000 working days", "5.5 working days"]
)
def test_days_that_are_not_working_days(days: str, put: Put, site: Path) -> None:
    text = shipped("case_audit").replace("due: 5 working days", f"due: {days}", 1)
    said = what_is_said(site, "workflows", put("workflows", "case_audit.yaml", text.encode()))

    assert "D015 this does not say when something is due" in str(said)
