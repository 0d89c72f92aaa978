"""A workflow in words says all of it, in the program's own sentences."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from audit_engine.cli.workflow_page import as_json, page, part
from audit_engine.definitions.catalogue import load, load_workflow
from audit_engine.definitions.conditions import Condition, read_condition
from audit_engine.definitions.sources import source_from
from audit_engine.definitions.starting import starting_workflow
from audit_engine.definitions.workflow_names import PEOPLE, ROLES, vocabulary
from audit_engine.engine.condition_words import condition_in_words
from audit_engine.engine.guards import GUARDS, what_it_asks
from audit_engine.engine.workflow_parts_words import who
from audit_engine.engine.workflow_words import persons_of, told
from tests.engine.plain_audit import PLAIN, changed

HERE = Path(__file__).parent
CATALOGUE = load()
SHIPPED = CATALOGUE.workflows


def in_one_line(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())


# --- one workflow -----------------------------------------------------------------------------------------------


def test_the_page_of_the_shipped_audit() -> None:
    written = "\n".join(page(told(SHIPPED["case_audit"]))) + "\n"

    assert written == (HERE / "case_audit_in_words.txt").read_text("utf-8")
    assert max(map(len, written.splitlines())) <= 98


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_stage_event_reason_and_reason_why_not_is_on_the_page(name: str) -> None:
    read = SHIPPED[name]
    words = in_one_line(page(told(read), 60))

    for number, stage in enumerate(read.workflow.stages, start=1):
        assert f"{number}. {stage.title}: " in words
        assert (told(read).stage(stage.id).limit or "") in words
    for event in read.events.values():
        assert f"{event.written.title} ({event.written.id})" in words
        for guard in (*event.guards, *(guard for end in event.ends for guard in end.guards)):
            assert what_it_asks(guard) in words or guard == "ended_by_somebody_else"
    for reason in (one for reasons in read.workflow.reasons.values() for one in reasons):
        assert reason.label in words


def test_every_guard_says_what_it_asks() -> None:
    said = {name: what_it_asks(name) for name in GUARDS}

    assert {name for name, words in said.items() if not words.endswith(".") or "Built in" in words} == set()
    assert len(set(said.values())) == len(GUARDS)


@pytest.mark.parametrize("width", [40, 98])
def test_no_line_is_wider_than_asked(width: int) -> None:
    assert all(len(line) <= width for read in SHIPPED.values() for line in page(told(read), width))


def test_where_an_event_leads_is_said_with_its_condition() -> None:
    other_way = changed("when: selected_for_moderation", "when: '!selected_for_moderation'")

    words = in_one_line(page(told(other_way)))

    assert "Leads to 'Submitted for moderation' if it is not selected for moderation; 'Decided' otherwise." in words


def test_what_is_built_in_on_one_of_several_ways_says_on_which() -> None:
    two_ways = changed(
        "      - {to: answered}", "      - {to: closed, when: answer == 'accepted'}\n      - {to: answered}"
    )
    demand = told(two_ways).event("answer").unless

    assert [(one.rule, one.only_to, one.built_in) for one in demand] == [("no_open_escalation", "Closed", True)]
    assert "- On the way to 'Closed': No escalation on the audit is open. (always)" in in_one_line(page(told(two_ways)))


def test_a_condition_of_the_file_is_there_with_its_sentence() -> None:
    tighter = changed("    only_if:\n      - guard: somebody_took_it_on",
                      "    only_if:\n      - when: returned_times < 3\n        otherwise: Talk it over first.\n"
                      "      - guard: somebody_took_it_on")  # fmt: skip

    words = in_one_line(page(told(tighter)))

    assert '- How often it was returned is less than 3. Else you read: "Talk it over first."' in words


def test_a_role_reads_its_own_part_and_that_of_the_place_it_fills() -> None:
    read = PLAIN
    parts = {name: persons_of(read, name) for name in (*PEOPLE, *ROLES)}

    assert [one.who for one in parts["head_of_practice"]] == ["a head of practice", "the moderator"]
    assert "MODERATOR" in in_one_line(part(told(read), parts["head_of_practice"]))
    assert in_one_line(part(told(read), parts["administrator"])).endswith("AN ADMINISTRATOR May do nothing here.")
    assert parts["practitioner"][0].events == ("answer",)
    everything = {event for one in told(read).people for event in one.events}
    assert everything == set(read.events)


def test_the_same_for_programs() -> None:
    read = SHIPPED["moderation"]
    whole = json.loads(json.dumps(as_json(told(read))))
    lead = json.loads(json.dumps(as_json(told(read), persons_of(read, "quality_lead"))))

    assert [stage["id"] for stage in whole["stages"]] == list(read.workflow.stage_ids)
    assert [event["id"] for event in whole["events"]] == list(read.events)
    assert "withdraw" in [event["id"] for event in lead["events"]]
    assert len(lead["events"]) < len(whole["events"])


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("selected_for_moderation", "it is selected for moderation"),
        ("!(graded && collaborative)", "the audit is not graded or it was not made together with the practitioner"),
        ("graded == false", "the audit is not graded"),
        ("stage == 'grading' || stage != 'shared'", "it is at 'Being graded' or it is not at 'Shared'"),
        ("stage in ['grading', 'shared']", "it is at 'Being graded' or 'Shared'"),
        ("!(stage in ['grading', 'shared'])", "it is not at 'Being graded' or 'Shared'"),
        ("returned_times < 3", "how often it was returned is less than 3"),
        ("!(returned_times < 3)", "how often it was returned is at least 3"),
        ("returned_times * 2 + 1 >= 3", "((how often it was returned * 2) + 1) is at least 3"),
        ("answer != 'challenged'", "what the practitioner answered is not 'challenged'"),
        ("overall in ['good', 'outstanding']", "the overall grade is 'good' or 'outstanding'"),
        ("graded && (collaborative || escalation.open)",
         "the audit is graded and (it was made together with the practitioner or an escalation is open)"),
        ("facts.law_type == 'public'", "the fact 'law type' is 'public'"),
        ("!facts.da_disclosed", "the fact 'da disclosed' is no"),
        ("'complaint_by_child' in facts.situational_triggers",
         "the fact 'situational triggers' has 'complaint_by_child'"),
        ("size(facts.situational_triggers) == 0", "how many the fact 'situational triggers' has is 0"),
    ],
)  # fmt: skip
def test_conditions_as_people_say_them(written: str, words: str) -> None:
    names = vocabulary(("grading", "shared"), CATALOGUE.scales["four_grade"], CATALOGUE.codebooks["case_facts"])
    condition = read_condition(source_from(f'when: "{written}"'.encode(), "tried"), ("when",), names)
    assert isinstance(condition, Condition), condition

    assert condition_in_words(condition, {"grading": "Being graded", "shared": "Shared"}) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("record.consent == 'given'", "the consent is recorded as given"),
        ("record.consent != 'not_asked'", "the consent is not recorded as not asked"),
        ("!(record.consent == 'given')", "the consent is not recorded as given"),
        ("record.consent in ['given', 'refused'] && graded",
         "(the consent is recorded as given or refused) and the audit is graded"),
        ("!(record.consent in ['given', 'refused'])", "the consent is not recorded as given or refused"),
        ("action.open", "an action is open"),
        ("!action.open", "no action is open"),
        ("action.open == false", "no action is open"),
        ("action.opened && !second_look.opened", "an action was opened and no new look at the case was opened"),
        ("second_look.ended == 'improved'", "the last new look at the case ended as improved"),
        ("second_look.ended != 'improved'", "the last new look at the case has not ended as improved"),
        ("second_look.ended == 'none'", "no new look at the case has ended"),
        ("second_look.ended != 'none'", "a new look at the case has ended"),
        ("second_look.ended in ['none', 'no_better']",
         "no new look at the case has ended or the last new look at the case ended as no better"),
        ("!(second_look.ended in ['none', 'no_better']) || graded",
         ("(a new look at the case has ended and the last new look at the case has not ended as no better) or "
          "the audit is graded")),
    ],
)  # fmt: skip
def test_conditions_on_what_is_kept_as_people_say_them(written: str, words: str) -> None:
    records = {"consent": ("given", "refused", "not_asked")}
    links = {"action": (), "second_look": ("improved", "no_better")}
    names = vocabulary(("grading",), None, None, records=records, links=links)
    condition = read_condition(source_from(f'when: "{written}"'.encode(), "tried"), ("when",), names)
    assert isinstance(condition, Condition), condition

    assert condition_in_words(condition, {}, {"second_look": "new look at the case"}) == words


# --- everything the language has --------------------------------------------------------------------------------

INVENTED = {
    file.stem: load_workflow(file, proving=False) for file in sorted((HERE / "invented").glob("*.yaml"))
}  # proved elsewhere; here it is only read


@pytest.mark.parametrize("name", sorted(INVENTED))
def test_the_page_of_a_workflow_with_everything(name: str) -> None:
    written = "\n".join(page(told(INVENTED[name]))) + "\n"

    assert written == (HERE / "invented" / f"{name}.txt").read_text("utf-8")
    assert max(map(len, written.splitlines())) <= 98
    assert all(len(line) <= 60 for line in page(told(INVENTED[name]), 60))


@pytest.mark.parametrize("name", sorted(INVENTED))
def test_nothing_that_is_kept_beside_the_stage_is_left_out(name: str) -> None:
    read = INVENTED[name]
    words, workflow = in_one_line(page(told(read), 70)), read.workflow

    for place in workflow.places:
        assert f" {who(read, place).upper()} " in words
    for key, record in workflow.records.items():
        assert f"{record.title} ({key}): " in words
        assert all(word.replace("_", " ") in words for word in record.one_of or ())
    for key, link in workflow.links.items():
        assert f"({key})" in words
        assert f"see the workflow {link.workflow}." in words
        assert (link.words or "") in words
    for demand in (demand for event in workflow.events for demand in event.only_if):
        assert (demand.otherwise or "") in words
    for one in workflow.properties:
        assert f"- {one.says}" in words
    assert "same_stage" not in words
    assert "the_clock" not in words


def test_a_place_of_a_workflow_reads_its_own_part_and_so_does_the_clock() -> None:
    read = INVENTED["challenge"]

    decider, quality, clock = (persons_of(read, name) for name in ("decider", "quality_lead", "the_clock"))
    assert decider[0].events == ("hold", "decide")
    assert decider[0].holding == ("held",)
    assert [one.name for one in persons_of(read, "head_of_practice")] == ["head_of_practice", "moderator", "decider"]
    assert quality[0].told == ("You are told once it is 5 working days late at 'Raised'.",)
    assert clock[0].events == ("lapse",)
    assert persons_of(read, "reader") == ()
    assert "BY ITSELF" in in_one_line(part(told(read), clock))


# --- one of one's own -------------------------------------------------------------------------------------------


def test_what_people_begin_with_can_be_used_and_reads_as_a_policy(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    text = starting_workflow("follow_up_audit", "workflows/follow_up_audit.yaml")
    (tmp_path / "workflows" / "follow_up_audit.yaml").write_text(text, "utf-8")

    read = load(tmp_path).workflow("follow_up_audit")

    assert read.workflow.title == "Follow up audit"
    assert list(read.workflow.stage_ids) == ["drawn", "allocated", "grading", "decided", "closed", "withdrawn"]
    assert sum(line.lstrip().startswith("#") for line in text.splitlines()) > 40
    assert "{" not in "".join(line for line in text.splitlines() if line.startswith("#"))


def test_a_matter_people_begin_with_can_be_used_too(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    text = starting_workflow("improvement", "workflows/improvement.yaml", "matter")
    (tmp_path / "workflows" / "improvement.yaml").write_text(text, "utf-8")

    read = load(tmp_path, proving=False).workflow("improvement")

    assert (read.workflow.governs, read.workflow.references) == ("matter", "IMP")
    assert [one.who for one in told(read).people] == ["whoever raised it", "the owner", "the checker", "a quality lead"]
    assert sum(line.lstrip().startswith("#") for line in text.splitlines()) > 20
    assert not re.search(r"\{(name|title|file|letters)\}", text)
