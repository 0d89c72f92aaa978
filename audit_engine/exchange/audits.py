"""audits.csv: past audits. Nothing the file says is worked out anew; what it does not say is not recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit_engine import calendars
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.mapping import Mapping as MappingFile
from audit_engine.definitions.programme import Programme
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.engine.facts import facts_on
from audit_engine.exchange.audit_ratings import Ratings, rating_columns
from audit_engine.exchange.audit_rules import AcceptedAsFound, four_eyes, limits
from audit_engine.exchange.cases import person_pointer
from audit_engine.exchange.cells import YES_NO, Pointer, Reference, Text, Words, one_of
from audit_engine.exchange.columns import Declared, Layout
from audit_engine.exchange.days import Day
from audit_engine.exchange.lines import AuditLine, FileRead, Known, KnownCase, ModerationLine
from audit_engine.exchange.reading import Once, Progress, Reading, Row
from audit_engine.safe_text import quoted

STREAMS = ("local", "national", "performance_board", "thematic")
SUBJECTS = ("case",)
RESPONDENTS = ("child", "parent", "carer", "professional")


def read_audits(
    path: Path,
    known: Known,
    catalogue: Catalogue,
    *,
    mapping: MappingFile | None = None,
    encoding: str = "utf-8",
    name: str | None = None,
    progress: Progress | None = None,
    today: date | None = None,
) -> tuple[FileRead, list[AuditLine]]:
    """Every past audit of a file, in the file's order.

    Args:
        known: The people and cases that audits may name.
        name: How problems call the file; the path as given when None.
        today: The last day on which something can have happened; the clock's when None.

    Raises:
        Unusable: every problem of the file; also when an audit breaks four eyes or a limiting rule and the mapping
            does not accept it as found.
    """
    programmes = {programme.stream: programme for programme in catalogue.programmes.values()}
    streams = {stream: (one, catalogue.rubric(one.rubric)) for stream, one in programmes.items()}
    layout = _layout(known, streams)
    reading = Reading(path, layout, mapping=mapping, encoding=encoding, name=name)
    accepted = AcceptedAsFound(mapping, reading, known.audits)
    once = Once(reading, "audit", "the audit")
    frame = _Frame(reading, known, streams, accepted, today or calendars.day_of(calendars.now()))
    audits = []
    for row in reading.rows(progress):
        if row.get("audit"):
            once.take(row, row.get("audit"), row.get("audit"))
        line = frame.read(row)
        if line is not None:
            audits.append(line)
    accepted.finish(once.first)
    return reading.finished(), audits


def _layout(known: Known, streams: Mapping[str, tuple[Programme, ReadRubric]]) -> Layout:
    rubrics = [rubric for _, rubric in streams.values()]
    grades = tuple(dict.fromkeys(grade for rubric in rubrics for grade in reversed(rubric.scale.ids)))
    grade, person = one_of(grades, "a grade"), person_pointer(known)
    case = Pointer(known.cases, "case", "X042", "Import the case list that holds it first.")
    return Layout(
        "audits",
        (
            Declared("audit", Reference(), required=True, filled=True),
            Declared("case", case, required=True, filled=True),
            Declared("stream", one_of(STREAMS, "a stream"), required=True, filled=True),
            Declared("subject", one_of(SUBJECTS, "a subject")),
            Declared("graded", YES_NO, required=True, filled=True),
            Declared("auditor", person, required=True, filled=True),
            Declared("audited_on", Day("audited_on"), required=True, filled=True),
            Declared("practice_from", Day("practice_from")),
            Declared("practice_to", Day("practice_to")),
            Declared("overall", grade, required=True),
            Declared("collaborative", YES_NO),
            Declared("feedback_from", Words(RESPONDENTS)),
            Declared("moderator", person),
            Declared("moderated_on", Day("moderated_on")),
            Declared("moderator_overall", grade),
            Declared("final_overall", grade),
            Declared("moderation_reason", Text()),
            *rating_columns(rubrics),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every row is judged against."""

    reading: Reading
    known: Known
    streams: Mapping[str, tuple[Programme, ReadRubric]]
    accepted: AcceptedAsFound
    today: date

    def read(self, row: Row) -> AuditLine | None:
        """The audit of one row. Tells everything that is wrong with it; None when anything is."""
        before = self.reading.problems
        case = self.known.cases.get(row.get("case") or "")
        programme, rubric = self._stream(row)
        ratings = Ratings(self.reading, row, rubric, row.get("graded")) if rubric else None
        lines = ratings.read() if ratings else ()
        if ratings:
            _check_overall(ratings)
        self._check_days(row, case)
        self._check_moderation(row)
        whole = self.reading.problems == before and not row.wrong
        breaches = list(four_eyes(row, case, self.known)) if case else []
        if not whole or case is None or rubric is None or programme is None:
            self.accepted.judge(row, breaches, whole=False)
            return None
        day = row.get("audited_on")
        facts = facts_on(rubric.codebook, case.facts, case.opened, case.closed, day)
        breaches += limits(row, rubric, lines, facts)
        as_found = self.accepted.judge(row, breaches, whole=True)
        # Only when the whole file is good does anybody see these lines.
        said: list[str] | None = row.get("feedback_from")
        return AuditLine(
            row=row.number,
            reference=row.get("audit"),
            case=case.reference,
            stream=row.get("stream"),
            subject=row.get("subject") or SUBJECTS[0],
            graded=row.get("graded"),
            auditor=row.get("auditor"),
            audited_on=day,
            practice_from=row.get("practice_from"),
            practice_to=row.get("practice_to"),
            overall=row.get("overall"),
            final_overall=_stands(row),
            collaborative=row.get("collaborative"),
            feedback=None if said is None else "given" if said else "none",
            feedback_from=None if said is None else tuple(said),
            ratings=lines,
            moderation=_moderation(row),
            as_found=as_found,
            rubric=programme.rubric,
            facts=facts,
            area=case.area,
            team=case.team,
            practitioner=case.practitioner,
        )

    def _stream(self, row: Row) -> tuple[Programme | None, ReadRubric | None]:
        stream = row.get("stream")
        if stream is None:
            return None, None
        if stream not in self.streams:
            known = ", ".join(sorted(self.streams)) or "none"
            message = f"no programme audits the stream {quoted(stream)}"
            self._tell(row, "stream", "X051", message, f"Streams with a programme: {known}.")
            return None, None
        programme, rubric = self.streams[stream]
        if row.get("graded") is False and programme.graded == "always":
            message = f"audits of '{programme.programme}' are always graded, and this one says no"
            self._tell(row, "graded", "X052", message, "Put 'graded' or the stream right.")
        return programme, rubric

    def _check_days(self, row: Row, case: KnownCase | None) -> None:
        audited, moderated = row.get("audited_on"), row.get("moderated_on")
        for column, day in (("audited_on", audited), ("moderated_on", moderated)):
            if day and day > self.today:
                self._tell(row, column, "X050", f"{day} has not come yet", "Put the day right.")
        if audited and case and audited < case.opened:
            message = f"the audit was made on {audited}, before the case opened on {case.opened}"
            self._tell(row, "audited_on", "X049", message, "Put the day or the case right.")
        if audited and moderated and moderated < audited:
            message = f"the audit was moderated on {moderated}, before it was made on {audited}"
            self._tell(row, "moderated_on", "X049", message, "Put one of the two days right.")
        first, last = row.get("practice_from"), row.get("practice_to")
        if first and last and last < first:
            message = f"the practice looked at ends on {last}, before it begins on {first}"
            self._tell(row, "practice_to", "X049", message, "Put one of the two days right.")

    def _check_moderation(self, row: Row) -> None:
        if row.lacks("moderator") and row.lacks("moderated_on"):
            self._check_unmoderated(row)
            return
        for there, absent in (("moderator", "moderated_on"), ("moderated_on", "moderator")):
            if row.get(there) is not None and row.lacks(absent):
                message = f"'{there}' is filled in, and '{absent}' is empty"
                self._tell(row, absent, "X059", message, "Write who moderated the audit and on which day, or neither.")
        overall, final = row.get("overall"), row.get("final_overall")
        if overall and final and overall != final and row.lacks("moderation_reason"):
            message = f"the grade was changed from {quoted(overall)} to {quoted(final)} without a reason"
            self._tell(row, "moderation_reason", "X059", message, "Write why it was changed.")

    def _check_unmoderated(self, row: Row) -> None:
        for column in ("moderator_overall", "moderation_reason"):
            if row.get(column) is not None:
                message = f"{quoted(row.get(column))} comes from a moderation, and no moderator is named"
                self._tell(row, column, "X059", message, "Name the moderator and the day, or leave the cell empty.")
        overall, final = row.get("overall"), row.get("final_overall")
        if overall and final and overall != final:
            message = f"what stands is {quoted(final)} and the auditor gave {quoted(overall)}, and nobody moderated it"
            self._tell(
                row, "final_overall", "X059", message, "Name the moderator and the day, or write the same grade."
            )

    def _tell(self, row: Row, column: str, code: str, message: str, words: str) -> None:
        self.reading.tell(row.number, column, code, message, words)


def _check_overall(ratings: Ratings) -> None:
    """A graded audit has an overall grade; one that is not graded has none anywhere."""
    for column in ("overall", "moderator_overall", "final_overall"):
        ratings.is_grade(column)
    if ratings.graded and ratings.row.lacks("overall"):
        message = "this audit is graded, and its overall grade is missing"
        ratings.reading.tell(ratings.row.number, "overall", "X053", message, "Write it, or say no under 'graded'.")


def _stands(row: Row) -> str | None:
    """What stands: the final grade, or where nobody moderated and the cell is empty, what the auditor gave."""
    final: str | None = row.get("final_overall")
    if final is None and row.get("moderator") is None:
        final = row.get("overall")
    return final


def _moderation(row: Row) -> ModerationLine | None:
    if row.get("moderator") is None:
        return None
    grades = (row.get("moderator_overall"), row.get("final_overall"))
    return ModerationLine(row.get("moderator"), row.get("moderated_on"), *grades, row.get("moderation_reason"))
