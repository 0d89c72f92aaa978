"""Where a text probably names somebody. A word is looked at with its neighbours; nothing is looked at twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from audit_engine.engine.name_words import NotNames, given_names, not_names

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_ENDS_SENTENCE = re.compile(r"[.!?:;\n•\"“‘]|(?:^|\s)[-–—*](?:\s|$)")
_SHORT_FORMS = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "st", "no", "p", "pp", "cf", "vs", "approx", "nr", "ref", "dob")
)
"""A full stop behind one of these ends no sentence."""
_OF_A_PERSON = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "hhj", "sir", "dame", "cllr"))
"""Before a name only: what follows with a capital is one, whatever the word is."""
_OF_AN_OFFICE = frozenset(
    (
        *("judge", "justice", "dj", "ddj", "prof", "professor", "rev", "reverend", "pc", "dc", "ds", "sgt"),
        *("sergeant", "constable", "detective", "inspector", "nurse", "lord", "lady", "recorder", "imam"),
        *("councillor", "sheikh"),
    )
)
"""Before a name as a rule: what follows is one unless the word is known to be none."""
_SAYS = frozenset(
    (
        *("said", "says", "told", "tells", "asked", "asks", "felt", "feels", "wants", "wanted", "wishes"),
        *("wished", "lives", "lived", "thinks", "thought", "spoke", "speaks", "disclosed", "moved"),
        *("attended", "attends", "loves", "likes", "spends", "spent", "sees", "saw", "goes", "went"),
        *("sleeps", "eats", "misses", "shares", "hates", "knows", "came", "hit", "shouted", "refused"),
        *("disagreed", "agreed", "admitted", "denied", "cried", "stayed", "stays", "plays", "born", "aged"),
    )
)
"""What people do: a word that no list knows, at the beginning of a sentence and before one of these, names somebody."""
_WAS = frozenset(("was", "is", "has", "had"))
_BETWEEN = frozenset(("not", "never", "also", "only", "then", "been", "still", "always", "often", "too", "very"))
_LIKE_A_PERSON = frozenset(
    (
        *("asked", "told", "seen", "visited", "interviewed", "spoken", "placed", "born", "afraid"),
        *("frightened", "scared", "happy", "upset", "autistic", "deaf", "pregnant", "present", "invited"),
        *("consulted", "met", "hurt", "hit"),
    )
)
"""What is said of people with `was`, as in `was never asked`."""
_MOST_GAP = 3
"""Characters between two words of one name."""


@dataclass(frozen=True, slots=True)
class LikelyName:
    """A place in the text where somebody is probably named."""

    start: int
    end: int
    known: bool
    """Whether it is what somebody of the workspace is called."""


@dataclass(slots=True)
class _Word:
    text: str
    start: int
    end: int
    low: str
    base: str
    """In small letters, without 's."""
    capital: bool
    loud: bool
    """In capitals altogether, or a single letter: an abbreviation."""
    first: bool
    """At the beginning of a sentence."""
    allowed: bool
    near: bool
    """Whether it stands beside the word before, within one name."""
    likely: bool = False
    known: bool = False


@dataclass(frozen=True)
class _Known:
    """The names of the people of a workspace, as they are looked for."""

    whole: dict[str, tuple[tuple[str, ...], ...]]
    """All of the words of a name, by the first of them."""
    parts: frozenset[str]


def likely_names(
    text: str, known_names: Sequence[str] = (), site: frozenset[str] = frozenset(), *, typing: bool = False
) -> list[LikelyName]:
    """Every place where somebody is probably named, in order.

    Args:
        known_names: What the people of the workspace are called.
        site: Words of the site's own that are no names, in small letters.
        typing: The text is still being written: a last word that may yet become an ordinary one is left alone.
    """
    allowed = not_names(site)
    words = list(_words(text, allowed))
    _leave_phrases(words, allowed)
    _mark_known(words, _known(tuple(known_names)))
    shouted = _is_shouted(words)
    in_small = {word.low for word in words if not word.capital}
    for at, word in enumerate(words):
        before = words[at - 1] if at else None
        if not word.likely and _is_likely(word, before, words[at + 1 : at + 5], in_small, shouted=shouted):
            word.likely = True
    if typing and words and words[-1].end == len(text) and allowed.begins(words[-1].base):
        words[-1].likely = words[-1].known
    _mark_again(words)
    return _merged(words)


def _words(text: str, allowed: NotNames) -> Iterator[_Word]:
    end, before = 0, ""
    for found in _WORD.finditer(text):
        start, gap = found.start(), text[end : found.start()]
        low = found[0].lower().replace("’", "'")
        base = low.removesuffix("'s")
        in_number = (start > 0 and (text[start - 1].isdigit() or text[start - 1] == "_")) or (
            found.end() < len(text) and (text[found.end()].isdigit() or text[found.end()] == "_")
        )
        stopped = gap.startswith(".") and (before in _SHORT_FORMS or len(before) == 1) and "\n" not in gap
        yield _Word(
            text=found[0], start=start, end=found.end(), low=low, base=base, capital=found[0][0].isupper(),
            loud=len(base) == 1 or found[0].isupper(),
            first=not end or (not stopped and _ENDS_SENTENCE.search(gap) is not None),
            allowed=in_number or allowed.holds(low) or _is_compound(found[0], allowed),
            near=bool(end) and len(gap) <= _MOST_GAP and (gap.isspace() or stopped) and "\n" not in gap,
        )  # fmt: skip
        end, before = found.end(), low


def _is_compound(text: str, allowed: NotNames) -> bool:
    """Whether it is an ordinary word with another behind it: `Welsh-speaking`."""
    first, hyphen, rest = text.partition("-")
    return bool(hyphen) and rest.islower() and allowed.holds(first.lower())


def _leave_phrases(words: list[_Word], allowed: NotNames) -> None:
    """Words that belong together and are no name, though one of them alone would be."""
    for at, word in enumerate(words):
        for parts in allowed.phrases.get(word.low, ()):
            there = words[at : at + len(parts)]
            if tuple(one.low for one in there) == parts:
                for one in there:
                    one.allowed = True


@lru_cache(maxsize=4)
def _known(names: tuple[str, ...]) -> _Known:
    whole: dict[str, set[tuple[str, ...]]] = {}
    parts: set[str] = set()
    for name in names:
        of_it = tuple(found[0].lower().replace("’", "'") for found in _WORD.finditer(name))
        if len(of_it) > 1:
            whole.setdefault(of_it[0], set()).add(of_it)
        parts |= {part for part in of_it if len(part) > 2}
    return _Known({first: tuple(sorted(of_it)) for first, of_it in whole.items()}, frozenset(parts))


def _mark_known(words: list[_Word], known: _Known) -> None:
    for at, word in enumerate(words):
        for parts in known.whole.get(word.base, ()):
            there = words[at : at + len(parts)]
            if tuple(one.base for one in there) == parts and _is_one_name(there):
                for one in there:
                    one.likely = one.known = True
        if word.capital and not word.allowed and word.base in known.parts:
            word.likely = word.known = True


def _is_one_name(words: list[_Word]) -> bool:
    """Whether words stand together, and as a name does: `hope may` is none, `Hope May` is."""
    together = all(one.near for one in words[1:])
    return together and (all(one.capital for one in words) or not all(one.allowed for one in words))


def _is_shouted(words: list[_Word]) -> bool:
    """Whether the text is written in capitals, so that they tell nothing."""
    return sum(word.loud for word in words) * 2 > len(words) > 3


def _is_likely(
    word: _Word, before: _Word | None, rest: Sequence[_Word], in_small: set[str], *, shouted: bool
) -> bool:  # fmt: skip
    if before is not None and word.near and _is_titled(word, before):
        return True
    if word.allowed:
        return False
    if word.base in given_names() or (word.capital and word.base.partition("-")[0] in given_names()):
        return not word.loud or shouted
    if word.loud or not word.capital or word.low in in_small:
        return False
    return not word.first or _is_somebody(word, rest)


def _is_titled(word: _Word, before: _Word) -> bool:
    """Whether a title stands before it."""
    if len(word.base) == 1 or (word.loud and word.allowed):
        return False
    if before.low in _OF_A_PERSON:
        return word.capital or (before.low in ("mr", "mrs") and not word.allowed)
    return before.low in _OF_AN_OFFICE and word.capital and not word.allowed and not word.loud


def _is_somebody(word: _Word, rest: Sequence[_Word]) -> bool:
    """Whether an unknown word at the beginning of a sentence does, has or is what only people do, have or are.

    Args:
        rest: The next words.
    """
    if not rest:
        return False
    if word.low.endswith("'s") or rest[0].low in _SAYS:
        return True
    if rest[0].low not in _WAS:
        return False
    following = next((one.low for one in rest[1:] if one.low not in _BETWEEN), "")
    return following in _LIKE_A_PERSON


def _mark_again(words: list[_Word]) -> None:
    """What is a name in one place is one in every other, also at the beginning of a sentence."""
    named = {word.base for word in words if word.likely}
    for word in words:
        if word.capital and not word.allowed and word.base in named:
            word.likely = True


def _merged(words: list[_Word]) -> list[LikelyName]:
    """Neighbours are one name; an unknown word with a capital before one belongs to it, and so does a title."""
    found: list[LikelyName] = []
    last: _Word | None = None
    for at, word in enumerate(words):
        if word.likely:
            if found and last is not None and word.near and last.end == found[-1].end:
                found[-1] = LikelyName(found[-1].start, word.end, found[-1].known or word.known)
            else:
                first = _belonging(words, at)
                found.append(LikelyName(first.start, word.end, word.known))
        last = word
    return found


def _belonging(words: list[_Word], at: int) -> _Word:
    """The word where a name begins whose first likely word stands at `at`."""
    first = words[at]
    before = words[at - 1] if at else None
    if before is not None and first.near:
        titled = before.low in _OF_A_PERSON or before.low in _OF_AN_OFFICE
        if titled or (before.capital and not before.allowed and not before.loud):
            return before
    return first
