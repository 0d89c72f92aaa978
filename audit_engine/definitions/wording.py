"""What problems say: names that are offered, and what the condition engine and YAML say, in our words."""

import re
from collections.abc import Collection, Iterable

from audit_engine.problems import nearest
from audit_engine.safe_text import quoted

Told = tuple[str, str, str, int]
"""Code, sentence, help, and the offset in the condition."""
SHOWN = 8
"""Names listed at once."""


def offered(word: str, known: Collection[str]) -> str:
    """A help sentence that is never empty: the nearest name, else the first of those there are."""
    if found := nearest(word, known):
        return found
    names = sorted(set(known))
    if not names:
        return "None is defined yet."
    return f"Known here: {', '.join(names[:SHOWN])} and {len(names) - SHOWN} more."


# --- the condition engine ---------------------------------------------------------------------------------------

_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '(.*)\.?\(([^']*)\)'")
_TYPES = {"string": "a text", "int": "a whole number", "double": "a number with a point", "bool": "yes or no",
          "list(string)": "a list of words", "list(int)": "a list of numbers", "null_type": "null"}  # fmt: skip
_HINTS = (
    (r"\{\w+\}", "Only {criterion} and {title} are filled in, and only beside 'each_criterion: yes'."),
    (r"[“”„‘’‚«»]", "Use straight quotes, as in 'private'."),
    (r"\band\b", "Write && for 'and'."),
    (r"\bor\b", "Write || for 'or'."),
    (r"\bnot\b", "Write ! for 'not', as in !facts.da_disclosed."),
    (r"(?<![=!<>])=(?!=)", "Write == to compare."),
    (r"(?<!&)&(?!&)", "Write && for 'and'."),
    (r"(?<!\|)\|(?!\|)", "Write || for 'or'."),
    (r"<>", "Write != for 'is not'."),
)  # fmt: skip
_SIDE_HINTS = (
    ("a number with a point", "Whole numbers are written without a point."),
    ("yes or no", "Yes or no stands alone, as in facts.da_disclosed, or after !, as in !facts.da_disclosed."),
)
_EXAMPLE = "Write it like facts.law_type == 'private' && facts.da_disclosed."


def translated(message: str, text: str, names: Collection[str], words: Collection[str]) -> list[Told]:
    """What the engine says of a condition it cannot compile.

    Args:
        names: Every declared name.
        words: Every word any of them may be, to tell a forgotten quotation mark.
    """
    found: dict[tuple[str, str], Told] = {}
    for match in _ERROR.finditer(message):
        told = _one_translated(match, text, names, words)
        # One slip makes the engine stumble again and again further on: only its first stumble is told.
        found.setdefault(told[:1] if told[0] == "D041" else told[:2], told)  # type: ignore[arg-type]  # a key is a key
    whole = ("D041", f"the condition {quoted(text)} is too deeply nested to be read", "Write it shorter.", 0)
    return list(found.values()) or [whole]


def without_texts(text: str) -> str:
    """A condition with blanks where its quoted texts are, so that every offset stays."""
    return re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", lambda match: " " * len(match[0]), text)


def named_at(text: str, offset: int) -> str:
    """The dotted name written around `offset`, or else the next characters, for people to find the place."""
    start = min(offset, len(text))
    while start > 0 and re.match(r"[\w.]", text[start - 1]):
        start -= 1
    written = re.match(r"[\w.]+", text[start:])
    return written[0] if written else text[start : start + 20]


def _one_translated(match: re.Match[str], text: str, names: Collection[str], words: Collection[str]) -> Told:
    line, column, said = int(match[1]), int(match[2]), match[3]
    offset = sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1
    if undeclared := _UNDECLARED.search(said):
        return _unknown(_whole_name(text, offset, undeclared[1]), offset, names, words)
    if "operand of a select operation" in said:
        return _unknown(_whole_name(text, offset, ""), offset, names, words)
    if overload := _OVERLOAD.search(said):
        sides = [_type_in_words(side) for side in overload[3].split(", ")]
        what = " and ".join(sides)
        hint = next((hint for side, hint in _SIDE_HINTS if side in sides), "Both sides must be of one kind.")
        return ("D044", f"{quoted(_operator(overload[1]))} cannot be used with {what}", hint, offset)
    at = f"near {quoted(text[offset : offset + 20])}" if offset < len(text) else "at its end"
    if not text.strip():
        return ("D041", "this condition is empty", "Write it, or delete the line.", 0)
    bare = without_texts(text)
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, bare)), _EXAMPLE)
    return ("D041", f"the condition cannot be read {at}", hint, offset)


def _unknown(name: str, offset: int, names: Collection[str], words: Iterable[str]) -> Told:
    hint = f"Put a word in quotes: '{name}'." if name in words else offered(name, names)
    return ("D042", f"there is nothing called {quoted(name)} here", hint, offset)


def _whole_name(text: str, offset: int, name: str) -> str:
    """The engine names the first part of a dotted name it cannot find, or points at its dot; people wrote the whole."""
    written = re.match(r"[A-Za-z_][\w.]*", named_at(text, offset))
    return written[0] if written and name.split(".", 1)[0] in written[0] else name


def _operator(function: str) -> str:
    return function.strip("_").replace("@", "") if function.startswith(("_", "@", "!")) else function


def _type_in_words(name: str) -> str:
    name = name.strip()
    return _TYPES.get(name, "a list" if name.startswith("list(") else "something else")


# --- the reader of YAML -----------------------------------------------------------------------------------------

_LINES = "Check the indentation, quotes and colons on this line and the one before."
_YAML = (
    ("mapping values are not", "a colon stands where none can be",
     "Put quotes around a text that holds a colon and a space, and check the indentation."),
    ("stream", "the file ends inside a quoted text", "A quotation mark that opens a text must also close it."),
    ("cannot start any token", "no text can begin with this character", "Put quotes around the text."),
    ("',' or", "a bracket is not closed", "Every [ needs its ] and every { its }, with commas between."),
    ("expected key", "this line is not in step with those above it", _LINES),
    ("'-' indicator", "this line is not in step with those above it", _LINES),
)  # fmt: skip


def yaml_in_words(found: str, line: str) -> tuple[str, str]:
    """What is wrong, and what to do, where the YAML of `line` cannot be read."""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return ("a tab stands before the text", "Indent with spaces, not tabs.")
    return next(((plain, hint) for said, plain, hint in _YAML if said in found), (found, _LINES))
