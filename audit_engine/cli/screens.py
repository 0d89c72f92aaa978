"""`audit tui`: the screens. Everything about them is in the package `tui`, which is read only when they open."""

import click

from audit_engine.cli.workspace import Workspace, find


@click.command(short_help="Open the screens: queue, workbench, moderation.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal, to select and copy with it.")
@click.pass_context
def tui(ctx: click.Context, no_mouse: bool) -> None:
    """Open the screens in this terminal: your queue, and from there whatever waits for you. `?` lists the keys.

    \b
    Examples:
      audit tui
      audit --workspace demo --as P-00017 tui
    """
    open_screens(find(ctx), mouse=not no_mouse)


def open_screens(workspace: Workspace, *, mouse: bool = True, opens: tuple[str, str] | None = None) -> None:
    """Run the screens until the person leaves.

    Args:
        opens: The work (`grade`, `moderate`, `answer`) and the audit to open at once.
    """
    from tui.opening import run

    run(workspace, mouse=mouse, opens=opens)
