"""What changed in one criterion, or in one roll-up, in sentences."""

from collections.abc import Iterator, Mapping, Sequence

from audit_engine.definitions.criteria import Criterion, Question
from audit_engine.definitions.roll_ups import ReadRollUp
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
        yield f"it is now {days_in_words(now.in_force) if now.in_force else 'in force whenever the work was done'}."
    if before.graded != now.graded:
        yield "it now has a grade." if now.graded else "it has no grade any more; its questions stand alone."
    if before.ladder != now.ladder:
        yield "its answers are now recorded, quality and impact." if now.ladder else "it has no ladder any more."
    for key, words in _LISTS.items():
        yield from _listed(words, getattr(before, key), getattr(now, key))
    reasons = [{one.id: one.label for one in side.not_expected_reasons} for side in (before, now)]
    yield from _by_id("the reason", reasons[0], reasons[1])
    yield from _descriptors(before, now, labels)
    yield from _asked(before, now)


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


def _descriptors(before: Criterion, now: Criterion, labels: Mapping[str, str]) -> Iterator[str]:
    for key, what in (("descriptors", "{} now reads"), ("prompts", "what is asked at {} now reads")):
        was, is_now = getattr(before, key), getattr(now, key)
        for grade in dict.fromkeys((*is_now, *was)):
            if was.get(grade) != is_now.get(grade):
                texts = [f"'{side[grade]}'" if grade in side else "nothing" for side in (is_now, was)]
                yield f"{what.format(labels.get(grade, grade))} {texts[0]} (before: {texts[1]})."
    if before.examples != now.examples:
        yield f"its examples have changed: {len(now.examples)} now, {len(before.examples)} before."


def _asked(before: Criterion, now: Criterion) -> Iterator[str]:
    questions = [{one.id: one for one in side.questions} for side in (before, now)]
    for name, question in questions[1].items():
        was = questions[0].get(name)
        if was is None:
            yield f"it now asks '{question.asks}' ({name})."
        elif was != question:
            yield f"its question {name} has changed: {_question(question)} (before: {_question(was)})."
    for name in (name for name in questions[0] if name not in questions[1]):
        yield f"it no longer asks '{questions[0][name].asks}' ({name})."
    yield from _led_to(before, now)


def _led_to(before: Criterion, now: Criterion) -> Iterator[str]:
    if before.suggests != now.suggests or before.grade_from_answers != now.grade_from_answers:
        how = "is taken from them" if now.grade_from_answers == "taken" else "is suggested by them"
        yield f"what its answers lead to has changed; the grade {how}, by {len(now.suggests)} rules."
    if before.repeat != now.repeat:
        yield f"its questions are now asked one by one of {now.repeat.called if now.repeat else 'nobody'}."
    for variant in now.variants:
        was_variant = next((one for one in before.variants if one.id == variant.id), None)
        if was_variant is None:
            yield f"there is now a wording for {variant.title}."
        elif was_variant != variant:
            yield f"the wording for {variant.title} has changed."
    for gone in before.variants:
        if gone.id not in {variant.id for variant in now.variants}:
            yield f"there is no wording for {gone.title} any more."


def _question(question: Question) -> str:
    answers = ", ".join(answer.label for answer in question.answers)
    return f"'{question.asks}' {_when(question.asked_when)}, with the answers {answers}"


def roll_up_said(before: ReadRollUp | None, now: ReadRollUp | None) -> Iterator[str]:
    """What is not in a roll-up as it was: each rule by its condition and grade, in the order they are tried."""
    if before is None or now is None:
        if before is not now:
            yield "there is one now." if before is None else "there is none any more."
        return
    if (before.points is None) != (now.points is None) or (now.points is not None and before.points != now.points):
        yield "it is now reckoned in points, or in other points." if now.points else "it is now given by rules."
        return
    yield from _rules_said(before, now)


def _rules_said(before: ReadRollUp, now: ReadRollUp) -> Iterator[str]:
    was, is_now = ([(_when(rule.when), rule.grade) for rule, _ in side.rules] for side in (before, now))
    for when, grade in is_now:
        if (when, grade) not in was:
            yield f"now {grade} {'otherwise' if when == 'always' else when}."
    for when, grade in was:
        if (when, grade) not in is_now:
            yield f"no longer {grade} {'otherwise' if when == 'always' else when}."
    if sorted(was) == sorted(is_now) and was != is_now:
        yield "its rules are tried in another order."
    texts = [{(_when(rule.when), rule.grade): rule.because for rule, _ in side.rules} for side in (before, now)]
    for key, because in texts[1].items():
        if texts[0].get(key, because) != because:
            yield f"the reason for {key[1]} {'otherwise' if key[0] == 'always' else key[0]} now reads '{because}'."
