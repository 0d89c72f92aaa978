"""What hangs on something, as a proof sees it: whether one was opened, is open, and how the last one ended.

Nothing else of it is followed. A step is one that is opened by hand, where that may be, or one that comes to an end,
in any of its ends, at any time: that this is so in its own workflow is checked there, by `proofs_partners`. How many
are open is told apart as none, one, and several; of several that end, one or several remain.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import NOT_ENDED

OPEN_PART, OPENED_PART, ENDED_PART = "open", "opened", "ended"
PARTS = (OPEN_PART, OPENED_PART, ENDED_PART)
"""In the order of a LinkState."""
SEVERAL = 2


class LinkState(NamedTuple):
    """How everything stands that hangs on something by one link."""

    open: int
    """None, one, or SEVERAL."""
    opened: bool
    """There is or was one; False also where nothing asks."""
    ended: str
    """How the one that ended last ended; NOT_ENDED also where nothing asks."""


NEVER_OPENED = LinkState(0, False, NOT_ENDED)


@dataclass(frozen=True)
class FollowedLink:
    """One link that something asks for."""

    name: str
    title: str
    parts: frozenset[str]
    """What is asked of it: OPEN_PART, OPENED_PART, ENDED_PART."""
    ends: tuple[str, ...]
    """The ends told apart: those that something asks for, and one that stands for the others."""
    by_hand: frozenset[str]
    """The stages at which one may be opened by hand."""

    @property
    def waits(self) -> bool:
        """Whether anything asks for what only changes as one of them ends."""
        return self.parts != {OPENED_PART}

    def value(self, state: LinkState, part: str) -> bool | str:
        """What a condition reads."""
        if part == OPEN_PART:
            return state.open > 0
        return state.opened if part == OPENED_PART else state.ended

    def with_one_more(self, state: LinkState) -> LinkState:
        """One is opened."""
        most = SEVERAL if ENDED_PART in self.parts else 1
        count = min(state.open + 1, most) if self.waits else 0
        return LinkState(count, OPENED_PART in self.parts, state.ended)

    def with_one_less(self, state: LinkState) -> Iterator[LinkState]:
        """One comes to an end, in each way it may."""
        if state.open:
            left = (1, SEVERAL) if state.open == SEVERAL else (0,)
            for ended in self.ends if ENDED_PART in self.parts else (NOT_ENDED,):
                yield from (LinkState(count, state.opened, ended) for count in left)

    def steps(self, state: LinkState, stage: str, *, ending: bool = True) -> Iterator[LinkState]:
        """Where one step of it leads.

        Args:
            ending: Whether those that are open may come to an end.
        """
        if stage in self.by_hand:
            yield self.with_one_more(state)
        if ending:
            yield from self.with_one_less(state)


def links_of(read: ReadWorkflow, asked: Iterable[str], told: Mapping[str, tuple[str, ...]]) -> tuple[FollowedLink, ...]:
    """The links that a proof follows, in the file's order.

    Args:
        asked: Names as conditions have them: action.open.
        told: By the name of a link: the ends to be told apart.
    """
    parts: dict[str, set[str]] = {}
    for name in asked:
        link, _, part = name.partition(".")
        if link in read.workflow.links:
            parts.setdefault(link, set()).add(part)
    return tuple(
        FollowedLink(
            name, link.title or name.replace("_", " ").capitalize(), frozenset(parts[name]),
            told.get(name, ()), frozenset(read.workflow.stages_by_hand(link)),
        )
        for name, link in read.workflow.links.items()
        if name in parts
    )  # fmt: skip
