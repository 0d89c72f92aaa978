"""Which names a proof follows, which values each may have, and how it moves. The table of docs/adr/0014-proofs.md.

| name | in an audit | in a moderation | in an escalation |
|---|---|---|---|
| `facts.*` | chosen at the start, then the same | likewise | never known |
| `graded` | yes; may become no while grades may be written | chosen at the start | may change at any time |
| `overall`, `feedback` | `none`, `unknown`; may change likewise, and at `submit` | never known | never known |
| `collaborative` | not known; may change likewise | never known | never known |
| `suggested` | any; may change likewise, and on entering a stage that makes grades final | never known | never known |
| `selected_for_moderation` | not known; chosen at the first `submit` | never known | never known |
| `answer` | `none`; chosen by the event `answer` | never known | never known |
| `returned_times` | 0; one more after each event `return` | never known | never known |
| `escalation.open` | no; then whatever, at any time | whatever | yes |

A name that is left out of a real situation only because it is not known adds no way: whatever a condition decides
without it, it decides with it. So facts are taken as known, and what is proved of them so is proved.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from audit_engine.definitions.conditions import Call, Condition, Constant, Kind, Listing, Name, Tree, Value
from audit_engine.definitions.workflow_names import ANSWERS, AUDIT, ESCALATION, MODERATION

OPEN = "escalation.open"
SUBMIT, ANSWER, RETURN = "submit", "answer", "return"
"""The events of an audit by which actions set values: see `workflow_names.RELIED_UPON`."""
WRITTEN = ("overall", "suggested", "feedback", "collaborative")
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


def names_of(governs: str, conditions: Iterable[Condition], kinds: Mapping[str, Kind], *, guarded: bool) -> Names:
    """What a proof must follow of everything that `conditions` speak of.

    Args:
        guarded: A guard asks whether an escalation is open.
    """
    uses = _Uses(conditions)
    asked = sorted({*uses.names, *([OPEN] if guarded else ())} - {"stage"})
    choices: dict[str, tuple[Value, ...]] = {}
    at_first: dict[str, tuple[Maybe, ...]] = {}
    endless, constant = set(), set()
    most = 0
    for name in asked:
        if not _is_ever_known(governs, name):
            at_first[name] = (None,)
            continue
        if name == "returned_times":
            if name in uses.unbounded:
                endless.add(name)
            most = max((n + 1 for n in uses.numbers.get(name, ())), default=0)
            at_first[name] = (0,)
            continue
        found = _choices(name, kinds[name], uses)
        if found is None:
            endless.add(name)
            continue
        choices[name] = found
        if name.startswith("facts.") or (name == "graded" and governs == MODERATION):
            constant.add(name)
            at_first[name] = found
        elif name == OPEN:
            at_first[name] = found if governs == MODERATION else (governs == ESCALATION,)
        elif name == "suggested" or (name == "graded" and governs == ESCALATION):
            at_first[name] = found
        else:
            at_first[name] = (_AT_FIRST.get(name),)
    followed = tuple(name for name in asked if name not in endless)
    return Names(followed, choices, at_first, frozenset(endless), max(most, 0), frozenset(constant))


def _is_ever_known(governs: str, name: str) -> bool:
    if governs == AUDIT or name in ("graded", OPEN):
        return True
    return governs != ESCALATION and name.startswith("facts.")


def _choices(name: str, kind: Kind, uses: "_Uses") -> tuple[Value, ...] | None:
    """Every value that some condition tells from others; None when there is no end of them."""
    if name == ANSWER:
        return ANSWERS
    if kind.word == "yes_no":
        return (False, True)
    if kind.word == "word":
        told = [word for word in kind.words if name in uses.unbounded or word in uses.words.get(name, ())]
        others = [word for word in kind.words if word not in told]
        # One word stands for all that no condition tells apart: the one it has at first, where it is among them.
        return (*told, *([first] if (first := _AT_FIRST.get(name)) in others else others[:1]))
    if kind.word == "words":
        told = [word for word in kind.words if name in uses.unbounded or word in uses.words.get(name, ())]
        return tuple(_subsets(told)) if len(told) <= MOST_SUBSETS else None
    if kind.word == "number" and name not in uses.unbounded:
        return tuple(sorted({near for n in uses.numbers.get(name, ()) for near in (n - 1, n, n + 1)}))
    return None


def _subsets(words: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(words) + 1):
        yield from combinations(words, size)


_COMPARING = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in"})


class _Uses:
    """What conditions compare each name with."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self.names: set[str] = set()
        self.words: dict[str, set[str]] = {}
        self.numbers: dict[str, set[int]] = {}
        self.unbounded: set[str] = set()
        """Compared with another name, or reckoned with: every value might count."""
        for condition in conditions:
            self._visit(condition.tree)

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
        for member in members:
            if isinstance(member, Constant) and isinstance(member.value, str):
                self.words.setdefault(name, set()).add(member.value)
            elif isinstance(member, Constant) and isinstance(member.value, int):
                self.numbers.setdefault(name, set()).add(member.value)
