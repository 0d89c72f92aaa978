"""Other workflows, seen by what they show: whether that may be so is checked against the workflow itself.

Each is explored with its own partners reduced in the same way. Where that leads back to a workflow that is being looked
at already, it is taken for granted that it comes to an end; which is no circle so long as one of those in it can come
to each of its ends without waiting for anything that hangs on it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from audit_engine.definitions.proofs_checks import Break, CanEnd
from audit_engine.definitions.proofs_links import ENDED_PART, OPEN_PART, FollowedLink
from audit_engine.definitions.proofs_moderation import is_moderated, moderation_problem
from audit_engine.definitions.proofs_names import OPEN, Names, is_about_an_audit, names_of
from audit_engine.definitions.proofs_ways import Explorer
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, ESCALATION, MODERATION

PROVED, BROKEN, NOT_PROVED = "proved", "broken", "not proved"


@dataclass(frozen=True, slots=True)
class Composed:
    """One other workflow that was taken in."""

    seen: str
    """Which, and as what."""
    why: str
    """Why it may not be seen so; nothing when it may."""
    noted: str = ""
    """What was taken for granted."""
    reaches_all: bool = True
    """Whether also what is reached rests on how it ends."""
    leaves_out: bool = False
    """It may do what it is not seen to do: then not even what never happens is proved."""
    is_named: bool = True
    """Whether what is said of it must name it."""

    @property
    def told(self) -> str:
        """One line of the page."""
        return f"{self.seen}: {self.why or 'checked against that workflow'}{self.noted}"


@dataclass(frozen=True, slots=True)
class Ending:
    """How the things of one workflow come to an end."""

    state: str
    """Whether each can, from everywhere."""
    ends: frozenset[str]
    """The final stages that are reached."""
    noted: str = ""
    why: str = ""
    """Why it is not proved, where that rests on yet another workflow."""


@dataclass
class Partners:
    """The workflows around one that is proved."""

    known: Mapping[str, ReadWorkflow]
    most: int
    go_on: Callable[[int], bool]
    _stack: list[ReadWorkflow] = field(default_factory=list)
    _endings: dict[str, Ending] = field(default_factory=dict)
    _alone: dict[str, frozenset[str]] = field(default_factory=dict)

    def around(self, read: ReadWorkflow, names: Names) -> tuple[Composed, ...]:
        """Everything that a workflow sees of others, checked."""
        self._stack.append(read)
        try:
            return tuple(self._around(read, names))
        finally:
            self._stack.pop()

    def _around(self, read: ReadWorkflow, names: Names) -> Iterator[Composed]:
        if OPEN in names.followed and read.workflow.governs != ESCALATION and _may_have_escalations(read):
            escalation = self.known.get(ESCALATION)
            known = escalation.workflow.workflow if escalation is not None else "none"
            yield Composed(
                f"{known}, seen as open or not open",
                self._of_escalations(escalation),
                reaches_all=False,
                is_named=False,
            )
        if is_moderated(read):
            seen = "moderation, begun by 'take' and ended by 'finalise', by 'return' and with its audit"
            yield Composed(
                seen, moderation_problem(self.known.get(MODERATION), self.most), reaches_all=False, is_named=False
            )
        for link in names.links:
            yield self._of_link(read, link)

    # --- escalations ----------------------------------------------------------------------------------------------

    def _of_escalations(self, escalation: ReadWorkflow | None) -> str:
        if escalation is None or escalation.workflow.governs != ESCALATION:
            return "there is no workflow of escalations to check it against"
        if escalation.first.final:
            return "an escalation is closed as soon as it is raised"
        return {
            PROVED: "", BROKEN: "not every escalation can be closed",
            NOT_PROVED: "it is not proved that every escalation can be closed",
        }[self._ending(escalation).state]  # fmt: skip

    # --- links ----------------------------------------------------------------------------------------------------

    def _of_link(self, read: ReadWorkflow, link: FollowedLink) -> Composed:
        name = read.workflow.links[link.name].workflow
        seen = f"{name} as '{link.title}', seen as {_and(_SEEN[part] for part in _SEEN if part in link.parts)}"
        if not link.waits:
            return Composed(f"{seen}; nothing here waits for its end", "", reaches_all=False)
        partner = self.known.get(name)
        if partner is None:
            return Composed(seen, f"there is no workflow '{name}' to check it against", leaves_out=True)
        shape = _of_shape(read, link, partner)
        if shape:
            return Composed(seen, shape, leaves_out=True)
        if partner.digest in {one.digest for one in self._stack}:
            return self._in_a_circle(seen, partner)
        ending = self._ending(partner)
        return Composed(seen, _of_ending(partner, ending), ending.noted)

    def _in_a_circle(self, seen: str, partner: ReadWorkflow) -> Composed:
        digests = [one.digest for one in self._stack]
        circle = self._stack[digests.index(partner.digest) :]
        free = next((one for one in circle if self._ends_alone(one) == _finals(one)), None)
        if free is None:
            names = _and(f"'{one.workflow.workflow}'" for one in circle)
            return Composed(seen, f"{names} may wait for each other without end")
        noted = (
            f"; taken for granted, as it is being proved itself; and no circle, as '{free.workflow.workflow}' comes to "
            "each of its ends without waiting for what hangs on it"
        )
        return Composed(seen, "", noted)

    # --- how they come to an end ----------------------------------------------------------------------------------

    def _ending(self, read: ReadWorkflow) -> Ending:
        if read.digest not in self._endings:
            self._endings[read.digest] = self._explored(read)
        return self._endings[read.digest]

    def _explored(self, read: ReadWorkflow) -> Ending:
        plain = replace(read, properties=())
        names = names_of(plain)
        around = self.around(read, names)
        noted = "".join(dict.fromkeys(one.noted for one in around if one.noted))
        broken, whole, ends = self._looked(Explorer(plain, names))
        if names.endless or not whole or any(one.why for one in around):
            why = next((one.why for one in around if one.why), "")
            return Ending(NOT_PROVED, ends, noted, why)
        return Ending(BROKEN if broken else PROVED, ends, noted)

    def _ends_alone(self, read: ReadWorkflow) -> frozenset[str]:
        """The final stages that are reached without waiting for anything that hangs on it."""
        if read.digest not in self._alone:
            plain = replace(read, properties=())
            names = names_of(plain)
            self._alone[read.digest] = self._looked(Explorer(plain, names, ending=False))[2]
        return self._alone[read.digest]

    def _looked(self, explorer: Explorer) -> tuple[bool, bool, frozenset[str]]:
        """Whether from somewhere no end is reached, whether all was looked at, and the ends that are reached."""
        question, broken, found = CanEnd(), list[Break](), 0
        ends = set[str]()
        finals = _finals(explorer.read)
        for start in explorer.starts():
            ways = explorer.ways(start, self.most - found, self.go_on)
            found += len(ways.situations)
            ends |= {one.stage for one in ways.situations} & finals
            if not ways.whole:
                return bool(broken), False, frozenset(ends)
            if (one := question.look(explorer, ways)) is not None:
                broken.append(one)
        return bool(broken), True, frozenset(ends)


_SEEN = {"opened": "opened or not", OPEN_PART: "open or not", ENDED_PART: "how it ended"}


def not_taken_in(read: ReadWorkflow, names: Names) -> tuple[str, ...]:
    """What stands beside a workflow and was not taken in, each with why."""
    followed = {link.name for link in names.links}
    found = [
        f"{link.workflow} as '{link.title or name.replace('_', ' ').capitalize()}': nothing here asks how it stands"
        for name, link in read.workflow.links.items()
        if name not in followed
    ]
    if read.workflow.governs == MODERATION:
        found.append("its audit, which the program moves with it: that is asked of the audit's workflow")
    elif read.workflow.governs != AUDIT and (read.workflow.governs == ESCALATION or is_about_an_audit(read)):
        found.append("its audit: what is known of it here stays as it was when this began")
    return tuple(found)


def _may_have_escalations(read: ReadWorkflow) -> bool:
    return read.workflow.governs == MODERATION or is_about_an_audit(read)


def _of_shape(read: ReadWorkflow, link: FollowedLink, partner: ReadWorkflow) -> str:
    """Why a workflow does not even look as it is seen; nothing when it does."""
    written, finals = read.workflow.links[link.name], _finals(partner)
    if partner.first.final:
        return "it has ended as soon as it is opened"
    if any(partner.events_from(stage) for stage in finals):
        return "it goes on from where it ended"
    if written.ends and set(written.ends) != finals:
        other = min(finals - set(written.ends) or set(written.ends) - finals)
        known = "may also end as" if other in finals else "never ends as"
        return f"it {known} '{other}'"
    return ""


def _of_ending(partner: ReadWorkflow, ending: Ending) -> str:
    missing = sorted(_finals(partner) - ending.ends)
    if ending.state == BROKEN:
        return "not everything under that workflow can come to an end"
    if ending.state == NOT_PROVED:
        why = f": {ending.why}" if ending.why else ""
        return f"it is not proved that everything under that workflow can come to an end{why}"
    return f"it never comes to its end '{missing[0]}'" if missing else ""


def _finals(read: ReadWorkflow) -> frozenset[str]:
    return frozenset(stage.id for stage in read.workflow.stages if stage.final)


def _and(names: Iterator[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
