"""Which names a proof follows, which values each may have, and how it moves. The table of docs/adr/0014-proofs.md.

| name | in an audit | in a moderation | in an escalation | in a matter |
|---|---|---|---|---|
| `facts.*` | chosen at the start, then the same | likewise | never known | likewise, about an audit |
| `graded` | yes; may become no while grades may be written | chosen at the start | may change at any time | |
| `overall` | `none`; may change likewise, at `submit` and at `finalise` | never known | never known | as `facts.*` |
| `feedback` | `unknown`; may change likewise, and at `submit` | never known | never known | |
| `adjusted` | | not known; chosen by the event `decide` | | |
| `collaborative` | not known; as `feedback` | never known | never known | |
| `suggested` | any; may change likewise, and on coming to a stage that makes grades final | never known | | |
| `selected_for_moderation` | not known; chosen at the first `submit` | never known | never known | |
| `answer` | `none`; chosen by the event `answer` | never known | never known | |
| `returned_times` | 0; one more after each event `return` | never known | never known | |
| `escalation.open` | no; then whatever, at any time | whatever | yes | whatever, about an audit; else no |
| `record.*` | as at first; any word by an event that asks, one by an event that sets | | | as in an audit |
| `LINK.*` | see `proofs_links` | | | see `proofs_links` |

A name that is left out of a real situation only because it is not known adds no way: whatever a condition decides
without it, it decides with it. So facts are taken as known, and what is proved of them so is proved.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from audit_engine.definitions.conditions import Call, Condition, Constant, Kind, Listing, Name, Tree, Value
from audit_engine.definitions.proofs_links import FollowedLink, links_of
from audit_engine.definitions.workflow import ReadEvent, ReadWorkflow
from audit_engine.definitions.workflow_names import (
    ANSWERS,
    AUDIT,
    ESCALATION,
    MATTER,
    MODERATION,
    THE_AUDIT,
)

OPEN = "escalation.open"
NO_OPEN = "no_open_escalation"
"""The one guard a proof can answer; every other is a question to people, answered either way at any time."""
RECORD = "record."
SUBMIT, ANSWER, RETURN, FINALISE = "submit", "answer", "return", "finalise"
"""The events of an audit by which actions set values: see `workflow_names.RELIED_UPON`."""
ADJUSTED, DECIDE = "adjusted", "decide"
"""What is known of a moderation once it is decided, and the event that decides it."""
OVERALL = "overall"
WRITTEN = (OVERALL, "suggested", "feedback", "collaborative")
MOST_SUBSETS = 10
"""Words of one list that may be on it or not, each by itself: a thousand lists."""

Maybe = Value | None
"""A value, or None: not known."""
_AT_FIRST: dict[str, Maybe] = {"overall": "none", "feedback": "unknown", "answer": "none", "returned_times": 0,
                               "graded": True, OPEN: False}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """The names one proof follows."""

    followed: tuple[str, ...]
    """In the order of a situation's values."""
    choices: dict[str, tuple[Value, ...]]
    """Every value that counts, of each name that can have one."""
    at_first: dict[str, tuple[Maybe, ...]]
    """The values each may have at the start."""
    endless: frozenset[str] = frozenset()
    """Names whose values have no end, or too many: what asks for them is taken to answer either way."""
    most_returned: int = 0
    """From here on it makes no difference how often an audit was returned."""
    constant: frozenset[str] = field(default=frozenset())
    """Chosen at the start, then the same."""
    links: tuple[FollowedLink, ...] = ()
    """In the order of a situation's links."""
    said: Mapping[str, Mapping[str, tuple[Value, ...]]] = field(default_factory=dict)
    """By event: the values it may give each record that is followed."""


def names_of(read: ReadWorkflow) -> Names:
    """What a proof must follow of everything that a workflow asks for."""
    return _Following(read).names()


class _Following:
    """Goes through the names of one workflow."""

    def __init__(self, read: ReadWorkflow) -> None:
        self._read, self._governs = read, read.workflow.governs
        self._uses = _Uses(conditions_of(read))
        self._asked = sorted({*self._uses.names, *demanded(read)} - {"stage"})
        self._choices: dict[str, tuple[Value, ...]] = {}
        self._at_first: dict[str, tuple[Maybe, ...]] = {}
        self._endless, self._constant = set[str](), set[str]()

    def names(self) -> Names:
        """Every name with its values."""
        links = self._links()
        of_links = {f"{link.name}.{part}" for link in links for part in link.parts}
        plain = [name for name in self._asked if name not in of_links]
        for name in plain:
            self._follow(name)
        followed = tuple(name for name in plain if name not in self._endless)
        most = max((n + 1 for n in self._uses.numbers.get("returned_times", ())), default=0)
        return Names(
            followed, self._choices, self._at_first, frozenset(self._endless), max(most, 0),
            frozenset(self._constant), links, {name: self._said(event) for name, event in self._read.events.items()},
        )  # fmt: skip

    def _follow(self, name: str) -> None:
        if not self._is_ever_known(name):
            self._at_first[name] = (None,)
        elif name == "returned_times":
            if name in self._uses.unbounded:
                self._endless.add(name)
            self._at_first[name] = (0,)
        elif name.startswith(RECORD):
            first = self._read.workflow.records[name.removeprefix(RECORD)].at_first
            self._choices[name] = _apart(self._read.kinds[name].words, name, self._uses, first)
            self._at_first[name] = (first,)
        elif (found := _choices(name, self._read.kinds[name], self._uses)) is None:
            self._endless.add(name)
        else:
            self._choices[name] = found
            self._at_first[name] = self._beginning(name, found)

    def _beginning(self, name: str, found: tuple[Value, ...]) -> tuple[Maybe, ...]:
        """The values a name may have at the start; also whether it keeps the one it has."""
        governs = self._governs
        if name.startswith("facts.") or (name, governs) in (("graded", MODERATION), (OVERALL, MATTER)):
            self._constant.add(name)
            return found
        if name == OPEN:
            changes = governs == MODERATION or (governs == MATTER and is_about_an_audit(self._read))
            return found if changes else (governs == ESCALATION,)
        if name == "suggested" or (name, governs) == ("graded", ESCALATION):
            return found
        return (_AT_FIRST.get(name),)

    def _is_ever_known(self, name: str) -> bool:
        if self._governs == AUDIT or name == OPEN or name.startswith(RECORD):
            return True
        if self._governs == MATTER:
            return is_about_an_audit(self._read)
        if (name, self._governs) == (ADJUSTED, MODERATION):
            return True
        return name == "graded" or (self._governs != ESCALATION and name.startswith("facts."))

    # --- records and links ----------------------------------------------------------------------------------------

    def _said(self, event: ReadEvent) -> dict[str, tuple[Value, ...]]:
        asked = {f"{RECORD}{name}" for name in event.written.asks} & self._choices.keys()
        found: dict[str, tuple[Value, ...]] = {name: self._choices[name] for name in asked}
        for record, word in event.written.sets.items():
            if (name := f"{RECORD}{record}") in self._choices:
                told = self._uses.told(name, word)
                like = (one for one in self._choices[name] if self._uses.told(name, str(one)) == told)
                found[name] = (word if word in self._choices[name] else next(like),)
        return found

    def _links(self) -> tuple[FollowedLink, ...]:
        told = {}
        for name in self._asked:
            link, _, part = name.partition(".")
            if part == "ended" and link in self._read.workflow.links:
                told[link] = _apart(self._read.workflow.links[link].ends, name, self._uses, None)
        return links_of(self._read, self._asked, told)


def is_about_an_audit(read: ReadWorkflow) -> bool:
    """Whether an escalation may stand beside it: it governs audits, or a matter about one."""
    return read.workflow.governs == AUDIT or read.workflow.about == THE_AUDIT


def conditions_of(read: ReadWorkflow) -> tuple[Condition, ...]:
    """Every condition that decides a way of a workflow, or stands in a property.

    What an event opens decides nothing unless something asks how that stands.
    """
    found: list[Condition] = []
    for event in read.events.values():
        found += [condition for condition, _ in event.conditions]
        found += [end.when for end in event.ends if end.when is not None]
    for one in read.properties:
        found += [one.condition, *([one.then] if one.then is not None else [])]
    openings = [(link, when) for event in read.events.values() for link, when in event.opens if when is not None]
    asked = {name.partition(".")[0] for name in (*demanded(read), *(name for one in found for name in one.names))}
    while more := [one for one in openings if one[0] in asked]:
        openings = [one for one in openings if one[0] not in asked]
        found += [when for _, when in more]
        asked |= {name.partition(".")[0] for _, when in more for name in when.names}
    return tuple(found)


def demanded(read: ReadWorkflow) -> frozenset[str]:
    """The names that guards and demands ask for, which are no conditions."""
    return frozenset(name for event in read.events.values() for name in demanded_by(event))


def demanded_by(event: ReadEvent) -> Iterator[str]:
    """The names that an event asks for but in conditions."""
    if NO_OPEN in (*event.guards, *(guard for end in event.ends for guard in end.guards)):
        yield OPEN
    for demand in event.demands:
        if demand.closed is not None:
            yield f"{demand.closed}.open"
        if demand.opened is not None:
            yield f"{demand.opened}.opened"


def _choices(name: str, kind: Kind, uses: "_Uses") -> tuple[Value, ...] | None:
    """Every value that some condition tells from others; None when there is no end of them."""
    if name == ANSWER:
        return ANSWERS
    if kind.word == "yes_no":
        return (False, True)
    if kind.word == "word":
        first = _AT_FIRST.get(name)
        return _apart(kind.words, name, uses, first if isinstance(first, str) else None)
    if kind.word == "words":
        told = [word for word in kind.words if name in uses.unbounded or uses.told(name, word)]
        return tuple(_subsets(told)) if len(told) <= MOST_SUBSETS else None
    if kind.word == "number" and name not in uses.unbounded:
        return tuple(sorted({near for n in uses.numbers.get(name, ()) for near in (n - 1, n, n + 1)}))
    return None


def _apart(words: tuple[str, ...], name: str, uses: "_Uses", first: str | None) -> tuple[str, ...]:
    """The words told apart: of those that every condition takes alike, one stands for all.

    Args:
        first: The word it has at first, which then stands for those like it.
    """
    if name in uses.unbounded:
        return words
    found: dict[frozenset[frozenset[str]], str] = {}
    for word in (*((first,) if first in words else ()), *words):
        if word is not None:
            found.setdefault(uses.told(name, word), word)
    none = found.pop(frozenset(), None)
    return (*found.values(), *([none] if none is not None else []))


def _subsets(words: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(words) + 1):
        yield from combinations(words, size)


_COMPARING = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in"})


class _Uses:
    """What conditions compare each name with."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self.names: set[str] = set()
        self.words: dict[str, set[frozenset[str]]] = {}
        """By name: each list of words it is compared with; a word by itself is a list of one."""
        self.numbers: dict[str, set[int]] = {}
        self.unbounded: set[str] = set()
        """Compared with another name, or reckoned with: every value might count."""
        for condition in conditions:
            self._visit(condition.tree)

    def told(self, name: str, word: str) -> frozenset[frozenset[str]]:
        """By which of the lists a name is compared with a word is told from others."""
        return frozenset(words for words in self.words.get(name, ()) if word in words)

    def _visit(self, tree: Tree) -> None:
        if isinstance(tree, Name):
            self.names.add(tree.path)
        if isinstance(tree, Listing):
            for member in tree.members:
                self._visit(member)
        if not isinstance(tree, Call):
            return
        plain = tree.function in _COMPARING
        for one, other in zip(tree.arguments, reversed(tree.arguments), strict=True):
            if isinstance(one, Name):
                self._beside(one.path, other, plain=plain or tree.function in ("_&&_", "_||_", "!_"))
            self._visit(one)

    def _beside(self, name: str, other: Tree, *, plain: bool) -> None:
        members = other.members if isinstance(other, Listing) else (other,)
        if not plain or not all(isinstance(member, Constant) for member in members):
            self.unbounded.add(name)
        words = {member.value for member in members if isinstance(member, Constant) and isinstance(member.value, str)}
        if words:
            self.words.setdefault(name, set()).add(frozenset(words))
        for member in members:
            if isinstance(member, Constant) and isinstance(member.value, int):
                self.numbers.setdefault(name, set()).add(member.value)
