"""Writes docs/reference/names.md: the names conditions may use. Run it with `python -m tests.docs.names`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.conditions import Kind
from audit_engine.definitions.criteria import TAGS
from audit_engine.definitions.names import COUNTED, names_for
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.workflow_names import (
    BUILT_IN_AT_FINAL,
    BUILT_IN_AT_FINALISING,
    BUILT_IN_AT_LOCK,
    GOVERNED,
    GUARDS,
    INDEPENDENT_OF,
    NEVER_CHOSEN,
    PEOPLE,
    ROLES,
    in_words,
    needs,
    vocabulary,
)
from audit_engine.engine.guards import what_it_asks

PAGE = Path("docs/reference/names.md")
RUBRIC = "quality_and_impact"
INTRODUCTION = """\
# Names in conditions

Conditions are written in CEL, the Common Expression Language. They may speak of these names and of no others; a
misspelt name, or a word that a name never has, is a problem with its line and column when the file is read. This page
is written by `python -m tests.docs.names`, and a test fails when it is out of date.

## What may be done with them

| | `expected_when` | `when` of a limiting rule or a suggested grade | a measure's `where` and `when` |
|---|---|---|---|
| compare with `==` and `!=` | yes | yes | yes |
| compare numbers with `<` `<=` `>` `>=` | yes | yes | yes |
| `name in ['one', 'other']` | yes | yes | yes |
| join with `&&`, `\\|\\|`, `!` and brackets | yes | yes | yes |
| reckon with whole numbers: `+ - * / %` | yes | yes | no |
| `'word' in name` and `size(name)`, for lists of words | yes | yes | no |

Nothing else is part of the language here: no functions, no `has`, no `? :`, no decimals. A condition is at most 500
characters long and opens at most 20 brackets at once.

A name whose value is not known is never guessed. `&&` and `||` decide as far as they can: false `&&` not known is
false. What remains not known lets a limiting rule bind, makes an audit fall under "not recorded" in a figure, and
keeps it out of a population whose `where` asks for it, which the figure then says. It leaves a criterion expected,
and says so. Of open cases, `facts.weeks_open`, `facts.standard_weeks` and `facts.case_closed` are never known.

A programme's `sampling.where` may do what a measure may, with the facts a case list holds. A case of which it is not
known is left out of the draw, and counted. The `when` of a programme's `moderation` may do what a limiting rule may,
with `overall`, `suggested` (a grade or `none`), `collaborative` (yes or no) and every fact; what is not known there
does not spare an audit from moderation.

## The names

`<criterion>` stands for a criterion of the rubric, such as `heard.seen`; `<grade>` for a grade of its scale; `<tag>`
for one of {tags}.
The table is made with the shipped rubric `{rubric}` and the codebook `{facts}`. The four columns on the right are for
measures, by what their population counts.

"""
HEADS = ("name", "values", "expected_when", "limiting rule", *COUNTED)
WORKFLOWS = """\

## What a workflow may name

A condition of a workflow, in `only_if` or in `ends`, is made as that of a limiting rule is. It may speak of these
names. `overall` and `suggested` need the key `scale` at the top of the file, and facts need the key `facts`. A name
that is not known where the condition is asked refuses the event, and the refusal says which; so the table also says in
which kinds of workflow a name is ever known.

"""
GUARDS_SAID = """\

### Guards

A guard is named under `only_if`. Those that are built in are asked on their events whether the file names them or not.

"""
PEOPLE_SAID = """\

### People and roles

In `by` and `waits_for` the people of the audit go before roles: {people}.
`manager` is the manager of the practitioner on this case. `auditor` and `moderator` are those of this audit; while
there is none, whoever holds the role they are chosen from and is independent may take the place.
The roles are {roles}.

{apart}
{never} is never enough to be chosen as either. No stage or event may bear a name the state machine makes its own
from ([D050](problems-definitions.md)).
"""
KNOWN = {
    "audit": ("",),
    "moderation": ("stage", "graded", "escalation.open", "facts.", "adjusted"),
    "escalation": ("stage", "graded", "escalation.open"),
    "matter": ("stage", "escalation.open", "overall", "facts."),
}
"""By kind of workflow: how the names begin that its actions ever know."""


def page() -> str:
    """The whole page."""
    rubric = load().rubric(RUBRIC)
    places = {"expected_when": rubric.codebook.kinds, "limiting rule": rubric.named.kinds}
    places |= {counted: names_for(counted, rubric) for counted in COUNTED}
    rows: dict[str, list[str]] = {}
    for place, names in places.items():
        for name, kind in _general(names, rubric).items():
            row = rows.setdefault(name, [f"`{name}`", _values(kind, rubric), *([""] * len(places))])
            row[HEADS.index(place)] = "yes"
    lines = [_line(head.replace("_", " ") for head in HEADS), _line(["---"] * len(HEADS))]
    lines += [_line(row) for row in rows.values()]
    words = {"tags": ", ".join(f"`{tag}`" for tag in TAGS), "rubric": RUBRIC, "facts": rubric.codebook.codebook}
    introduction = INTRODUCTION
    for word, value in words.items():
        introduction = introduction.replace(f"{{{word}}}", value)
    return introduction + "\n".join(lines) + "\n" + "".join(_of_workflows(rubric))


def _of_workflows(rubric: ReadRubric) -> Iterable[str]:
    """The names, guards and people a workflow may use."""
    yield WORKFLOWS
    every = (vocabulary(("...",), rubric.scale, rubric.codebook, governs=governs).kinds for governs in GOVERNED)
    kinds = {name: kind for found in every for name, kind in found.items()}
    rows = [_line(("name", "values", "means", "needs", "known in")), _line(["---"] * 5)]
    for name, kind in kinds.items():
        if not name.startswith("facts."):
            values = "a stage of the workflow" if name == "stage" else _values(kind, rubric)
            said = "where it is" if name == "stage" else in_words(name)
            rows.append(_line((f"`{name}`", values, said, _needed(name), _known(name))))
    rows.append(_line(("`facts.<fact>`", "as above", "a fact of the case", "`facts`", _known("facts."))))
    own = "audit, matter"
    rows += [
        _line(("`record.<record>`", "its words", "what was recorded", "`records`", own)),
        _line(("`<link>.open`", "true, false", "whether one is open that hangs on it", "`links`", own)),
        _line(("`<link>.opened`", "true, false", "whether one was ever opened", "`links`", own)),
        _line(
            ("`<link>.ended`", "an end of its workflow, or none", "how the last one ended", "`ends` of the link", own)
        ),
    ]
    yield "\n".join(rows) + "\n" + GUARDS_SAID
    rows = [_line(("guard", "in", "built in", "what it asks")), _line(["---"] * 4)]
    for name, usable in GUARDS.items():
        rows.append(_line((f"`{name}`", ", ".join(usable), _built_in(name) or "no", what_it_asks(name))))
    yield "\n".join(rows) + "\n"
    apart = " ".join(f"The {name} is always independent of {_and(others)}." for name, others in INDEPENDENT_OF.items())
    words = {"people": _and(f"`{one}`" for one in PEOPLE), "roles": _and(f"`{one}`" for one in ROLES)}
    yield PEOPLE_SAID.format(**words, apart=apart, never=f"The role {' or '.join(NEVER_CHOSEN)}")


def _needed(name: str) -> str:
    key = needs(name)
    return f"`{key}`" if key else ""


def _known(name: str) -> str:
    kinds = [kind for kind in GOVERNED if name.startswith(KNOWN[kind]) and (kind, name) != ("audit", "adjusted")]
    return ", ".join(kinds)


def _built_in(guard: str) -> str:
    """On which events of which workflows a guard is asked whatever the file says."""
    places = {
        "where grades lock": BUILT_IN_AT_LOCK, "where they become final": BUILT_IN_AT_FINALISING,
        "at the end": BUILT_IN_AT_FINAL,
    }  # fmt: skip
    found = [f"{kind}: {place}" for kind in GOVERNED for place, by in places.items() if guard in by[kind]]
    return "; ".join(found)


def _and(words: Iterable[str]) -> str:
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def _general(names: Mapping[str, Kind], rubric: ReadRubric) -> dict[str, Kind]:
    """The names with their criteria, grades and tags replaced by placeholders."""
    return {_generalised(name, rubric): kind for name, kind in names.items()}


def _generalised(name: str, rubric: ReadRubric) -> str:
    owner, _, rest = name.partition(".")
    if owner in ("grade", "applies", "evidence", "impact"):
        return f"{owner}.<criterion>"
    if owner == "tagged":
        return "tagged.<tag>.<grade>"
    return "count.<grade>" if owner == "count" and rest in rubric.scale.ids else name


def _values(kind: Kind, rubric: ReadRubric) -> str:
    grades = set(rubric.scale.ids)
    if grades and grades <= set(kind.words):
        others = [f"`{word}`" for word in kind.words if word not in grades]
        return " or ".join(["a grade", *others])
    if kind.words:
        listed = ", ".join(f"`{word}`" for word in kind.words)
        return f"several of: {listed}" if kind.word == "words" else listed
    return {"yes_no": "yes or no", "number": "whole number", "text": "any text"}[kind.word]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
