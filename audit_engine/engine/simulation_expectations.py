"""What a script expects of a simulation, and running one: stops where something is not as expected."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit_engine.engine.move_facts import Linked
from audit_engine.engine.simulating import Simulation
from audit_engine.engine.simulation_choices import choices
from audit_engine.problems import Refused
from audit_engine.safe_text import quoted

if TYPE_CHECKING:
    from audit_engine.engine.simulation_script import Step

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Past:
    """What an expectation looks at."""

    simulation: Simulation
    refused: tuple[str, ...]
    """Why the step before was refused; empty when it was not."""
    lines: tuple[str, ...]
    """What the step before did."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Something that must be so."""

    what: str
    """`stage`, `refused`, `due` ..."""
    says: str
    """What was expected, in words."""
    was: Callable[[Past], str | None]
    """What was instead; None when it is as expected."""


@dataclass(frozen=True, slots=True)
class Done:
    """One step that was taken."""

    step: "Step"
    after: Simulation
    refused: tuple[str, ...] = ()
    failure: str | None = None
    """What was expected, and what was; None where nothing is wrong."""


def expectation(what: str, wanted: tuple[str, ...]) -> Expectation:
    """One of the things that may be expected.

    Args:
        wanted: Names and days that the workflow knows.
    """
    first = wanted[0] if wanted else ""
    makers: dict[str, tuple[str, Callable[[Past], str | None]]] = {
        "stage": (f"stage {first}", lambda past: _unless(first, past.simulation.stage)),
        "due": (f"due {first}", lambda past: _unless(first, _due(past.simulation))),
        "locked": ("locked grades", lambda past: None if past.simulation.locked else "they are not locked"),
        "unlocked": ("no locked grades", lambda past: "they are locked" if past.simulation.locked else None),
        "record": (f"record {' '.join(wanted)}", lambda past: _recorded(past.simulation, wanted)),
        "open": (f"an open {first}", lambda past: None if _linked(past, first).open else "none is open"),
        "closed": (f"no open {first}", lambda past: "one is open" if _linked(past, first).open else None),
        "possible": (f"{first} to be possible", lambda past: _possible(past.simulation, first)),
        "impossible": (f"{first} to be impossible", lambda past: _impossible(past.simulation, first)),
        "refused": (f"a refusal{f' with {quoted(first, 80)}' if wanted else ''}", lambda past: _refused(past, first)),
        "told": (f"to be told {quoted(first, 80)}", lambda past: _told(past, first)),
    }  # fmt: skip
    says, was = makers[what]
    return Expectation(what, says, was)


def run(simulation: Simulation, steps: Sequence["Step"]) -> Iterator[Done]:
    """Take every step, until one is not as expected."""
    past = Past(simulation, (), ())
    for n, step in enumerate(steps):
        if step.expects is not None:
            was = step.expects.was(past)
            failure = f"expected {step.expects.says}; {was}" if was is not None else None
            yield Done(step, past.simulation, past.refused if step.expects.what == "refused" else (), failure)
            if failure is not None:
                return
            continue
        if step.act is None:
            continue
        past = _taken(past.simulation, step)
        following = steps[n + 1].expects if n + 1 < len(steps) else None
        asked = following is not None and following.what == "refused"
        failure = None
        if past.refused and not asked:
            failure = f"expected this to be possible; it was refused: {' '.join(past.refused)}"
        yield Done(step, past.simulation, past.refused, failure)
        if failure is not None:
            return


def _taken(simulation: Simulation, step: "Step") -> Past:
    try:
        after = step.act(simulation) if step.act is not None else simulation
    except Refused as refused:
        return Past(simulation, tuple(reason.text for reason in refused.reasons), ())
    return Past(after, (), after.lines)


def _unless(wanted: str, found: str) -> str | None:
    return None if wanted == found else f"it is {found}"


def _due(simulation: Simulation) -> str:
    return simulation.clock.due.isoformat() if simulation.clock.due is not None else "none"


def _recorded(simulation: Simulation, wanted: tuple[str, ...]) -> str | None:
    return _unless(wanted[1], simulation.recorded.get(wanted[0], NOT_KNOWN))


def _linked(past: Past, link: str) -> Linked:
    return past.simulation.links.get(link, Linked())


def _possible(simulation: Simulation, event: str) -> str | None:
    found = next((choice for choice in choices(simulation) if choice.event == event), None)
    if found is None:
        return "it does not leave this stage"
    return f"it would be refused: {' '.join(found.reasons)}" if found.reasons else None


def _impossible(simulation: Simulation, event: str) -> str | None:
    return None if _possible(simulation, event) else "it is possible"


def _refused(past: Past, words: str) -> str | None:
    if not past.refused:
        return "it was not refused"
    said = " ".join(past.refused)
    return None if words.lower() in said.lower() else f"it was refused with: {said}"


def _told(past: Past, words: str) -> str | None:
    said = " ".join(past.lines)
    return None if words.lower() in said.lower() else f"what was told is: {said or 'nothing'}"
