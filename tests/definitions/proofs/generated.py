"""A workflow as large as is asked for, every stage of which asks for a fact."""

from pathlib import Path

_PEOPLE = """\
people:
  practitioner: {from: case}
  manager: {from: case}
  auditor: {role: auditor, independent_of: [practitioner, manager]}
"""


_KEPT = """\
records:
  verdict: {title: What was found, one_of: [agreed, refused, not_said], at_first: not_said}
links:
  action: {workflow: action, places: {owner: manager}, by: [quality_lead], from: [step_0]}
  follow_up: {workflow: inadequate_follow_up, ends: [improved, reviewed, dropped]}
"""


SETTLED = 2
"""From this step on nothing asks any more for what was recorded and what was opened."""


def generated(site: Path, *, stages: int, facts: int, kept: bool = False) -> Path:
    """Write a workflow and its codebook into a folder.

    From each of its open stages, events lead on and back by the facts; every fact is asked for again and again.

    Args:
        kept: Whether a record and two links decide too, some steps before the end.

    Returns:
        The workflow's file; `site` holds the codebook.
    """
    codebook = site / "rubrics" / "codebooks" / "many_facts.yaml"
    codebook.parent.mkdir(parents=True)
    known = [f"  - {{id: fact_{n}, title: Fact {n}, means: Whether it is so., type: yes_no}}\n" for n in range(facts)]
    codebook.write_text("codebook: many_facts\nversion: 1.0.0\ntitle: Many facts\nfacts:\n" + "".join(known), "utf-8")
    middle = stages - 4
    file = site / "large.yaml"
    file.write_text(
        "workflow: large\nversion: 1.0.0\ntitle: Large\ngoverns: audit\nfacts: many_facts\n"
        + _PEOPLE
        + (_KEPT if kept else "")
        + "stages:\n"
        + "".join(_stages(middle))
        + "events:\n"
        + "".join(_events(middle, facts, kept=kept))
        + "properties:\n"
        + "  - says: Nothing ends over a concern.\n    never: stage == 'closed' && escalation.open\n"
        + "  - says: It can always end.\n    eventually: stage == 'closed'\n"
        + "  - says: What is final is not written again.\n    once: stage == 'decided'\n"
        + "    then_never: stage == 'grading'\n",
        "utf-8",
    )
    return file


def _stages(middle: int) -> list[str]:
    return [
        "  - {id: drawn, title: Drawn, waits_for: quality_lead}\n",
        "  - {id: grading, title: Being graded, waits_for: auditor, grades: yes}\n",
        "  - {id: decided, title: Decided, waits_for: quality_lead, finalises: yes}\n",
        *(f"  - {{id: step_{n}, title: Step {n}, waits_for: quality_lead}}\n" for n in range(middle)),
        "  - {id: closed, title: Closed, final: yes}\n",
    ]


def _events(middle: int, facts: int, *, kept: bool) -> list[str]:
    return [
        *(_looking() if kept else ()),
        _event("allocate", "drawn", "quality_lead", ["grading"]),
        _event("begin", "drawn", "quality_lead", ["grading"]),
        _event("submit", "grading", "auditor", ["decided"], "    locks: grades\n"),
        _event("share", "decided", "quality_lead", ["step_0"]),
        *(_step(n, middle, facts, back_to=SETTLED if kept and n >= SETTLED else 0) for n in range(middle)),
    ]


def _looking() -> list[str]:
    """What is recorded and opened at the first steps, and asked for a little later."""
    look = "    asks: [verdict]\n    opens:\n      - {link: follow_up, when: record.verdict == 'refused'}\n"
    settled = "    only_if:\n      - closed: action\n      - closed: follow_up\n"
    ends = ["{to: step_0, when: follow_up.ended == 'dropped'}", "step_2"]
    return [
        _event("look", "step_0", "quality_lead", ["step_1"], look),
        _event("settle", "step_1", "quality_lead", ends, settled),
    ]


def _step(n: int, middle: int, facts: int, *, back_to: int) -> str:
    on = f"step_{n + 1}" if n + 1 < middle else "closed"
    back = f"step_{max(back_to, n - 2)}"
    return (
        _event(f"go_{n}", f"step_{n}", "quality_lead",
               [f"{{to: {_further(n, middle)}, when: facts.fact_{n % facts}}}", on])
        + _event(f"back_{n}", f"step_{n}", "quality_lead", [back], (
            f"    only_if:\n      - when: facts.fact_{(n + 1) % facts} || !facts.fact_{(n + 2) % facts}\n"
            "        otherwise: It goes on only.\n"))
    )  # fmt: skip


def _further(n: int, middle: int) -> str:
    return f"step_{n + 2}" if n + 2 < middle else "closed"


def _event(name: str, source: str, by: str, ends: list[str], more: str = "") -> str:
    led = "".join(f"      - {end if end.startswith('{') else f'{{to: {end}}}'}\n" for end in ends)
    return f"  - id: {name}\n    title: Do {name}\n    from: [{source}]\n    by: [{by}]\n{more}    ends:\n{led}"
