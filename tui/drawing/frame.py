"""Heading, footer, refusals, and the one sentence of a window that is too small."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from audit_engine.problems import Refused, Unusable
from tui.drawing.words import BAD, HERE, QUIET, STRONG, Lines, fitted, joined, words, wrapped

TRAINING = "TRAINING"


def heading(title: str, stamp: Content, width: int, *, training: bool, progress: str = "") -> Content:
    """The first line: what this is, how far it is, and whether it is saved. Only the title is ever cut."""
    banner = joined(words(f" {TRAINING} ", HERE), Content(" ")) if training else Content(" ")
    behind = joined(words(f"{progress}  ", STRONG) if progress else Content(""), stamp)
    room = width - banner.cell_length - behind.cell_length - 2
    return joined(banner, words(fitted(title, max(room, 0)), STRONG), Content(" "), behind)


def footer(offered: Sequence[tuple[str, str]], width: int, *, label: str = "") -> Content:
    """The keys. The first is never cut; those that do not fit are left out, from the right.

    Args:
        label: The mode, before them.
    """
    parts, used = [Content(" ")], 1
    if label:
        parts += [words(f" {label} ", HERE), Content(" ")]
        used += len(label) + 3
    for place, (key, word) in enumerate(offered):
        text = f"{key} {word}  "
        if used + cell_len(text) > width + 2 and place > 0:
            break
        parts += [words(key, STRONG), words(f" {word}  ", QUIET)]
        used += cell_len(text)
    return joined(*parts)


def refusal_lines(refused: Refused, width: int) -> Lines:
    """What was refused, and every reason."""
    first = f"Not done: {refused.what}."
    reasons = [reason.text for reason in refused.reasons]
    if len(reasons) == 1:
        return wrapped(f"{first} {reasons[0]}", width - 2, 1, BAD)
    return [line for text in (first, *(f"- {one}" for one in reasons)) for line in wrapped(text, width - 2, 1, BAD)]


def failure_lines(error: Unusable, width: int) -> Lines:
    """What could not be done and what to do, the sentence first and its code last."""
    lines: Lines = []
    for one in error.problems:
        said = f"{one.message[:1].upper()}{one.message[1:].rstrip('.')}."
        lines += wrapped(f"Not done: {said} {one.help} ({one.code})".replace("  ", " "), width - 2, 1, BAD)
    return lines


def too_small(width: int, height: int, wanted_width: int, wanted_height: int) -> Lines:
    """What a window says in which nothing could be read."""
    text = (
        f"audit needs {wanted_width} x {wanted_height}. This window is {width} x {height}. "
        "Your work is saved. Make it larger."
    )
    return wrapped(text, max(width, 1))
