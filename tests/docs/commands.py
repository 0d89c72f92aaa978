"""Writes docs/reference/commands.md: the help of every command. Run it with `python -m tests.docs.commands`."""

from collections.abc import Iterator
from pathlib import Path

import click

from audit_engine.cli import audit

PAGE = Path("docs/reference/commands.md")
WIDTH = 96
INTRODUCTION = """\
# Commands

The help of every command, as `--help` prints it. This page is written by `python -m tests.docs.commands`, and a test
fails when it is out of date.

Options of `audit` itself, such as `--workspace`, stand before the name of the command:
`audit --workspace demo verify`.

## Which workspace

`--workspace DIR`, else the environment variable `AUDIT_WORKSPACE`, else the nearest folder upwards that holds
`audit.toml`. `audit check`, `audit rubric` and `audit workflow` use the shipped definitions alone where there is no
workspace. `audit interval` needs none.

## Exit codes

| code | means |
|---|---|
| 0 | Done, and fine. |
| 1 | The answer is no: `check` found problems, `verify` faults, `diff` differences, `prove` no proof; or refused. |
| 2 | The input cannot be used: an argument, a file, the workspace. Nothing was changed. |
| 3 | `rubric grade`, `rubric conformity`: the answers are not complete yet. |
| 130 | You pressed Ctrl-C. |

Data goes to standard output. Problems, refusals, questions and progress go to standard error. `audit grade` is a
conversation: everything in it stands on standard output, and a refusal in it changes nothing and does not end it.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_told(audit, "audit", None)])


def _told(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    # The width of whoever runs this must not decide how the page looks.
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH)
    context.help_option_names = command.context_settings.get("help_option_names", context.help_option_names)
    yield f"## {context.command_path}\n\n```text\n{context.get_help().rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None:
                yield from _told(found, below, context)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
