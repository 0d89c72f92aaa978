"""`audit move`, `audit escalate`, `audit why`, `audit queue`: one step at a time, and what the steps are."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import day_in_words, day_of, now
from audit_engine.cli.figures import as_json
from audit_engine.cli.matters import is_matter, move_matter_on, naming, pairs, why_matter
from audit_engine.cli.talk import marking, print_json, print_text, say
from audit_engine.cli.workspace import find
from audit_engine.problems import unusable
from audit_engine.safe_text import for_terminal

if TYPE_CHECKING:
    from audit_engine.engine.permission import Actor
    from audit_engine.queue_views import QueueLine
    from audit_engine.records.database import Database
    from audit_engine.views import TrackView
    from audit_engine.work_views import MachineView, StepView


@click.command(short_help="Move an audit or a matter on: share, close, withdraw.")
@click.argument("reference", metavar="REFERENCE")
@click.argument("event")
@click.option("--reason", help="Why, in a sentence; or the id of a listed reason.")
@click.option("--say", "said", metavar="RECORD=VALUE", multiple=True, help="What is recorded with it; again for each.")
@click.option("--to", "person", metavar="PERSON", help="With reallocate: the new auditor.")
@click.option("--moderation", is_flag=True, help="Move its moderation, such as to a panel and back.")
@naming
@click.pass_context
def move(
    ctx: click.Context, reference: str, event: str, *, reason: str | None, said: tuple[str, ...], person: str | None,
    moderation: bool, named: tuple[str, ...],
) -> None:  # fmt: skip
    """Carry out EVENT on an audit, an action, a challenge, ... `audit why REFERENCE` lists those that are possible.

    While it is being graded, `without-grades` makes it a learning audit, where its programme leaves that open.

    \b
    Examples:
      audit move L-2324Q3-0001 share
      audit move L-2324Q3-0001 withdraw --reason wrong_case_drawn
      audit move L-2324Q3-0001 without-grades
      audit move L-2324Q3-0001 pause --say not_until=2024-03-18
      audit move L-2324Q3-0001 reallocate --to P-00042 --reason "On leave until May."
      audit move ACT-0001 submit_evidence --say evidence="The plan is on the record."
      audit move L-2324Q3-0001 refer --moderation --reason "Two readings of one letter."
    """
    from audit_engine.actions import learning, moving, referring
    from audit_engine.actions.command import Command

    if person is not None and event != "reallocate":
        raise unusable("move", "P006", "--to goes with reallocate only", "Leave it out.")
    if event == "reallocate" and person is None:
        raise unusable("move", "P006", "reallocate needs the new auditor", "Add --to PERSON.")
    records = pairs(said, "say", "RECORD=VALUE", "not_until=2024-03-18")
    people = pairs(named, "name", "PLACE=PERSON", "owner=P-00042")
    workspace = find(ctx)
    database = workspace.open()
    actor = workspace.actor(database)
    if is_matter(database, actor, reference):
        move_matter_on(workspace, database, actor, reference, event, reason=reason, said=records, named=people)
        return
    if moderation:
        referring.move_moderation(database, actor, Command(), reference, event, at=now(), reason=reason)
    elif event == "without-grades":
        learning.make_learning_audit(database, actor, Command(), reference, workspace.catalogue(), at=now())
    elif person is not None:
        moving.reallocate(
            database, actor, Command(), reference, person, reason or "", at=now(), definitions=workspace.catalogue,
            records=records,
        )  # fmt: skip
    else:
        moving.move(
            database, actor, Command(), reference, event, at=now(), definitions=workspace.catalogue, reason=reason,
            said=records, named=people,
        )  # fmt: skip
    print_text(f"{reference}: {event.replace('_', ' ')}, saved.")


@click.command(short_help="A child may be at risk: raise an escalation, or act on one.")
@click.argument("reference", metavar="AUDIT")
@click.option("--concern", help="What is feared for the child, without names. Asked for when left out.")
@click.option("--criterion", metavar="ID", help="Where in the rubric it was seen.")
@click.option("--acknowledge", is_flag=True, help="Say that you have it.")
@click.option("--act", "acted", metavar="TEXT", help="Record what was done for the child.")
@click.option("--close", "closed", metavar="TEXT", help="Close it: how it is known that the child is safe.")
@click.pass_context
def escalate(
    ctx: click.Context, reference: str, concern: str | None, criterion: str | None, acknowledge: bool,
    acted: str | None, closed: str | None,
) -> None:  # fmt: skip
    """Raise an escalation on AUDIT, at any stage; or acknowledge, act on or close the oldest open one.

    \b
    Examples:
      audit escalate L-2324Q3-0001 --concern "No safety plan since the move."
      audit escalate L-2324Q3-0001 --acknowledge
      audit escalate L-2324Q3-0001 --close "Visited today; seen alone and safe."
    """
    from audit_engine.actions.command import Command
    from audit_engine.actions.escalating import move_concern, raise_concern

    steps = {"acknowledge": "" if acknowledge else None, "act": acted, "close": closed}
    chosen = {event: words for event, words in steps.items() if words is not None}
    if len(chosen) + bool(concern or criterion) > 1:
        raise unusable("escalate", "P006", "this asks for several things at once", "Do one after the other.")
    workspace = find(ctx)
    database = workspace.open()
    actor = workspace.actor(database)
    for event, words in chosen.items():
        move_concern(database, actor, Command(), reference, event, at=now(), words=words)
        print_text(f"{reference}: {event}, saved.")
        return
    if concern is None:
        concern = click.prompt("What is feared for the child, without names", default="", show_default=False, err=True)
    catalogue = workspace.sound_catalogue()
    raise_concern(database, actor, Command(), reference, concern, catalogue, at=now(), criterion=criterion)
    print_text(f"{reference}: the escalation is raised. The manager of the case is asked to act on it.")


@click.command(short_help="What can happen to an audit now, for whom, and why not.")
@click.argument("reference", metavar="AUDIT")
@as_json
@click.pass_context
def why(ctx: click.Context, reference: str, json_: bool) -> None:
    """Say what can happen to an audit, an action, a challenge, ... now, who can do it, and why what cannot.

    \b
    Examples:
      audit why L-2324Q3-0001
      audit --as P-00042 why L-2324Q3-0001 --json
      audit why ACT-0001
    """
    from audit_engine.actions.looking import looked
    from audit_engine.queries.looking import audit_key_of
    from audit_engine.queries.why import why as ask_why

    workspace = find(ctx)
    database = workspace.open()
    actor = workspace.actor(database)
    if is_matter(database, actor, reference):
        why_matter(database, actor, reference, json_=json_, lines=lambda machine: _machine(machine, reference))
        return
    with database.read() as session:
        view = ask_why(session, actor, reference)
        key = audit_key_of(session, reference)
    if any(machine.says for machine in view.machines):
        looked(database, actor, "viewed", "audit", key, at=now())
    if json_:
        # Not the turn: to a moderator who grades blind it would tell how much the auditor wrote.
        print_json({name: value for name, value in asdict(view).items() if name != "turn"})
        return
    for line in marking(database.mode):
        print_text(line)
    people = (("practitioner", view.practitioner), ("auditor", view.auditor))
    print_text(", ".join([f"Case {view.case}", *(f"{word} {name}" for word, name in people if name)]))
    print_text(for_terminal(_track(view.track)))
    for machine in view.machines:
        print_text("\n".join(_machine(machine, reference)))


def _track(track: "TrackView") -> str:
    """Its place on its way, in a line."""
    parts = []
    for stage in track.stages:
        day = f" {stage.on.isoformat()}" if stage.on else ""
        parts.append(f"[here: {stage.title}{day}]" if stage.state == "here" else f"{stage.title}{day}")
    return f"Track: {' > '.join(parts)}"


def _machine(machine: "MachineView", reference: str) -> list[str]:
    what = f"Audit {reference}" if machine.what == "audit" else f"{machine.what[:1].upper()}{machine.what[1:]}"
    since = f", since {machine.since.strftime('%Y-%m-%d %H:%M UTC')}" if machine.since else ""
    lines = [f"{what}: {machine.stage}{since}"]
    if machine.waits_for is None:
        return [*lines, "  It is at its end. Nothing can happen to it any more."]
    due = f", due {day_in_words(machine.due)}" if machine.due else ""
    lines.append(f"  waits for {machine.waits_for}{due}")
    lines += [f"  {machine.stands_still}"] if machine.stands_still else []
    lines += [f"  {for_terminal(words)}" for words in (*machine.notices, *machine.says)]
    return lines + [line for step in machine.steps for line in step_lines(step)]


def step_lines(step: "StepView") -> list[str]:
    """One step of `audit why`: whether it can be done, for whom, what it asks for, and why not."""
    leads = f" -> {step.to}" if step.to else ""
    mine = " (yours to do)" if step.mine else ""
    lines = [f"  {_called(step)}: {step.title} [{step.event}]{leads}{mine}"]
    lines += [] if step.mine or step.by_itself else [f"      for {' or '.join(step.for_whom)}"]
    lines += [f"      asks for {for_terminal(words)}" for words in step.asks]
    lines += [f"      opens {for_terminal(words)}" for words in step.opens]
    lines += [f"      {step.window}"] if step.window else []
    lines += [f"      {for_terminal(reason)}" for reason in step.reasons]
    # Why it is not the reader's: said only where it is more than that it is somebody else's.
    against = [reason for reason in step.against_me if "may not do this: it is for" not in reason]
    return lines + [f"      not you: {for_terminal(reason)}" for reason in against if not step.by_itself]


def _called(step: "StepView") -> str:
    """What a step begins with. Where it is withheld from the reader whether it can be done, it says neither."""
    if step.by_itself:
        return "by itself, when it is late"
    if step.withheld:
        return "withheld"
    return "can" if step.possible else "not yet"


@click.command(short_help="What waits for you; or everything that is late.")
@as_json
@click.option("--late", is_flag=True, help="Only what is past its due day, whomever it waits for.")
@click.pass_context
def queue(ctx: click.Context, json_: bool, late: bool) -> None:
    """List what waits for you: audits, actions, challenges, ..., what is due first at the top; and the command that
    goes on with each.

    Below stands what is late with somebody else, where you are told of it. With --late: everything you may see that is
    past its due day, and whom it waits for. A manager sees their teams, a head of practice their area, a quality lead
    all of it.

    \b
    Examples:
      audit queue
      audit queue --late
    """
    from audit_engine.queries.queue import MOST
    from audit_engine.queries.queue import queue as waiting

    workspace = find(ctx)
    database = workspace.open()
    actor = workspace.actor(database)
    if late:
        _late(database, actor, json_=json_)
        return
    with database.read() as session:
        every = waiting(session, actor)
    if len(every) >= MOST:
        say(f"Only the first {MOST} are listed; there may be more.")
    if json_:
        print_json([asdict(line) for line in every])
        return
    for words in marking(database.mode):
        print_text(words)
    told = [line for line in every if line.group == "told"]
    if len(told) == len(every):
        print_text(f"Nothing waits for {actor.reference}.")
    for line in every:
        if line.group != "told":
            print_text(_queued(line))
    if told:
        print_text("\nTold of what is late:")
    for line in told:
        print_text(_queued(line))


def _late(database: "Database", actor: "Actor", *, json_: bool) -> None:
    """`audit queue --late`."""
    from audit_engine.queries.queue_late import late_lines

    with database.read() as session:
        lines = late_lines(session, actor, day_of(now()))
    if json_:
        print_json([asdict(line) for line in lines])
        return
    for words in marking(database.mode):
        print_text(words)
    for line in lines:
        case = f"  case {line.case}" if line.case else ""
        days = "1 day late" if line.days == 1 else f"{line.days:,} days late"
        waits = f" It waits for {line.waits_for}." if line.waits_for else ""
        print_text(
            f"{line.reference}{case}: {for_terminal(line.title)}, due {day_in_words(line.due)}, {days}.{waits} "
            f"Next: {line.what}"
        )
    many = "1 thing is late" if len(lines) == 1 else f"{len(lines):,} things are late"
    print_text(
        f"{many}, of what {actor.reference} may see." if lines else f"Nothing {actor.reference} may see is late."
    )


def _queued(line: "QueueLine") -> str:
    due = f"due {day_in_words(line.due)}" if line.due else "no date"
    done = f", {line.done} of {line.total} done" if line.done is not None else ""
    reminded = f", reminded on {day_in_words(line.reminded)}" if line.reminded else ""
    told = f", told on {day_in_words(line.told)}" if line.told else ""
    case = f"  case {line.case}" if line.case else ""
    return f"{line.reference}{case}: {line.stage_title}, {due}{done}{reminded}{told}. Next: {line.what}"
