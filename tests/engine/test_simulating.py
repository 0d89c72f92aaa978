"""A simulation does what the engine does, and nothing that it would refuse; scripts are read whole."""

import random
from datetime import date
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import load, load_workflow
from audit_engine.definitions.workflow import ReadEvent, ReadWorkflow, ways_from
from audit_engine.engine.guards import GUARDS
from audit_engine.engine.machine import next_stage
from audit_engine.engine.relations import may_do
from audit_engine.engine.simulated_people import cast
from audit_engine.engine.simulating import (
    Said,
    Simulation,
    begun,
    does,
    ended,
    escalated,
    facts_of,
    later,
    opened,
    somebody,
    until,
    with_guard,
    with_value,
)
from audit_engine.engine.simulation_choices import choices
from audit_engine.engine.simulation_expectations import run
from audit_engine.engine.simulation_script import read_script
from audit_engine.problems import Problem, Refused, Unusable

HERE = Path(__file__).parent
APRIL = date(2026, 4, 7)
INVENTED = {one.stem: load_workflow(one, proving=False) for one in sorted((HERE / "invented").glob("*.yaml"))}
EVERY = {**load().workflows, **INVENTED}
STORIES = {"action": "action", "challenge": "challenge", "lapse": "challenge", "second_look": "second_look"}


@pytest.mark.parametrize("name", sorted(STORIES))
def test_a_story_goes_as_its_script_expects(name: str) -> None:
    read = INVENTED[STORIES[name]]
    script = read_script(read, (HERE / "simulated" / f"{name}.txt").read_text("utf-8"), name)
    assert script.day is not None

    done = list(run(begun(read, script.day), script.steps))

    assert [one.failure for one in done if one.failure is not None] == []
    assert len(done) == len(script.steps)
    assert sum(one.step.expects is not None for one in done) >= 9


def run_lines(read: ReadWorkflow, *lines: str) -> list[str]:
    """What is not as expected, or was refused unasked."""
    script = read_script(read, "\n".join(lines), "tried")
    return [one.failure for one in run(begun(read, APRIL), script.steps) if one.failure is not None]


# --- it never does what the engine refuses ----------------------------------------------------------------------


def any_step(now: Simulation, rng: random.Random) -> Simulation:
    """One step of any kind; what is refused changes nothing."""
    workflow = now.read.workflow
    other = rng.random()
    if other < 0.05:
        return later(now, rng.randint(1, 12))
    if other < 0.1:
        return escalated(now, rng.choice((1, -1)))
    if other < 0.15 and workflow.links:
        link = rng.choice(sorted(workflow.links))
        return opened(now, link) if rng.random() < 0.5 else ended(now, link, rng.choice([None, "sustained"]))
    if other < 0.2:
        return with_guard(now, rng.choice(("notes_where_demanded", "four_eyes")), holds=rng.random() < 0.6)
    if other < 0.3:
        names = [name for name, kind in now.read.kinds.items() if kind.word == "yes_no" and "." not in name]
        return with_value(now, rng.choice([*names, "graded"]), rng.random() < 0.5)
    here = [event.written.id for event in now.read.events_from(now.stage)] or list(now.read.events)
    event = rng.choice(here if rng.random() < 0.9 else list(now.read.events))
    return does(now, rng.choice(list(cast(now.read))), event, anything_said(now, event, rng))


def anything_said(now: Simulation, event: str, rng: random.Random) -> Said:
    written, records = now.read.event(event).written, now.read.workflow.records
    words = {name: records[name].one_of or ("2026-06-01",) for name in written.asks}
    listed = now.read.workflow.reasons[written.reason_from][0].id if written.reason_from is not None else "Why."
    return Said(
        rng.choice([listed, listed, listed, None]),
        {name: rng.choice(one) for name, one in words.items() if rng.random() < 0.9},
        {name: rng.choice(list(cast(now.read))) for name in written.names},
    )


@pytest.mark.parametrize("name", sorted(EVERY))
def test_whatever_people_try_no_stage_is_reached_that_the_engine_refuses(name: str) -> None:
    read = EVERY[name]
    moved, finals = 0, set()
    for seed in range(60):
        rng = random.Random(seed)  # noqa: S311 - the shape of a story, no secret
        now = begun(read, APRIL)
        for _ in range(60):
            before = now
            try:
                now = any_step(before, rng)
            except Refused:
                continue
            if now.stage != before.stage:
                moved += 1
                assert now.stage in reached_from(before, now)
                assert not read.stage(before.stage).final
        finals |= {now.stage} if read.stage(now.stage).final else set()
    assert moved > 20
    assert finals


def reached_from(before: Simulation, after: Simulation) -> set[str]:
    """Every stage that some way leads to; with time passing, more than one way may be gone."""
    found = {to for _, to in ways_from(before.read.workflow, before.stage)}
    if after.today != before.today:
        found |= {to for stage in found for _, to in ways_from(before.read.workflow, stage)}
    return found


@pytest.mark.parametrize("name", sorted(EVERY))
def test_it_is_refused_when_the_engine_refuses_and_only_then(name: str) -> None:
    read = EVERY[name]
    agreed = 0
    for seed in range(40):
        rng = random.Random(seed)  # noqa: S311 - the shape of a story, no secret
        now = begun(read, APRIL)
        for _ in range(30):
            event = rng.choice([one.written.id for one in read.events_from(now.stage)] or list(read.events))
            who = rng.choice(list(cast(read)))
            asked = read.event(event).written
            said = anything_said(now, event, rng)
            whole = not asked.names and set(said.recorded) == set(asked.asks) and said.reason is not None
            actor = somebody(now, who)
            refused = bool(may_do(read, event, actor, now.people, stage=now.stage))
            try:
                to = next_stage(read, now.stage, event, facts_of(now, read.event(event), actor.person, said))
            except Refused:
                to, refused = now.stage, True
            try:
                after = does(now, who, event, said)
            except Refused:
                assert refused or not whole, (event, who)
                continue
            assert not refused, (event, who)
            assert after.stage == to
            agreed += 1
            now = after
    assert agreed > 15


@pytest.mark.parametrize("name", sorted(EVERY))
def test_what_is_called_possible_is_possible_for_those_who_are_named(name: str) -> None:
    read = EVERY[name]
    tried = 0
    for seed in range(15):
        rng = random.Random(seed)  # noqa: S311 - the shape of a story, no secret
        now = begun(read, APRIL)
        for _ in range(8):
            offered = choices(now)
            for choice in offered:
                asked = read.event(choice.event).written
                if choice.reasons or asked.asks or asked.names:
                    continue
                reason = read.workflow.reasons[asked.reason_from][0].id if asked.reason_from is not None else "Why."
                for who in choice.who:
                    assert does(now, who, choice.event, Said(reason)).stage == choice.to
                    tried += 1
            possible = [one for one in offered if not one.reasons]
            if not possible:
                break
            one = rng.choice(possible)
            try:
                now = does(now, one.who[0], one.event, anything_said(now, one.event, rng))
            except Refused:
                continue
    assert tried > 15


# --- what is known, and what time does --------------------------------------------------------------------------


def test_a_step_leaves_the_value_it_began_from_as_it_was() -> None:
    now = begun(EVERY["case_audit"], APRIL)
    after = does(now, "quality_lead", "allocate")

    assert (now.stage, after.stage) == ("drawn", "allocated")
    assert now.people["auditor"] is None
    assert after.people["auditor"] == cast(now.read)["auditor"].person


def test_everybody_is_somebody_of_their_own() -> None:
    for read in EVERY.values():
        everybody = cast(read)
        assert len({actor.person for actor in everybody.values()}) == len(everybody)
        assert {"practitioner", "quality_lead", "another_manager", *read.workflow.people_known} <= set(everybody)


def test_reminders_are_told_once_however_long_it_takes() -> None:
    read = EVERY["challenge"]
    whole = later(begun(read, date(2026, 3, 30)), 19)
    steps = begun(read, date(2026, 3, 30))
    told: list[str] = []
    for _ in range(19):
        steps = later(steps, 1)
        told += [line for line in steps.lines if "It is now" not in line]

    assert [line for line in whole.lines if "It is now" not in line] == told
    assert len(told) == 2
    assert until(steps, date(2026, 5, 1)).stage == "lapsed"


def test_a_day_that_has_passed_is_refused() -> None:
    now = begun(EVERY["case_audit"], APRIL)

    with pytest.raises(Refused, match="6 April 2026 has passed: it is 7 April 2026"):
        until(now, date(2026, 4, 6))
    with pytest.raises(Refused, match="is too far off"):
        until(now, date(2099, 4, 6))


def test_an_unexpected_refusal_and_a_missing_one_are_told() -> None:
    read = EVERY["case_audit"]

    assert run_lines(read, "as auditor: begin") == [
        (
            "expected this to be possible; it was refused: 'Begin the audit' is not possible at 'Drawn'. "
            "Possible there: allocate (Allocate the audit), withdraw (Withdraw the audit)."
        )
    ]
    assert run_lines(read, "as quality_lead: allocate", "expect refused") == ["expected a refusal; it was not refused"]
    assert run_lines(read, "expect stage allocated") == ["expected stage allocated; it is drawn"]
    assert run_lines(read, "expect due 2026-04-08") == ["expected due 2026-04-08; it is none"]
    assert run_lines(read, "as quality_lead: allocate", "expect due 2026-04-14") == []


def guards_of(read: ReadWorkflow) -> set[str]:
    return {guard for event in read.events.values() for guard in guards_at(event)}


def guards_at(event: ReadEvent) -> set[str]:
    return {*event.guards, *(guard for end in event.ends for guard in end.guards)}


@pytest.mark.parametrize("guard", sorted(GUARDS))
def test_every_guard_can_be_said_to_fail_and_then_says_why(guard: str) -> None:
    read = next(one for one in EVERY.values() if guard in guards_of(one))
    now = with_guard(begun(read, APRIL), guard, holds=False)
    event = next(
        one for one in read.events.values() if guard in (*one.guards, *(g for e in one.ends for g in e.guards))
    )
    facts = facts_of(now, event, cast(read)["quality_lead"].person, Said())

    said = GUARDS[guard](facts)
    assert said is not None
    assert said.endswith(".")
    natural = facts_of(begun(read, APRIL), event, cast(read)["quality_lead"].person, Said())
    assert GUARDS[guard](natural) is None or guard in ("four_eyes", "somebody_took_it_on")  # they look at people


BAD = """\
as auditr: begin
as auditor: begn
set facts.law_typ private
set facts.law_type privat
set record.consent given
set stage grading
as auditor: ask_consent  consent = maybe
as auditor: ask_consent  consnt = given
as auditor: ask_consent  consent given
as auditor begin
open acton
end action
end action as finished
guard notes fails
guard notes_where_demanded breaks
wait ten working days
wait 0 working days
wait 3 days
until tomorrow
expect stag grading
expect stage gradin
expect due soon
expect
as auditor: pause  reason = "never closed
begin
raise alarm
on 2026-04-07
"""


def test_every_line_that_cannot_be_read_is_told_at_once() -> None:
    with pytest.raises(Unusable) as wrong:
        read_script(EVERY["second_look"], BAD, "bad.txt")

    told = "\n".join(map(str, wrong.value.problems)) + "\n"
    assert told == (HERE / "simulated" / "bad_lines.out").read_text("utf-8")
    assert [problem.place.line for problem in wrong.value.problems] == list(range(1, len(BAD.splitlines()) + 1))


@pytest.mark.parametrize("line", ["\x1b[2J", "as : : :", "=", '"', "as auditor: begin = = =", "set", "open", "é" * 300,
                                  "expect refused \"\"", "wait 99999999999999999999 working days"])  # fmt: skip
def test_no_line_breaks_the_reader(line: str) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        read_script(EVERY["second_look"], line, "any.txt")
    except Unusable as wrong:
        problems = wrong.problems

    assert {problem.code for problem in problems} <= {"P021", "P022", "D018"}
    assert "\x1b" not in "".join(map(str, problems))


def test_a_stage_that_an_event_names_begins_its_time_anew_also_from_itself() -> None:
    now = does(begun(EVERY["case_audit"], APRIL), "quality_lead", "allocate")
    due = now.clock.due
    now = later(now, 3)

    given = does(now, "quality_lead", "reallocate", Said(reason="On leave until May."))

    assert given.stage == now.stage == "allocated"
    assert due is not None
    assert given.clock.due is not None
    assert given.clock.due > due
    assert given.entered["allocated"] == given.today.isoformat()
