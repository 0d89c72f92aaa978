"""Writes docs/reference/names.md: the names conditions may use. Run it with `python -m tests.docs.names`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from audit_engine.definitions.catalogue import load
from audit_engine.definitions.conditions import Kind
from audit_engine.definitions.names import COUNTED, names_for
from audit_engine.definitions.rubric import TAGS, ReadRubric, rubric_names

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
keeps it out of a population whose `where` asks for it. It leaves a criterion expected, and says so. Of
open cases, `facts.weeks_open`, `facts.standard_weeks` and `facts.case_closed` are never known.

A programme's `sampling.where` may do what a measure may, with the facts a case list holds. A case of which it is not
known is left out of the draw, and counted. The `when` of a programme's `moderation` may do what a limiting rule may,
with `overall`, `suggested` (a grade or `none`), `collaborative` (yes or no) and every fact; what is not known there does
not spare an audit from moderation.

## The names

`<criterion>` stands for a criterion of the rubric, such as `heard.seen`; `<grade>` for a grade of its scale; `<tag>`
for one of {tags}.
The table is made with the shipped rubric `{rubric}` and the codebook `{facts}`. The four columns on the right are for
measures, by what their population counts.

"""
HEADS = ("name", "values", "expected_when", "limiting rule", *COUNTED)


def page() -> str:
    """The whole page."""
    rubric = load().rubric(RUBRIC)
    places = {"expected_when": rubric.codebook.kinds, "limiting rule": rubric_names(rubric)}
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
    return introduction + "\n".join(lines) + "\n"


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
