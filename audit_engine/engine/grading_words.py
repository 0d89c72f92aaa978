"""Sentences about grading: what is not known, what a rule bars, and why."""

from collections.abc import Iterable, Sequence

from audit_engine.definitions.rubric import ReadRubric

SHOWN = 3
"""Titles listed at once."""
STEPS = {
    "answers": "answers to its questions",
    "evidence": "whether it is recorded",
    "grade": "a grade",
    "impact": "its impact",
    "reason": "a reason of the list",
}


def names_in_words(rubric: ReadRubric, names: Iterable[str], missing: Sequence[str] = ()) -> str:
    """The names of a condition as people call them, joined.

    Args:
        missing: Criteria without a grade: what a count is not known for.
    """
    facts: list[str] = []
    criteria: dict[str, None] = {}
    for name in names:
        first, _, rest = name.partition(".")
        if first == "facts":
            fact = rubric.codebook.fact(rest)
            facts.append(f"the fact '{fact.title if fact else rest}'")
        elif first == "grade":
            criteria[rest] = None
        elif first == "practice_date":
            facts.append("the days of the work")
        elif first == "section":
            criteria |= dict.fromkeys(c for c in missing if rubric.section_of[c].id == rest)
        elif first == "answer":
            criterion = next(c for c in rubric.criteria if rest.startswith(f"{c}."))
            facts.append(f"an answer under '{rubric.criteria[criterion].title}'")
        else:
            tag = rest.split(".")[0] if first == "tagged" else None
            criteria |= dict.fromkeys(c for c in missing if tag is None or tag in rubric.criteria[c].tags)
    facts = list(dict.fromkeys(facts))
    if criteria:
        facts.append(f"the grade of {titles(rubric, list(criteria))}")
    return "; ".join(facts)


def titles(rubric: ReadRubric, criteria: Sequence[str]) -> str:
    """Titles in quotes, the first few by name."""
    shown = [f"'{rubric.criteria[c].title}'" for c in criteria[:SHOWN]]
    if len(criteria) > SHOWN:
        shown.append(f"{len(criteria) - SHOWN} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def sentence(text: str) -> str:
    """One sentence that ends with a full stop."""
    return f"{text.rstrip('.')}."


def lacking(title: str, lacks: Sequence[str]) -> str:
    """What an answer that was begun still needs."""
    words = [STEPS[step] for step in lacks]
    return f"'{title}' still needs {words[0] if len(words) == 1 else ', '.join(words[:-1]) + ' and ' + words[-1]}."
