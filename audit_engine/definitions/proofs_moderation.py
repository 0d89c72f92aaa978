"""An audit and its moderation, which the program moves together: what each has to keep so that neither is left behind.

To take an audit on opens a moderation; to make the grades final, or to send them back, ends it by an event of its own
in the same transaction; and when the audit comes to an end, its moderation is withdrawn. The audit's side is asked of
the audit's workflow as one more question, the moderation's side of the moderation's.
"""

from audit_engine.definitions.proofs_checks import EVERYWHERE, Break, Question
from audit_engine.definitions.proofs_names import names_of
from audit_engine.definitions.proofs_search import shortest
from audit_engine.definitions.proofs_ways import Explorer, Way, Ways
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import AUDIT, MODERATION

TAKE = "take"
ENDED_BY = {"finalise": "decide", "return": "return"}
"""Events of the audit, each with the event by which its moderation ends in the same transaction."""
WITHDRAW = "withdraw"
COMPARED = "compared"
"""The stage of a moderation at which the program lets it end, see `actions.moderating`."""


class OneModeration(Question):
    """Audit and moderation agree: grades are settled by a moderation that is under way, and there is never a second."""

    says = "Grades are made final or sent back only by a moderation that is under way, and there is one at a time."
    scope = EVERYWHERE

    def look(self, explorer: Explorer, ways: Ways) -> Break | None:
        read = explorer.read

        def goes_on(_: int, under_way: bool, way: Way) -> bool:
            if way.event == TAKE:
                return True
            return under_way and way.event not in ENDED_BY and not read.stage(ways.situations[way.to].stage).final

        said: list[str] = []

        def is_wrong(number: int, under_way: bool) -> bool:
            leading = ways.leading[number] if number < len(ways.leading) else []
            said.extend(text for way in leading if (text := _against(read, way, under_way=under_way)))
            return bool(said)

        path = shortest(ways, goes_on, is_wrong)
        return None if path is None else Break(path, said[0])


def _against(read: ReadWorkflow, way: Way, *, under_way: bool) -> str:
    title = read.event(way.event).written.title if way.event else ""
    if way.event in ENDED_BY and not under_way:
        return f"No moderation is under way here, and '{title}' can be done."
    if way.event == TAKE and under_way:
        return f"A moderation is still under way here, and '{title}' begins another."
    return ""


def is_moderated(read: ReadWorkflow) -> bool:
    """Whether a workflow governs audits that may be moderated."""
    return read.workflow.governs == AUDIT and TAKE in read.events


def moderation_problem(moderation: ReadWorkflow | None, most: int) -> str:
    """Why a moderation may not be seen as under way from `take` until it is ended; nothing when it may."""
    if moderation is None or moderation.workflow.governs != MODERATION:
        return "there is no workflow of moderations to check it against"
    if moderation.first.final:
        return "a moderation has ended as soon as it is begun"
    explorer, found = Explorer(moderation, names_of(moderation)), 0
    for start in explorer.starts():
        ways = explorer.ways(start, most - found, lambda _: True)
        found += len(ways.situations)
        if not ways.whole:
            return "not every situation of a moderation was looked at"
        if problem := _of_ways(moderation, ways):
            return problem
    return ""


def _of_ways(read: ReadWorkflow, ways: Ways) -> str:
    settles = set[str]()
    for number, leading in enumerate(ways.leading):
        stage = read.stage(ways.situations[number].stage)
        if stage.final:
            continue
        for way in leading:
            is_end = read.stage(ways.situations[way.to].stage).final
            if problem := _of_way(read, stage.id, way, is_end=is_end):
                return problem
            settles |= {way.event} & set(ENDED_BY.values())
        if not any(way.event == WITHDRAW for way in leading):
            return f"a moderation at '{stage.title}' cannot be withdrawn, and its audit could not end"
    missing = set(ENDED_BY.values()) - settles
    return f"no moderation can ever {min(missing)}" if missing else ""


def _of_way(read: ReadWorkflow, stage: str, way: Way, *, is_end: bool) -> str:
    title = read.event(way.event).written.title
    ends_it = way.event in (*ENDED_BY.values(), WITHDRAW)
    if ends_it != is_end:
        return (
            f"'{title}' ends no moderation" if ends_it else f"'{title}' ends a moderation and leaves its audit behind"
        )
    if ends_it and way.event != WITHDRAW and stage != COMPARED:
        return f"'{title}' can be done before grades are compared"
    return ""
