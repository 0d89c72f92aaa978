"""Random small workflows, each with a few names that decide: facts, what is written, records, and what hangs on it."""

from functools import cache

from hypothesis import strategies as st

from audit_engine.definitions.catalogue import Catalogue, load
from audit_engine.definitions.reading import judged
from audit_engine.definitions.sources import source_from
from audit_engine.definitions.workflow import ReadWorkflow, Workflow
from audit_engine.definitions.workflow_reading import read_workflow

ATOMS = {
    "facts.da_disclosed": ["facts.da_disclosed"],
    "escalation.open": ["escalation.open"],
    "feedback": ["feedback == 'given'", "feedback != 'none'"],
    "returned_times": ["returned_times < 1", "returned_times >= 2", "returned_times == 1"],
    "selected_for_moderation": ["selected_for_moderation"],
    "graded": ["graded"],
    "collaborative": ["collaborative"],
    "answer": ["answer == 'accepted'", "answer != 'challenged'"],
}
KEPT = {
    "record.verdict": ["record.verdict == 'agreed'", "record.verdict in ['open', 'refused']"],
    "record.seen": ["record.seen == 'yes_seen'"],
    "action": ["action.open", "action.opened"],
    "follow_up": ["follow_up.open", "follow_up.ended == 'improved'", "follow_up.ended != 'none'", "follow_up.opened"],
}
DEMANDS = ["closed: action", "closed: follow_up", "opened: follow_up", "opened: action"]
HEAD = """\
workflow: small
version: 1.0.0
title: Small
governs: audit
facts: case_facts
people:
  practitioner: {from: case}
  manager: {from: case}
  auditor: {role: auditor, independent_of: [practitioner, manager]}
  moderator: {role: head_of_practice, independent_of: [practitioner, manager, auditor]}
records:
  verdict: {title: What was found, one_of: [agreed, refused, open], at_first: open}
  seen: {title: Whether it was seen, one_of: [yes_seen, not_seen]}
links:
  action: {workflow: small_action, by: [auditor], from: [decided, aside]}
  follow_up: {workflow: small_follow_up, ends: [improved, reviewed, dropped], by: [quality_lead], from: [relieved]}
stages:
  - {id: allocated, title: Allocated, waits_for: auditor}
  - {id: grading, title: Being graded, waits_for: auditor, grades: yes}
  - {id: moderation, title: Being moderated, waits_for: moderator}
  - {id: decided, title: Decided, waits_for: quality_lead, finalises: yes}
  - {id: aside, title: Put aside, waits_for: quality_lead}
  - {id: relieved, title: Relieved, waits_for: quality_lead}
  - {id: closed, title: Closed, final: yes}
events:
"""
WAYS = [
    ("begin", "allocated", "auditor", ["grading"]), ("submit", "grading", "auditor", ["moderation", "decided"]),
    ("reallocate", "grading", "quality_lead", ["relieved", "grading"]),
    ("finalise", "moderation", "moderator", ["decided"]), ("return", "moderation", "moderator", ["grading"]),
    ("answer", "decided, aside", "practitioner, quality_lead", ["closed", "aside"]),
    ("put_aside", "decided", "quality_lead", ["aside"]),
    ("look", "decided, aside, relieved", "quality_lead", ["same_stage"]),
    ("close", "decided, aside", "quality_lead", ["closed", "aside"]),
    ("take_back", "aside, relieved", "quality_lead", ["closed"]),
]  # fmt: skip
SAID = {
    "look": "    asks: [verdict]\n", "put_aside": "    sets: {verdict: refused}\n",
    "reallocate": "    sets: {verdict: open, seen: not_seen}\n", "answer": "    asks: [seen]\n",
}  # fmt: skip
OPENING = ("submit", "finalise", "look", "answer")
PARTNER = """\
workflow: {name}
version: 1.0.0
title: What hangs on it
governs: matter
references: SML
about: audit
stages:
  - {{id: open, title: Open, waits_for: quality_lead}}
{stages}events:
{events}"""


@cache
def shipped() -> Catalogue:
    return load()


@cache
def around() -> dict[str, ReadWorkflow]:
    """Every workflow a small one sees."""
    partners = {name: _partner(name, ends) for name, ends in _ENDS.items()}
    return {**shipped().workflows, **partners}


_ENDS = {"small_action": ("done",), "small_follow_up": ("improved", "reviewed", "dropped")}


def _partner(name: str, ends: tuple[str, ...]) -> ReadWorkflow:
    stages = "".join(f"  - {{id: {end}, title: It is {end}, final: yes}}\n" for end in ends)
    events = "".join(
        f"  - {{id: make_{end}, title: Make it {end}, from: [open], by: [quality_lead], ends: [{{to: {end}}}]}}\n"
        for end in ends
    )
    return _read(PARTNER.format(name=name, stages=stages, events=events))


def _read(text: str) -> ReadWorkflow:
    source = source_from(text.encode(), "small.yaml")
    written = judged(source, Workflow)
    assert isinstance(written, Workflow), written
    read = read_workflow(source, written, {}, shipped().codebooks, {("codebook", "case_facts"): ""})
    assert isinstance(read, ReadWorkflow), read
    return read


def said(atoms: list[str], *, stages: bool = False) -> st.SearchStrategy[str]:
    more = ["stage == 'aside'", "stage == 'closed'", "stage in ['grading', 'decided']"] if stages else []
    return st.recursive(
        st.sampled_from(atoms + more),
        lambda part: (
            st.builds("({} && {})".format, part, part)
            | st.builds("({} || {})".format, part, part)
            | st.builds("!({})".format, part)
        ),
        max_leaves=3,
    )


@st.composite
def workflows(draw: st.DrawFn, *, kept: bool) -> ReadWorkflow:
    """A workflow of seven stages.

    Args:
        kept: Whether records and links decide too.
    """
    known = {**ATOMS, **KEPT} if kept else ATOMS
    names = draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=2 if kept else 3, unique=True))
    if kept:
        names = sorted({*names, draw(st.sampled_from(sorted(KEPT)))})
    atoms = [atom for name in names for atom in known[name]]
    lines = [HEAD]
    for name, left, by, ends in WAYS:
        lines.append(f"  - id: {name}\n    title: Do {name}\n    from: [{left}]\n    by: [{by}]\n")
        asked = [f'{{when: "{draw(said(atoms))}", otherwise: No.}}'] if draw(st.booleans()) else []
        if kept and draw(st.integers(0, 4)) == 0:
            asked.append(f"{{{draw(st.sampled_from(DEMANDS))}}}")
        lines += ["    only_if:\n" if asked else "", *(f"      - {one}\n" for one in asked), SAID.get(name, "")]
        if kept and name in OPENING:
            when = f', when: "{draw(said(atoms, stages=True))}"' if draw(st.booleans()) else ""
            lines.append(f"    opens:\n      - {{link: follow_up{when}}}\n")
        lines.append("    locks: grades\n    ends:\n" if name == "submit" else "    ends:\n")
        *first, last = ends
        lines += [f'      - {{to: {end}, when: "{draw(said(atoms))}"}}\n' for end in first]
        lines.append(f"      - {{to: {last}}}\n")
    lines.append("properties:\n")
    for kinds in (("never",), ("always",), ("eventually",), ("never", "until"), ("once", "then_never")):
        conditions = "".join(f'    {kind}: "{draw(said(atoms, stages=True))}"\n' for kind in kinds)
        lines.append(f"  - says: One that is {' '.join(kinds)}.\n{conditions}")
    return _read("".join(lines))
