"""Criteria, answers and overall grades in words: what every view of one audit is built of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from audit_engine.definitions.criteria import CANNOT_TELL_REASONS, Criterion, Wording, wording
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.applicability import expectation, variant_of
from audit_engine.engine.facts import as_values
from audit_engine.engine.grading import Judgement, Missing, Noticed
from audit_engine.engine.ratings import EXPECTED
from audit_engine.queries.at_hand import AtHand, Row
from audit_engine.queries.deciding import still_missing
from audit_engine.queries.question_views import question_words, questions_view
from audit_engine.work_views import AnswerView, Choice, CriterionView, EscalationView, NoticedView, OverallView

_LEFT_OUT = {
    "not_expected_by_rule": "does not apply, by the facts of the case",
    "not_expected_by_judgement": "does not apply",
    "not_expected": "does not apply (how was not recorded)",
    "cannot_tell": "cannot be told",
}


def answer_view(rubric: ReadRubric, criterion: Criterion, row: Row | None) -> AnswerView | None:
    """What one person said, in words; None where nothing was said."""
    if row is None:
        return None
    scale = rubric.scales[criterion.id]
    label = scale.label(row["grade"]) if row["grade"] in scale.ids else row["grade"]
    reasons = {reason.id: reason.label for reason in criterion.not_expected_reasons} | CANNOT_TELL_REASONS
    reason = reasons.get(row["reason"], row["reason"])
    answers = question_words(criterion, row)
    return AnswerView(
        row["applicability"], row["grade"], label, reason, row["evidence"], row["impact"], row["note"], row["pointer"],
        _words(criterion, row, label, reason, len(answers)), answers,
    )  # fmt: skip


def _words(criterion: Criterion, row: Row, label: str | None, reason: str | None, answers: int) -> str:
    if row["applicability"] != EXPECTED:
        return _LEFT_OUT[row["applicability"]] + (f": {reason}" if reason else "")
    parts = [label or "no grade yet"] if criterion.graded else []
    parts += [f"{answers} answer{'s' if answers != 1 else ''}"] if answers or not criterion.graded else []
    parts += [f"evidence {row['evidence'].replace('_', ' ')}"] if row["evidence"] else []
    parts += [f"made a difference: {row['impact'].replace('_', ' ')}"] if row["impact"] else []
    return "; ".join(parts)


def criteria_views(hand: AtHand, answers: Mapping[str, Row], judged: Judgement | None) -> tuple[CriterionView, ...]:
    """Every criterion in the rubric's order.

    Args:
        answers: By criterion: the auditor's or the moderator's.
        judged: Of these answers; None where nobody is asked for anything any more.
    """
    rubric, facts = hand.rubric, as_values(hand.audit["facts"])
    sections = {name: section.title for section in rubric.rubric.sections for name in section.criteria}
    demands = _demands(hand, answers, judged) if judged else {}
    waiting = {one.criterion: one.questions for one in judged.missing} if judged else {}
    made = []
    for number, (name, criterion) in enumerate(rubric.criteria.items(), start=1):
        expected, because = expectation(rubric, criterion, facts, hand.practice)
        variant = variant_of(rubric, criterion, facts, hand.practice)
        words = wording(criterion, variant)
        made.append(
            CriterionView(
                number=number,
                id=name,
                title=criterion.title,
                section=sections[name],
                asks=words.asks,
                look_for=words.look_for,
                variant=variant.title if variant else None,
                expected=expected,
                expected_because=because,
                grades=_grades_of(rubric.scales[name], criterion, words) if criterion.graded else (),
                ladder=bool(criterion.ladder),
                not_expected_reasons=_choices({r.id: r.label for r in criterion.not_expected_reasons}),
                cannot_tell_reasons=_choices(CANNOT_TELL_REASONS, 1 + len(criterion.not_expected_reasons)),
                answer=answer_view(rubric, criterion, answers.get(name)),
                demands=demands.get(name, ()),
                graded=criterion.graded,
                asked=questions_view(rubric, criterion, answers.get(name), facts) if criterion.questions else None,
                waiting=waiting.get(name, ()),
            )
        )
    return tuple(made)


def grades(scale: Scale, texts: Mapping[str, str]) -> tuple[Choice, ...]:
    """The scale, best first, so that 1 is the best grade."""
    best_first = reversed(scale.grades)
    return tuple(Choice(str(n), g.id, g.label, texts.get(g.id, "")) for n, g in enumerate(best_first, start=1))


def _grades_of(scale: Scale, criterion: Criterion, words: Wording) -> tuple[Choice, ...]:
    examples: dict[str, list[str]] = {}
    for example in criterion.examples:
        examples.setdefault(example.grade, []).append(example.text)
    return tuple(
        replace(one, prompt=words.prompts.get(one.id, ""), examples=tuple(examples.get(one.id, ())))
        for one in grades(scale, words.descriptors)
    )


def _choices(labels: Mapping[str, str], start: int = 1) -> tuple[Choice, ...]:
    return tuple(Choice(str(n), name, label) for n, (name, label) in enumerate(labels.items(), start=start))


def _demands(hand: AtHand, answers: Mapping[str, Row], judged: Judgement) -> dict[str, tuple[str, ...]]:
    missing = still_missing(judged, answers, graded=hand.audit["graded"])
    demands = {one.criterion: _asked_for(one, graded=hand.audit["graded"], begun=one.criterion in answers)
               for one in missing}  # fmt: skip
    for criteria, what in ((judged.without_note, "note"), (judged.without_evidence, "pointer")):
        for name in criteria:
            demands[name] = (*demands.get(name, ()), what)
    return demands


def _asked_for(one: Missing, *, graded: bool, begun: bool) -> tuple[str, ...]:
    """What is lacking: of an answer that was begun without grades, the questions alone."""
    return one.lacks if graded or not begun else ("answers",)


def overall_view(
    rubric: ReadRubric, judged: Judgement, chosen: str | None, *, roles: Collection[str] = (),
    overridden: Mapping[str, Mapping[str, str]] | None = None,
) -> OverallView:  # fmt: skip
    """What follows from the grades, and which grades may be given.

    Args:
        roles: Of whoever makes the grades final, and may look past some rules; empty for everybody else.
        overridden: As the audit keeps it.
    """
    barred = {}
    by_override: dict[str, tuple[str, ...]] = {}
    for grade in rubric.scale.ids:
        bars = [bar for bar in judged.bound_by if bar.bars(rubric.scale.order(grade))]
        if bars:
            barred[grade] = " ".join(dict.fromkeys(bar.because for bar in bars))
            if all(set(bar.overridable_by) & set(roles) for bar in bars):
                by_override[grade] = tuple(bar.id for bar in bars)
    return OverallView(
        grades=grades(rubric.scale, barred),
        suggested=judged.suggested,
        because=judged.because,
        permitted=judged.permitted,
        provisional=judged.provisional,
        bound_by=tuple(f"{bar.id} ({bar.title}): {bar.because}" for bar in judged.bound_by),
        chosen=chosen,
        by_override=by_override,
        overridden=override_words(rubric, overridden),
        leaves=tuple(f"{bar.id} leaves {bar.leaves}" for bar in judged.bound_by if bar.lowest > 0),
    )


def override_words(rubric: ReadRubric, overridden: Mapping[str, Mapping[str, str]] | None) -> tuple[str, ...]:
    """Each limiting rule that somebody looked past, in a sentence."""
    titles = {rule.id: rule.title for rule, _ in rubric.limits}
    return tuple(
        f"{name} ({titles.get(name, name)}) was overridden by {one['by']}, {one['role'].replace('_', ' ')}: "
        f"{one['reason']}"
        for name, one in (overridden or {}).items()
    )


def noticed_views(rubric: ReadRubric, found: Iterable[Noticed], told_to: str) -> tuple[NoticedView, ...]:
    """What does not fit together, as far as it is told to `auditor` or `moderator`."""
    numbers = {name: n for n, name in enumerate(rubric.criteria, start=1)}
    return tuple(
        NoticedView(one.title, one.says, tuple(numbers[name] for name in one.about if name in numbers))
        for one in found
        if told_to in one.told_to
    )


def escalation_views(hand: AtHand, workflows: Mapping[str, ReadWorkflow]) -> tuple[EscalationView, ...]:
    """Every concern, oldest first.

    Args:
        workflows: The workflow of each escalation by its digest.
    """
    return tuple(_escalation(hand, one, workflows[one["workflow_digest"]]) for one in hand.escalations)


def _escalation(hand: AtHand, one: Row, workflow: ReadWorkflow) -> EscalationView:
    names, criterion = hand.names, hand.rubric.criteria.get(one["criterion"] or "")
    return EscalationView(
        stage=one["stage"], stage_title=workflow.stage(one["stage"]).title, open=bool(one["open"]),
        raised_by=names[one["raised_by"]], raised_at=one["raised_at"], due=one["due"],
        criterion=criterion.title if criterion else None, concern=one["concern"], action_taken=one["action_taken"],
        acted_by=names.get(one["acted_by"]), outcome=one["outcome"], closed_by=names.get(one["closed_by"]),
    )  # fmt: skip
