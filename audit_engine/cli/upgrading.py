"""`audit upgrade`: a workspace that an earlier version made goes on under this one."""

import click

from audit_engine.calendars import now
from audit_engine.cli.talk import print_text, say
from audit_engine.cli.workspace import find
from audit_engine.safe_text import for_terminal

EXIT_NOT_SOUND = 1


@click.command(short_help="Bring a workspace of an earlier version up to date.")
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Bring the workspace's database to the tables of this version, then verify it.

    A file is first copied beside itself, as it is. Nothing else may have the workspace open. What audits, moderations
    and escalations began under stays as it is. Exit code 1 when the ledger does not verify afterwards.

    \b
    Example:
      audit --workspace quality-2023 upgrade
    """
    from audit_engine.records.upgrading import upgrade_database
    from audit_engine.records.verification import verify

    workspace = find(ctx)
    done = upgrade_database(workspace.address, identified="os account", at=now())
    if done.old == done.new:
        print_text(f"The workspace is up to date (tables {done.new}).")
        return
    print_text(f"The workspace was brought from tables {done.old} to tables {done.new}.")
    if done.copy is not None:
        print_text(f"As it was before: {for_terminal(str(done.copy))}. Keep it until you have looked around.")
    with workspace.open() as opened:
        found = verify(opened)
    if found.findings:
        say("But the ledger does not verify. Run audit verify; the copy is as it was before.")
        ctx.exit(EXIT_NOT_SOUND)
    print_text(f"Its ledger verifies: {found.entries:,} entries.")
