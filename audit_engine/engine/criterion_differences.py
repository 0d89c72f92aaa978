"""What changed in one criterion, or in one roll-up, in sentences."""

from collections.abc import Iterator, Mapping, Sequence

from audit_engine.definitions.criteria import Criterion, GradeRule, Question, Variant
from audit_engine.definitions.roll_ups import Band, Points, ReadRollUp
from audit_engine.definitions.rubric import Section
from audit_engine.engine.in_force import days_in_words

_WORDS = {"title": "its title", "asks": "the question", "expected_in_words": "when it is expected, in words,"}
_LISTS = {
    "look_for": "to look for", "tags": "tags", "evidence_demanded": "grades that demand a pointer to the evidence",
    "note_demanded": "grades that demand a note",
}  # fmt: skip


def criterion_said(before: Criterion, now: Criterion, labels: Mapping[str, str]) -> Iterator[str]:
    """What is not in a criterion as it was.

    Args:
        labels: What people call its grades, by id.
    """
    for key, words in _WORDS.items():
        was, is_now = getattr(before, key), getattr(now, key)
        if was != is_now:
            yield f"{words} now reads '{is_now or 'Always expected.'}' (before: '{was or 'Always expected.'}')."
    if (before.expected_when or "").split() != (now.expected_when or "").split():
        yield f"it is now expected {_when(now.expected_when)} (before: {_when(before.expected_when)})."
    if before.in_force != now.in_force:
        yield f"it is now {days_of(now)} (before: {days_of(before)})."
    if before.graded != now.graded:
        yield "it now has a grade." if now.graded else "it has no grade any more; its questions stand alone."
    if before.ladder != now.ladder:
        yield "its answers are now recorded, quality and impact." if now.ladder else "it has no ladder any more."
    for key, words in _LISTS.items():
        yield from _listed(words, getattr(before, key), getattr(now, key))
    reasons = [{one.id: one.label for one in side.not_expected_reasons} for side in (before, now)]
    yield from _by_id("the reason", reasons[0], reasons[1])
    yield from _descriptors(before, now, labels)
    shown = [[f"{labels.get(one.grade, one.grade)}: {one.text}" for one in side.examples] for side in (before, now)]
    yield from _listed("examples", *shown)
    yield from _asked(before, now, labels)
    yield from _variants(before, now, labels)


def days_of(one: Criterion | Section) -> str:
    """When it is in force, in words."""
    return days_in_words(one.in_force) if one.in_force else "in force whenever the work was done"


def _when(condition: str | None) -> str:
    return f"when {condition}" if condition else "always"


def _listed(words: str, before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    gone = [one for one in before if one not in now]
    added = [one for one in now if one not in before]
    if added:
        yield f"{words}, now also: {'; '.join(added)}."
    if gone:
        yield f"{words}, no longer: {'; '.join(gone)}."
    if not added and not gone and tuple(before) != tuple(now):
        yield f"{words}: in another order."


def _by_id(what: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name, text in now.items():
        if name not in before:
            yield f"{what} '{text}' ({name}) is new."
        elif before[name] != text:
            yield f"{what} {name} now reads '{text}' (before: '{before[name]}')."
    for name, text in before.items():
        if name not in now:
            yield f"{what} '{text}' ({name}) is gone."


def _descriptors(before: Criterion | Variant, now: Criterion | Variant, labels: Mapping[str, str]) -> Iterator[str]:
    for key, what in (("descriptors", "{} now reads"), ("prompts", "what is asked at {} now reads")):
        was, is_now = getattr(before, key), getattr(now, key)
        for grade in dict.fromkeys((*is_now, *was)):
            if was.get(grade) != is_now.get(grade):
                texts = [f"'{side[grade]}'" if grade in side else "nothing" for side in (is_now, was)]
                yield f"{what.format(labels.get(grade, grade))} {texts[0]} (before: {texts[1]})."


def _asked(before: Criterion, now: Criterion, labels: Mapping[str, str]) -> Iterator[str]:
    questions = [{one.id: one for one in side.questions} for side in (before, now)]
    for name, question in questions[1].items():
        was = questions[0].get(name)
        if was is None:
            yield f"it now asks '{question.asks}' ({name})."
        elif was != question:
            yield f"its question {name} has changed: {_question(question)} (before: {_question(was)})."
    for name in (name for name in questions[0] if name not in questions[1]):
        yield f"it no longer asks '{questions[0][name].asks}' ({name})."
    if before.grade_from_answers != now.grade_from_answers:
        how = "is now taken from" if now.grade_from_answers == "taken" else "is now only suggested by"
        yield f"its grade {how} the answers."
    yield from (f"its answers, {says}" for says in _rules_said(before.suggests, now.suggests, labels))
    if before.repeat != now.repeat:
        yield f"its questions are now asked one by one of {now.repeat.called if now.repeat else 'nobody'}."


def _variants(before: Criterion, now: Criterion, labels: Mapping[str, str]) -> Iterator[str]:
    """Another wording is told by what it says otherwise; a new one by everything it says."""
    wordings = [{one.id: one for one in side.variants} for side in (before, now)]
    for name, variant in wordings[1].items():
        was = wordings[0].get(name)
        if was is None:
            yield f"there is now a wording for {variant.title}, {_for_what(variant)}."
            was = variant.model_copy(update={"asks": None, "look_for": (), "prompts": {}, "descriptors": {}})
        yield from (f"the wording for {variant.title}: {says}" for says in _variant(was, variant, labels))
    for name, gone in wordings[0].items():
        if name not in wordings[1]:
            yield f"there is no wording for {gone.title} any more."
    kept = [name for name in wordings[0] if name in wordings[1]]
    if kept != [name for name in wordings[1] if name in wordings[0]]:
        yield "its wordings are tried in another order."


def _variant(was: Variant, now: Variant, labels: Mapping[str, str]) -> Iterator[str]:
    if was.title != now.title:
        yield f"it was called '{was.title}' before."
    if (_for_what(was), was.in_force) != (_for_what(now), now.in_force):
        yield f"it is now used {_for_what(now)} (before: {_for_what(was)})."
    if was.asks != now.asks:
        texts = [f"'{side.asks}'" if side.asks else "as everywhere" for side in (now, was)]
        yield f"the question now reads {texts[0]} (before: {texts[1]})."
    yield from _listed("to look for", was.look_for, now.look_for)
    yield from _descriptors(was, now, labels)


def _for_what(variant: Variant) -> str:
    days = days_in_words(variant.in_force) if variant.in_force else ""
    when = _when(variant.when) if variant.when or not days else ""
    return ", ".join(part for part in (when, days) if part)


def _question(question: Question) -> str:
    answers = "; ".join(answer.label for answer in question.answers)
    return f"'{question.asks}' {_when(question.asked_when)}, with the answers: {answers}"


def roll_up_said(before: ReadRollUp | None, now: ReadRollUp | None, labels: Mapping[str, str]) -> Iterator[str]:
    """What is not in a roll-up as it was: each rule by its condition and grade, in the order they are tried.

    Args:
        labels: What people call its grades, by id.
    """
    if before is None or now is None:
        if before is not now:
            yield "there is one now." if before is None else "there is none any more."
        return
    if before.points is not None and now.points is not None:
        yield from _points(before.points, now.points, labels)
    elif before.points is not now.points:
        yield "it is now reckoned in points." if now.points else "it is now given by rules."
    else:
        yield from _rules_said([rule for rule, _ in before.rules], [rule for rule, _ in now.rules], labels)


def _points(before: Points, now: Points, labels: Mapping[str, str]) -> Iterator[str]:
    """What each grade is worth, what each criterion weighs, and from where on a band begins."""
    for grade in dict.fromkeys((*now.points, *before.points)):
        was, worth = before.points.get(grade), now.points.get(grade)
        if was != worth:
            told = [f"{points} points" if points is not None else "nothing" for points in (worth, was)]
            yield f"{labels.get(grade, grade)} is now worth {told[0]} (before: {told[1]})."
    for name in dict.fromkeys((*now.weights, *before.weights)):
        was, weighs = before.weights.get(name, 1), now.weights.get(name, 1)
        if was != weighs:
            yield f"{name} now weighs {weighs} (before: {was})."
    bands = [[f"{labels.get(one.grade, one.grade)} {_band(one)}" for one in side.bands] for side in (before, now)]
    yield from _listed("bands", *bands)


def _band(one: Band) -> str:
    end = f"below {one.below} %" if one.below is not None else f"{one.until} %"
    return f"from {one.at_least} % to {end} ({one.because})"


def _rules_said(before: Sequence[GradeRule], now: Sequence[GradeRule], labels: Mapping[str, str]) -> Iterator[str]:
    was, is_now = ([(_when(rule.when), rule.grade) for rule in side] for side in (before, now))

    def told(when: str, grade: str) -> str:
        return f"{labels.get(grade, grade)} {'otherwise' if when == 'always' else when}"

    for when, grade in is_now:
        if (when, grade) not in was:
            yield f"now {told(when, grade)}."
    for when, grade in was:
        if (when, grade) not in is_now:
            yield f"no longer {told(when, grade)}."
    if sorted(was) == sorted(is_now) and was != is_now:
        yield "its rules are tried in another order."
    texts = [{(_when(rule.when), rule.grade): rule.because for rule in side} for side in (before, now)]
    for key, because in texts[1].items():
        if texts[0].get(key, because) != because:
            yield f"the reason for {told(*key)} now reads '{because}'."
