"""One audit in progress under another text of its rubric: what is kept, what waits, what falls away. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from audit_engine.definitions.criteria import Criterion
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.scale_mapping import ScaleMapping
from audit_engine.definitions.scales import Scale
from audit_engine.engine.grading import Judgement, Practice, Rated, judgement
from audit_engine.engine.translating import Counterpart, counterpart
from audit_engine.problems import Reason


@dataclass(frozen=True, slots=True)
class ChangedGrade:
    """A grade that is called otherwise on the new scale. Grades are labels."""

    of: str
    """The criterion's id; `overall` for the audit's own."""
    title: str
    was: str
    becomes: str
    how: str
    """`identical` or `mapped`."""
    because: str


@dataclass(frozen=True)
class RubricLanding:
    """What moving one audit to another text of its rubric comes to. Criteria by id, in the order of their text."""

    kept: tuple[str, ...]
    new: tuple[str, ...]
    falling_away: tuple[str, ...]
    ratings_gone: tuple[str, ...]
    """Of those that fall away: rated. The ledger keeps what was said of them."""
    changed_grades: tuple[ChangedGrade, ...]
    rows: Mapping[str, Mapping[str, Any]]
    """Ratings that are written otherwise then, whole, by criterion."""
    columns: Mapping[str, Any]
    """Of the audit's row: overall and suggested grade."""
    judged: Judgement | None
    """As it would stand; None where it cannot be moved."""
    refused: tuple[Reason, ...] = field(default=())


class _Grades:
    """Grades on their way from one scale to another, and what becomes of them."""

    def __init__(self, mappings: Sequence[ScaleMapping]) -> None:
        self.mappings = mappings
        self.changed: list[ChangedGrade] = []
        self.refused: list[Reason] = []

    def on(self, scale: Scale, was: Scale, grade: str, of: str, title: str) -> str | None:
        """The grade on the new scale; None, with a reason, where it has none there."""
        found: Counterpart = counterpart(grade, was, scale, self.mappings)
        label = was.label(grade) if grade in was.ids else grade
        if found.to is None:
            text = f"{title} is {label}, which is no grade of the new scale. {found.because}"
            self.refused.append(Reason("scale", text.strip()))
            return None
        if was.scale != scale.scale:
            self.changed.append(ChangedGrade(of, title, label, scale.label(found.to), found.how, found.because))
        return found.to


def landing(
    old: ReadRubric, new: ReadRubric, audit: Mapping[str, Any], ratings: Mapping[str, Mapping[str, Any]],
    rated: Mapping[str, Rated], mappings: Sequence[ScaleMapping], practice: Practice,
) -> RubricLanding:  # fmt: skip
    """What becomes of one audit.

    Args:
        audit: Its row: graded, overall, suggested, overall_reason, facts.
        ratings: Its rating rows by criterion.
        rated: The same as the engine takes them.
        practice: The days of the work.
    """
    grades = _Grades(mappings)
    rows = _rows(old, new, ratings, grades)
    columns = _overall(old, new, audit, grades)
    refused = [*_does_not_fit(old, new, audit), *grades.refused]
    kept = tuple(name for name in new.criteria if name in old.criteria)
    gone = tuple(name for name in old.criteria if name not in new.criteria)
    return RubricLanding(
        kept, tuple(name for name in new.criteria if name not in old.criteria), gone,
        tuple(sorted(name for name in ratings if name not in new.criteria)), tuple(grades.changed), rows, columns,
        None if refused else _judged(new, audit, rated, rows, columns, practice), tuple(refused),
    )  # fmt: skip


def _does_not_fit(old: ReadRubric, new: ReadRubric, audit: Mapping[str, Any]) -> list[Reason]:
    refused, written = [], new.rubric
    if written.subject != old.rubric.subject:
        subjects = (old.rubric.subject.replace("_", " "), written.subject.replace("_", " "))
        refused.append(Reason("subject", f"It is of a {subjects[0]}, and the new text is for a {subjects[1]}."))
    if audit["graded"] and written.graded == "never":
        text = "It is made with grades, and the new text is never graded. Let it end under the text it has."
        refused.append(Reason("graded", text))
    if not audit["graded"] and written.graded == "always":
        text = "It is made without grades, and the new text is always graded. Let it end under the text it has."
        refused.append(Reason("graded", text))
    return refused


def _rows(
    old: ReadRubric, new: ReadRubric, ratings: Mapping[str, Mapping[str, Any]], grades: _Grades
) -> dict[str, Mapping[str, Any]]:
    changed: dict[str, Mapping[str, Any]] = {}
    for name in new.criteria:
        row = ratings.get(name)
        if row is None or name not in old.criteria:
            continue
        after, title = {**row, **_answers_left(new.criteria[name], row)}, f"'{new.criteria[name].title}'"
        if not new.criteria[name].graded:
            after |= {"grade": None, "grade_order": None, "given_grade": None}
        if after["grade"] is not None:
            after["grade"] = grades.on(new.scales[name], old.scales[name], row["grade"], name, title)
        if after["given_grade"] is not None:  # of a hand-in that was returned
            before = _Grades(grades.mappings)
            after["given_grade"] = before.on(new.scales[name], old.scales[name], row["given_grade"], name, title)
            grades.refused += [reason for reason in before.refused if reason not in grades.refused]
        if after["grade"] is not None:
            after["grade_order"] = new.scales[name].order(after["grade"])
        if after != row:
            changed[name] = after
    return changed


def _answers_left(criterion: Criterion, row: Mapping[str, Any]) -> dict[str, Any]:
    """The answers the new text still asks for in these words; the ledger keeps what was said under the old one."""
    words = {(question.id, question.each): question.words for question in criterion.questions}

    def left(answers: Mapping[str, str] | None, *, each: bool) -> dict[str, str]:
        return {name: word for name, word in (answers or {}).items() if word in words.get((name, each), ())}

    listed = (row["members"] or ()) if criterion.repeat else ()
    members = [{**one, "answers": left(one["answers"], each=True)} for one in listed]
    return {"answers": left(row["answers"], each=False) or None, "members": members or None}


def _overall(old: ReadRubric, new: ReadRubric, audit: Mapping[str, Any], grades: _Grades) -> dict[str, Any]:
    """The overall grade chosen so far; what was suggested at a hand-in before it was returned may go."""
    columns: dict[str, Any] = {"overall": audit["overall"], "suggested": audit["suggested"]}
    if audit["overall"] is not None:
        columns["overall"] = grades.on(new.scale, old.scale, audit["overall"], "overall", "The overall grade")
    if audit["suggested"] is not None:
        columns["suggested"] = _Grades(grades.mappings).on(new.scale, old.scale, audit["suggested"], "suggested", "")
    return columns


def _judged(
    new: ReadRubric, audit: Mapping[str, Any], rated: Mapping[str, Rated], rows: Mapping[str, Mapping[str, Any]],
    columns: Mapping[str, Any], practice: Practice,
) -> Judgement:  # fmt: skip
    after = {
        name: replace(
            one,
            grade=rows[name]["grade"],
            answers=rows[name]["answers"] or {},
            members={member["called"]: member["answers"] for member in rows[name]["members"] or ()},
        )
        if name in rows
        else one
        for name, one in rated.items()
        if name in new.criteria
    }
    return judgement(new, after, audit["facts"], columns["overall"], audit["overall_reason"], practice=practice)
