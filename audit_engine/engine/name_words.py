"""The words by which names are told from other words: those that are none, and those that parents give."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from audit_engine.safe_text import hidden_characters

MAX_BYTES = 65_536
"""Of a list of words, a site's own one included."""
MAX_LINE = 80
_WORDS = Path(__file__).parent / "words"
_SURE_ENDS = ("tion", "tions", "sion", "sions", "ments", "ness", "ship", "ships", "ility", "ological", "ingly")
"""A long word that ends so is no name that is given or inherited here."""


@dataclass(frozen=True)
class NotNames:
    """Words, and several words together, that are no reason to warn. All in small letters."""

    lines: frozenset[str]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(line for line in self.lines if " " not in line)

    @cached_property
    def phrases(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Several words that belong together, by the first of them."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for line in sorted(self.lines - self._words):
            parts = tuple(line.split())
            found.setdefault(parts[0], []).append(parts)
        return {first: tuple(parts) for first, parts in found.items()}

    @cached_property
    def _in_order(self) -> tuple[str, ...]:
        return tuple(sorted(self._words))

    def holds(self, word: str) -> bool:
        """Whether a word, in small letters and with `'` for every apostrophe, is none that names anybody."""
        base = word.partition("'")[0]
        if word in self._words or base in self._words or (base.endswith("s") and base[:-1] in self._words):
            return True
        if len(base) > 7 and base.endswith(_SURE_ENDS):
            return True
        parts = base.split("-")
        return len(parts) > 1 and all(part in self._words for part in parts)

    def begins(self, start: str) -> bool:
        """Whether a word that is no name begins so: while it is typed, it may still become one of those."""
        at = bisect_left(self._in_order, start)
        return at < len(self._in_order) and self._in_order[at].startswith(start)


def words_in(text: str) -> frozenset[str]:
    """The words of a list, in small letters: one on a line, lines that begin with # left out.

    Raises:
        ValueError: a line is too long, or holds characters that cannot be seen. Says which, in words.
    """
    found = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE and not line.startswith("#"):
            raise ValueError(f"line {number} is longer than {MAX_LINE} characters")
        if hidden_characters(line):
            raise ValueError(f"line {number} holds a character that cannot be seen")
        if line.strip() and not line.startswith("#"):
            found.add(" ".join(line.lower().replace("’", "'").split()))
    return frozenset(found)


@lru_cache(maxsize=8)
def not_names(site: frozenset[str] = frozenset()) -> NotNames:
    """The shipped words that are no names, and those a site adds."""
    return NotNames(_shipped("not_names.txt") | site)


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Names that parents give and that are no everyday words, in small letters."""
    return _shipped("given_names.txt")


def _shipped(file: str) -> frozenset[str]:
    return words_in((_WORDS / file).read_text(encoding="utf-8"))
