"""What a past audit says of each criterion: the rating columns, and the columns of oversight and supervision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit_engine.definitions.rubric import ReadRubric
from audit_engine.exchange.cells import near, one_of, told
from audit_engine.exchange.columns import Declared
from audit_engine.exchange.lines import RatingLine
from audit_engine.exchange.reading import Reading, Row
from audit_engine.safe_text import quoted

PREFIX = "rating:"
LADDERS: Mapping[str, str] = {"ov.mgmt_oversight": "oversight", "ov.supervision": "supervision"}
"""Criterion -> how its three columns begin."""
EXPECTED, NOT_EXPECTED, CANNOT_TELL = "expected", "not_expected", "cannot_tell"
BY_RULE = "not_expected:rule"
EVIDENCE, IMPACT = ("found", "partly", "not_found"), ("yes", "no", "cannot_tell")


def rating_columns(rubrics: Iterable[ReadRubric]) -> tuple[Declared, ...]:
    """The columns that audits under any of these rubrics may have."""
    rubrics = list(rubrics)
    scales = [scale for rubric in rubrics for scale in (rubric.scale, *rubric.scales.values())]
    grades = list(dict.fromkeys(grade for scale in scales for grade in reversed(scale.ids)))
    words = one_of((*grades, NOT_EXPECTED, CANNOT_TELL), "a grade, not_expected or cannot_tell")
    criteria = {criterion: written for rubric in rubrics for criterion, written in rubric.criteria.items()}
    columns = [Declared(f"{PREFIX}{criterion}", words) for criterion in criteria]
    for criterion, prefix in LADDERS.items():
        reasons = criteria[criterion].not_expected_reasons if criterion in criteria else ()
        whether = (EXPECTED, BY_RULE, *(f"{NOT_EXPECTED}:{reason.id}" for reason in reasons), CANNOT_TELL)
        columns += [
            Declared(f"{prefix}_expected", one_of(whether, "a word for whether it was expected")),
            Declared(f"{prefix}_evidence", one_of(EVIDENCE)),
            Declared(f"{prefix}_impact", one_of(IMPACT)),
        ]
    return tuple(columns)


@dataclass(frozen=True, slots=True)
class Ratings:
    """Reads the ratings of one row under one rubric."""

    reading: Reading
    row: Row
    rubric: ReadRubric
    graded: bool | None
    """None when the row does not say."""

    def read(self) -> tuple[RatingLine, ...]:
        """One line for each criterion the row speaks of, in the rubric's order. Tells what does not fit."""
        self._tell_foreign()
        lines = (self._criterion(criterion) for criterion in self.rubric.criteria)
        return tuple(line for line in lines if line is not None)

    def is_grade(self, column: str) -> bool:
        """Whether the cell holds a grade that this audit may have: on its scale, and not when it is ungraded."""
        criterion = column.removeprefix(PREFIX)
        grade, scale = self.row.get(column), self.rubric.scales.get(criterion, self.rubric.scale)
        if grade is None:
            return False
        if criterion in self.rubric.criteria and not self.rubric.criteria[criterion].graded:
            message = f"{quoted(grade)} is a grade, and '{criterion}' is answered by its questions alone"
            self._tell(column, "X054", message, "Leave the cell empty.")
            return False
        if grade not in scale.ids:
            words = near(grade, scale.ids) or told(scale.ids)
            self._tell(column, "X056", f"{quoted(grade)} is no grade of the scale '{scale.scale}'", words)
            return False
        if self.graded is False:
            message = f"{quoted(grade)} is a grade, and the audit says it has none"
            self._tell(column, "X054", message, "Leave the cell empty, or say yes under 'graded'.")
            return False
        return True

    def _tell_foreign(self) -> None:
        for column, value in self.row.values.items():
            if value is None or (column.removeprefix(PREFIX) == column and not _ladder_of(column)):
                continue
            criterion = _ladder_of(column) or column.removeprefix(PREFIX)
            if criterion not in self.rubric.criteria:
                message = (
                    f"the rubric '{self.rubric.rubric.rubric}' of this stream has no criterion {quoted(criterion)}"
                )
                self._tell(column, "X055", message, "Leave the cell empty, or put the stream right.")

    def _criterion(self, criterion: str) -> RatingLine | None:
        column = f"{PREFIX}{criterion}"
        line = self._rating(criterion, column)
        prefix = LADDERS.get(criterion)
        return self._ladder(criterion, prefix, column, line) if prefix else line

    def _rating(self, criterion: str, column: str) -> RatingLine | None:
        said = self.row.get(column)
        if said is None:
            return None
        if said in (NOT_EXPECTED, CANNOT_TELL):
            return RatingLine(criterion, said)
        return RatingLine(criterion, EXPECTED, grade=said) if self.is_grade(column) else None

    def _ladder(self, criterion: str, prefix: str, column: str, rated: RatingLine | None) -> RatingLine | None:
        """Join the three columns of a ladder with the rating column, which knows less about what was not expected."""
        whether = self.row.get(f"{prefix}_expected")
        said = self._applicability(whether) if whether else None
        if said and rated and not _agree(said[0], rated.applicability):
            what = quoted(rated.grade or rated.applicability)
            message = f"{what} does not go with {quoted(whether)} under '{prefix}_expected'"
            self._tell(column, "X057", message, "Put one of the two right.")
            return None
        applicability, reason = said or ((rated.applicability, None) if rated else (None, None))
        steps = {step: self.row.get(f"{prefix}_{step}") for step in ("evidence", "impact")}
        if applicability != EXPECTED and not {f"{prefix}_expected", column} & self.row.wrong:
            self._tell_steps(prefix, steps, applicability)
        if applicability is None:
            return None
        return RatingLine(criterion, applicability, reason, rated.grade if rated else None, **steps)

    def _tell_steps(self, prefix: str, steps: Mapping[str, str | None], applicability: str | None) -> None:
        why = "nothing says it was expected" if applicability is None else "it was not expected"
        if applicability == CANNOT_TELL:
            why = "it could not be told"
        for step, value in steps.items():
            if value is not None:
                message = f"{quoted(value)} is said of {prefix}, and {why}"
                words = f"Leave the cell empty, or write 'expected' under '{prefix}_expected'."
                self._tell(f"{prefix}_{step}", "X058", message, words)

    def _applicability(self, whether: str) -> tuple[str, str | None]:
        if whether in (EXPECTED, CANNOT_TELL):
            return whether, None
        if whether == BY_RULE:
            return "not_expected_by_rule", None
        return "not_expected_by_judgement", whether.removeprefix(f"{NOT_EXPECTED}:")

    def _tell(self, column: str, code: str, message: str, words: str) -> None:
        self.reading.tell(self.row.number, column, code, message, words)


def _agree(said: str, rated: str) -> bool:
    return said == rated or (rated == NOT_EXPECTED and said.startswith(NOT_EXPECTED))


def _ladder_of(column: str) -> str | None:
    """The criterion that a ladder column is about."""
    steps = ("expected", "evidence", "impact")
    return next((c for c, prefix in LADDERS.items() if column in {f"{prefix}_{s}" for s in steps}), None)
