"""A rubric as a handbook: the words an auditor has on the wall, in one order, for HTML and for PDF."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from audit_engine.definitions.criteria import Criterion, Question, wording
from audit_engine.definitions.roll_ups import ALL, Band, ReadRollUp
from audit_engine.definitions.rubric import ReadRubric, Section
from audit_engine.definitions.scales import Scale
from audit_engine.engine.grading_words import sentence
from audit_engine.engine.in_force import days_in_words
from audit_engine.engine.limiting import left_in_words
from audit_engine.safe_text import for_terminal
from audit_engine.summaries.rendering import page_of

TEMPLATE = "rubric.html.j2"


@dataclass(frozen=True, slots=True)
class GradeWords:
    """One grade: its key on the keyboard, its label, what it looks like, and what is asked of whoever chooses it."""

    key: str
    label: str
    text: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class CriterionWords:
    """One criterion."""

    id: str
    title: str
    asks: str
    when: tuple[str, ...]
    look_for: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    """What is asked, and the answers there are."""
    leads_to: tuple[str, ...]
    grades: tuple[GradeWords, ...]
    examples: tuple[tuple[str, str], ...]
    """Grade, and what it may look like."""
    variants: tuple[tuple[str, tuple[GradeWords, ...]], ...]
    """When another wording applies, and its grades."""
    mind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionWords:
    """One section."""

    title: str
    when: tuple[str, ...]
    criteria: tuple[CriterionWords, ...]
    own_grade: tuple[tuple[str, str], ...]
    """Of a section that rolls up: each grade, and when."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One limiting rule."""

    title: str
    leaves: str
    because: str
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """Everything, in the order of the page."""

    title: str
    version: str
    purpose: str
    notes: tuple[str, ...]
    scale: tuple[GradeWords, ...]
    sections: tuple[SectionWords, ...]
    rules: tuple[RuleWords, ...]
    suggested: tuple[tuple[str, str], ...]


def handbook(rubric: ReadRubric) -> Handbook:
    """The words of a rubric's handbook. Marks that could move a printer or a screen are made visible."""
    written = rubric.rubric
    notes = [_GRADED[written.graded]]
    if written.tried is False:
        notes.append("Not yet tried with practitioners.")
    return Handbook(
        title=for_terminal(written.title),
        version=written.version,
        purpose=for_terminal(written.purpose),
        notes=tuple(notes),
        scale=_grades(rubric.scale, {grade.id: grade.means for grade in rubric.scale.grades}, {}),
        sections=tuple(_section(rubric, section) for section in written.sections),
        rules=tuple(_rules(rubric)),
        suggested=_roll_up(rubric.overall, rubric.scale) if rubric.overall is not None else (),
    )


_GRADED = {
    "always": "Always graded.", "optional": "Made with grades, or without them as a learning audit.",
    "never": "Made without grades.",
}  # fmt: skip


def handbook_page(rubric: ReadRubric) -> str:
    """The handbook as one HTML page: no script, nothing fetched."""
    return page_of(TEMPLATE, book=handbook(rubric))


def handbook_words(rubric: ReadRubric) -> dict[str, object]:
    """The handbook as plain lists and texts, for whoever sets it otherwise."""
    return asdict(handbook(rubric))


def _grades(scale: Scale, texts: Mapping[str, str], asked: Mapping[str, str]) -> tuple[GradeWords, ...]:
    best_first = list(reversed(scale.grades))
    return tuple(
        GradeWords(str(n), for_terminal(one.label), for_terminal(texts[one.id]), for_terminal(asked.get(one.id, "")))
        for n, one in enumerate(best_first, start=1)
        if one.id in texts
    )


def _when(part: Section | Criterion, otherwise: str) -> tuple[str, ...]:
    said = [sentence(for_terminal(part.expected_in_words))] if part.expected_in_words else []
    if part.in_force is not None:
        said.append(f"For work done while it was {days_in_words(part.in_force)}.")
    return tuple(said or ([otherwise] if otherwise else []))


def _section(rubric: ReadRubric, section: Section) -> SectionWords:
    rolled = rubric.roll_ups.get(section.id)
    return SectionWords(
        for_terminal(section.title),
        _when(section, ""),
        tuple(_criterion(rubric.criteria[name], rubric.scales[name]) for name in section.criteria),
        _roll_up(rolled, rubric.section_scales[section.id]) if rolled is not None else (),
    )


def _criterion(criterion: Criterion, scale: Scale) -> CriterionWords:
    label = {grade.id: for_terminal(grade.label) for grade in scale.grades}
    words = wording(criterion)
    return CriterionWords(
        id=criterion.id,
        title=for_terminal(criterion.title),
        asks=for_terminal(words.asks),
        when=_when(criterion, "Always expected."),
        look_for=tuple(for_terminal(one) for one in words.look_for),
        questions=tuple(_question(criterion, one) for one in criterion.questions),
        leads_to=tuple(f"{label[rule.grade]}: {sentence(for_terminal(rule.because))}" for rule in criterion.suggests),
        grades=_grades(scale, words.descriptors, words.prompts) if criterion.graded else (),
        examples=tuple((label[one.grade], for_terminal(one.text)) for one in criterion.examples),
        variants=tuple(_variants(criterion, scale)),
        mind=tuple(_mind(criterion, label)),
    )


def _question(criterion: Criterion, question: Question) -> tuple[str, str]:
    each = f" (asked of: {criterion.repeat.called.lower()})" if question.each and criterion.repeat else ""
    answers = "; ".join(answer.label for answer in question.answers)
    return for_terminal(f"{question.asks}{each}"), for_terminal(answers)


def _variants(criterion: Criterion, scale: Scale) -> list[tuple[str, tuple[GradeWords, ...]]]:
    found = []
    for variant in criterion.variants:
        days = f", for work done while it was {days_in_words(variant.in_force)}" if variant.in_force else ""
        asks = f" {variant.asks}" if variant.asks else ""
        said = for_terminal(f"Wording for {variant.title}{days}.{asks}")
        found.append((said, _grades(scale, variant.descriptors, variant.prompts)))
    return found


def _mind(criterion: Criterion, label: Mapping[str, str]) -> list[str]:
    said = []
    if "safety_critical" in criterion.tags:
        said.append("The child's safety depends on it.")
    if criterion.ladder:
        said.append("Three answers: is it recorded, how good is it, did it make a difference.")
    for grades, what in (
        (criterion.note_demanded, "A note"),
        (criterion.evidence_demanded, "Where the evidence stands"),
    ):
        if grades:
            said.append(f"{what} is needed at: {', '.join(label[grade] for grade in grades)}.")
    if criterion.not_expected_reasons:
        reasons = "; ".join(for_terminal(reason.label) for reason in criterion.not_expected_reasons)
        said.append(f"May be judged not to apply: {reasons}.")
    return said


def _rules(rubric: ReadRubric) -> list[RuleWords]:
    found = []
    for rule, _ in rubric.limits:
        leaves = left_in_words(rubric, rule) if rule.overall is not None else "every grade"
        roles = ", ".join(role.replace("_", " ") for role in rule.overridable_by)
        more = [f"Holds when {for_terminal(rule.when)}."]
        if rule.overall is not None:
            more.append(f"May be looked past, with a reason, by: {roles}." if roles else "Nobody may look past it.")
        more += [for_terminal(rule.warns)] if rule.warns else []
        more += ["Raise an escalation."] if rule.opens_escalation else []
        more += ["Somebody else must look, whatever the grade."] if rule.second_look else []
        more.append(f"Basis: {for_terminal(rule.basis)}")
        title = f"{rule.id} {for_terminal(rule.title)}"
        found.append(RuleWords(title, leaves, sentence(for_terminal(rule.because)), tuple(more)))
    return found


def _roll_up(roll_up: ReadRollUp, scale: Scale) -> tuple[tuple[str, str], ...]:
    if roll_up.points is None:
        return tuple((scale.label(rule.grade), sentence(for_terminal(rule.because))) for rule, _ in roll_up.rules)
    return tuple((scale.label(band.grade), _band(band)) for band in roll_up.points.bands)


def _band(band: Band) -> str:
    until = f"up to below {band.below}" if band.below is not None else f"to {ALL}"
    reached = f"From {band.at_least} {until} of every {ALL} points that could be reached."
    return f"{reached} {sentence(for_terminal(band.because))}"
