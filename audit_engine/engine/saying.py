"""What whoever does an event says of its records: judged all at once, before anything is moved. Pure.

Whether another audit that is named exists, and is of the same case, is asked by the action: it needs the database.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_parts import AN_AUDIT, DAY, TEXT, WORDS, Record
from audit_engine.problems import Reason
from audit_engine.safe_text import MAX_TEXT, cleaned, quoted

RULE = "asks"
"""Of every reason why something that was said, or was not, does not do."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def judged_said(workflow: ReadWorkflow, event: str, said: Mapping[str, str]) -> tuple[dict[str, str], list[Reason]]:
    """What an event records, and every reason why what was said does not do.

    Args:
        said: What the person said, by record. Each record the event asks for must be there, and no other.

    Returns:
        What changes among the records, what the event sets by itself included: texts cleaned, days ISO; and reasons.
        A record of which a reason speaks is not among the changes. Audits that were named are only known to be
        named: see `audits_named`.
    """
    written, records = workflow.event(event).written, workflow.workflow.records
    changes, reasons = dict[str, str](), list[Reason]()
    for name in written.asks:
        kept = cleaned(said.get(name, ""))[0].strip()
        against = _against(written.title, name, records[name], kept)
        if against is None:
            changes[name] = kept
        else:
            reasons.append(Reason(RULE, against))
    reasons += [
        Reason(RULE, _not_asked(written.title, name, written.asks)) for name in said if name not in written.asks
    ]
    return changes | dict(written.sets), reasons


def as_recorded(workflow: ReadWorkflow, recorded: Mapping[str, str] | None) -> dict[str, str]:
    """What is recorded of something, what its records are at first included."""
    at_first = {name: one.at_first for name, one in workflow.workflow.records.items() if one.at_first is not None}
    return at_first | dict(recorded or {})


def audits_named(workflow: ReadWorkflow, changes: Mapping[str, str]) -> dict[str, str]:
    """Of what an event records, the references of other audits by record. Each must exist and be of the same case."""
    records = workflow.workflow.records
    return {name: reference for name, reference in changes.items() if AN_AUDIT in records[name].kinds}


def no_such_audit(workflow: ReadWorkflow, name: str, reference: str) -> Reason:
    """Why an audit that was named does not do: there is none, or it is not of the same case."""
    title = workflow.workflow.records[name].title
    return Reason(RULE, f"{title}: there is no audit {quoted(reference)} of this case. Check the reference.")


def how_to_say(record: Record) -> str:
    """What a record takes, to go on after its title: `given, refused or not_asked`."""
    kind = record.kinds[0]
    if kind == WORDS:
        *first, last = record.one_of or ()
        return f"{', '.join(first)} or {last}"
    return {
        TEXT: "a sentence or more",
        DAY: "a day, like 2024-03-18",
        AN_AUDIT: "the reference of another audit of this case",
    }[kind]


def _against(title: str, name: str, record: Record, kept: str) -> str | None:
    if not kept:
        return f"'{title}' asks for {name}: {record.title}. Say it: {how_to_say(record)}."
    kind = record.kinds[0]
    if kind == WORDS and kept not in (record.one_of or ()):
        return f"{record.title}: {quoted(kept)} is none of its words. Say {how_to_say(record)}."
    if kind == DAY and not is_day(kept):
        return f"{record.title}: {quoted(kept)} is no day there is. Say {how_to_say(record)}."
    if len(kept) > MAX_TEXT:
        return f"{record.title}: this text is {len(kept):,} characters long, and {MAX_TEXT:,} is the most. Shorten it."
    return None


def is_day(text: str) -> bool:
    """Whether a text is a day that there is, written as year, month and day."""
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _not_asked(title: str, name: str, asks: Iterable[str]) -> str:
    asked = ", ".join(asks)
    return f"'{title}' does not ask for {quoted(name)}. {f'It asks for: {asked}.' if asked else 'It asks for nothing.'}"
