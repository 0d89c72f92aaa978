"""`audit open`, and what `audit move`, `why` and `show` do with matters: actions, challenges, ..."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from audit_engine.calendars import day_in_words, now
from audit_engine.cli.talk import marking, print_json, print_text
from audit_engine.cli.workspace import find
from audit_engine.problems import unusable
from audit_engine.safe_text import for_terminal

if TYPE_CHECKING:
    from audit_engine.cli.workspace import Workspace
    from audit_engine.engine.permission import Actor
    from audit_engine.matter_views import MatterView
    from audit_engine.records.database import Database
    from audit_engine.work_views import MachineView

naming = click.option(
    "--name", "named", metavar="PLACE=PERSON", multiple=True, help="Who is named for a place; again for each."
)


@click.command("open", short_help="Open an action, a challenge, a learning point, another audit.")
@click.argument("name", metavar="WORKFLOW|LINK")
@click.option("--on", "hangs_on", metavar="REFERENCE", help="The audit or matter it is opened from, by a link of that.")
@click.option("--audit", "about", metavar="AUDIT", help="The audit it is about, where it hangs on nothing.")
@click.option("--subject", metavar="TEXT", help="What it is about, where that is no audit.")
@click.option("--words", metavar="TEXT", help="What it is for, without names. Asked for when left out.")
@naming
@click.pass_context
def open_(
    ctx: click.Context, name: str, hangs_on: str | None, about: str | None, subject: str | None, words: str | None,
    named: tuple[str, ...],
) -> None:  # fmt: skip
    """Open what hangs on an audit or a matter by a link of its workflow; or a matter that stands on its own.

    `audit workflow show` says of a workflow what may hang on it, who may open it, and at which stages.

    \b
    Examples:
      audit open action --on L-2324Q3-0001 --words "Write the safety plan anew."
      audit open action --on L-2324Q3-0001 --name owner=P-00042
      audit open learning_point --subject "North Heron" --words "Ask who holds the key."
      audit open re_audit --on ACT-0001
    """
    from audit_engine.actions.command import Command
    from audit_engine.actions.opening import open_matter

    people = pairs(named, "name", "PLACE=PERSON", "owner=P-00042")
    if hangs_on is not None and about is not None:
        hint = "Leave --audit out: what it is opened from says which audit it is about."
        raise unusable("open", "P006", "--on and --audit do not go together", hint)
    workspace = find(ctx)
    database = workspace.open()
    actor = workspace.actor(database)
    if words is None:
        words = click.prompt("What is it for, without names", default="", show_default=False, err=True)
    reference = open_matter(
        database, actor, Command(), name, workspace.catalogue(), at=now(), words=words, audit=about, subject=subject,
        hangs_on=hangs_on, named=people,
    )  # fmt: skip
    print_text(f"{reference} is opened. `audit why {reference}` says what can happen to it, and for whom.")


def pairs(written: Sequence[str], option: str, form: str, example: str) -> dict[str, str]:
    """What an option says that is written as NAME=VALUE, each name once. Raises Unusable where it is not."""
    found = dict[str, str]()
    for one in written:
        name, equals, value = (part.strip() for part in one.partition("="))
        if not equals or not name:
            raise unusable("command", "P006", f"--{option} takes {form}", f"Write it like --{option} {example}.")
        if name in found:
            raise unusable("command", "P006", f"--{option} says '{name[:40]}' twice", "Say each once.")
        found[name] = value
    return found


def is_matter(database: "Database", actor: "Actor", reference: str) -> bool:
    """Whether a reference is that of a matter the actor may see.

    One they may not see is answered as if there were none: which of the two it is tells something by itself.
    """
    from audit_engine.queries.matters import found_matter

    with database.read() as session:
        return found_matter(session, actor, reference) is not None


def move_matter_on(
    workspace: "Workspace", database: "Database", actor: "Actor", reference: str, event: str, *, reason: str | None,
    said: Mapping[str, str], named: Mapping[str, str],
) -> None:  # fmt: skip
    """`audit move` of a matter."""
    from audit_engine.actions.command import Command
    from audit_engine.actions.matters import move_matter

    move_matter(
        database, actor, Command(), reference, event, at=now(), definitions=workspace.catalogue, reason=reason,
        said=said, named=named,
    )  # fmt: skip
    print_text(f"{reference}: {event.replace('_', ' ')}, saved.")


def why_matter(
    database: "Database", actor: "Actor", reference: str, *, json_: bool, lines: "Callable[[MachineView], list[str]]"
) -> None:
    """`audit why` of a matter.

    Args:
        lines: Prints what can happen to one thing, as for audits.
    """
    from audit_engine.actions.looking import looked
    from audit_engine.queries.matter_view import matter_why
    from audit_engine.queries.matters import seen_matter

    with database.read() as session:
        view = matter_why(session, actor, reference)
        key = seen_matter(session, actor, reference, "say what can happen").key
    looked(database, actor, "viewed", "matter", key, at=now())
    if json_:
        print_json(asdict(view))
        return
    for line in marking(database.mode):
        print_text(line)
    for machine in view.machines:
        print_text("\n".join(lines(machine)))


def show_matter(database: "Database", actor: "Actor", reference: str, *, json_: bool) -> None:
    """`audit show` of a matter."""
    from audit_engine.actions.looking import looked
    from audit_engine.queries.matter_view import matter_view
    from audit_engine.queries.matters import seen_matter

    with database.read() as session:
        view = matter_view(session, actor, reference)
        key = seen_matter(session, actor, reference, "show this matter").key
    looked(database, actor, "viewed", "matter", key, at=now())
    if json_:
        print_json(asdict(view))
    else:
        print_text("\n".join([*marking(database.mode), *_standing(view), *_story(view)]))


def _standing(view: "MatterView") -> list[str]:
    about = f"about audit {view.audit}, case {view.case}" if view.audit else f"about the {view.about} {view.subject}"
    if view.audit and view.subject:
        about = f"about the {view.about} {view.subject}, from audit {view.audit}"
    lines = [f"{view.reference}, {view.title}: {view.stage_title}", f"  {for_terminal(about)}"]
    lines.append(f"  {for_terminal(view.words)}")
    opened = f"  opened on {day_in_words(view.opened_at.date())} by {view.opened_by}"
    lines.append(opened + (f", from {view.hangs_on}" if view.hangs_on else ""))
    if view.ended_at is not None:
        lines.append(f"  ended on {day_in_words(view.ended_at.date())}")
    elif view.due is not None:
        lines.append(f"  due {day_in_words(view.due)}")
    lines += [f"  {place}: {person}" for place, person in view.people]
    return lines + [f"  {for_terminal(title)}: {for_terminal(said)}" for title, said in view.recorded]


def _story(view: "MatterView") -> list[str]:
    lines = ["", "Story"]
    for one in view.story:
        at = one.at.strftime("%Y-%m-%d %H:%M:%S UTC")
        lines.append(f"  {at}  {one.turn}: {one.who} as {one.role}: {for_terminal(' '.join(one.says))}")
    return lines
