"""Lines of words. Everything that came from a person or a file passes here before it reaches a screen.

Colours only repeat what marks and words say; they are the terminal's own, so that they suit its background.
"""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from audit_engine.safe_text import for_terminal

Lines = list[Content]

STRONG = "bold"
QUIET = "dim"
HERE = "reverse"
GOOD = "ansi_green"
BAD = "bold ansi_red"


def words(text: str, style: str = "") -> Content:
    """One line: whatever could steer a terminal is made visible, line ends become spaces."""
    return Content.styled(for_terminal(text), style) if style else Content(for_terminal(text))


def joined(*parts: Content) -> Content:
    """Parts of one line, one after the other."""
    return Content("").join(parts)


def fitted(text: str, width: int) -> str:
    """A text in exactly `width` cells: cut with two dots, or filled with spaces."""
    shown = for_terminal(text)
    if width <= 0:
        return ""
    if cell_len(shown) > width:
        return set_cell_size(shown, max(width - 2, 0)) + ".."[:width]
    return set_cell_size(shown, width)


def wrapped(text: str, width: int, indent: int = 0, style: str = "") -> Lines:
    """A text in lines of at most `width` cells, its own line ends kept; every line begins with `indent` spaces."""
    room, margin = max(width - indent, 1), Content(" " * indent)
    lines = []
    for line in text.split("\n"):
        content = words(line, style)
        lines += [margin + part for part in content.wrap(room)] if content else [Content("")]
    return lines


def hanging(head: str, text: str, width: int, indent: int, style: str = "", head_style: str = "") -> Lines:
    """A head, and a text whose lines all begin at `indent`. The head must fit before it."""
    lines = wrapped(text, width, indent, style) or [Content("")]
    first = lines[0][indent:] if len(lines[0].plain) > indent else Content("")
    return [joined(words(fitted(head, indent), head_style), first), *lines[1:]]


def rule(title: str, width: int) -> Content:
    """A line across, with a title in it."""
    if not title:
        return Content("-" * width)
    shown = for_terminal(title)
    return words(fitted(f"- {shown} " + "-" * max(width - cell_len(shown) - 3, 0), width), STRONG)


def beside(left: str, right: str, width: int) -> str:
    """Two texts at the two ends of a line; the left one is cut when there is no room for both."""
    right = for_terminal(right)
    return fitted(left, max(width - cell_len(right) - 1, 0)) + " " + right if right else fitted(left, width)


def cut(lines: Lines, most: int) -> Lines:
    """At most so many lines; the cut marked."""
    if len(lines) <= most:
        return lines
    room = max(line.cell_length for line in lines) - 3
    last = lines[most - 1].truncate(room) if lines[most - 1].cell_length > room else lines[most - 1]
    return [*lines[: most - 1], joined(last[: len(last.plain.rstrip(" ."))], words(" .."))]


def plain(lines: Iterable[Content]) -> str:
    """The lines as text, for a test or a picture."""
    return "\n".join(line.plain for line in lines)
