"""What commands about a site's own definitions share: to begin one, and to say what changed from one to another."""

import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from audit_engine.cli.files import write_whole
from audit_engine.cli.talk import print_json, print_text, say
from audit_engine.problems import unusable
from audit_engine.safe_text import for_terminal


class Told(Protocol):
    """One thing that is not as it was."""

    @property
    def about(self) -> str:
        """Of which part."""

    @property
    def id(self) -> str:
        """Which one."""

    @property
    def says(self) -> str:
        """The sentence."""


def begin(
    kind: str, name: str, file: Path | None, site: Path | None, text: Callable[[str], str],
    taken: Callable[[], Collection[str]],
) -> None:  # fmt: skip
    """Write a definition to begin with, where nothing is yet, and say how to look at it.

    Args:
        kind: `workflow` or `rubric`; a site keeps them in the folder of this name with an s.
        text: Of the definition, given where it will stand; refuses a name that is none.
        taken: The names that are in use.

    Raises:
        Unusable: the name is none or is taken, or the place is none or is taken.
    """
    place = file or (Path(f"{name}.yaml") if site is None else site / f"{kind}s" / f"{name}.yaml")
    written = text(str(place))
    if place.suffix != ".yaml":
        raise unusable(str(place), "D001", "definitions end in .yaml, so this would not be read", "Name it so.")
    if name in taken():
        hint = "Choose another name; to change that one, copy its file and raise its version."
        raise unusable(name, "D016", f"there is a {kind} of this name already", hint)
    if place.exists() or place.is_symlink():
        raise unusable(str(place), "W060", "this file exists", "Name another place with --to.")
    print_text(str(write_whole(place, written)))
    say(f"Look at it: audit {kind} show {shlex.quote(for_terminal(str(place)))}")


def tell_differences(found: Sequence[Told], sides: Mapping[str, Mapping[str, Any]], *, json_: bool) -> None:
    """Print what changed, a sentence a line; or for programs, with what the two sides are."""
    if json_:
        told = [{"about": one.about, "id": one.id, "says": one.says} for one in found]
        print_json({**sides, "differences": told})
    elif found:
        print_text("\n".join(one.says for one in found))
    else:
        say("They say the same.")
