"""Judges a library of criteria: repeated names, conditions, descriptors that fit no scale, demands nobody can meet."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from audit_engine.definitions.conditions import Vocabulary, read_condition
from audit_engine.definitions.criteria import LADDER, Criterion, InForce, Library
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.questions import Kept, every_name, question_problems
from audit_engine.definitions.reading import repeated
from audit_engine.definitions.scales import Scale
from audit_engine.definitions.sources import Route, Source
from audit_engine.definitions.wording import offered
from audit_engine.problems import Problem

_OTHERS = 2
"""Other scales whose grades are listed beside the closest."""


def library_problems(
    source: Source, library: Library, codebook: Codebook, scales: Mapping[str, Scale], kept: Kept
) -> list[Problem]:
    """Everything in a library that does not fit itself, its codebook or any scale. Questions that fit are kept."""
    problems = repeated(
        source, [(("criteria", n, "id"), c.id) for n, c in enumerate(library.criteria)], "D016", "criterion"
    )
    within = every_name(library.criteria, codebook)
    vocabulary = Vocabulary(codebook.kinds, within)
    for n, criterion in enumerate(library.criteria):
        route: Route = ("criteria", n)
        problems += repeated(
            source,
            [((*route, "not_expected_reasons", m, "id"), r.id) for m, r in enumerate(criterion.not_expected_reasons)],
            "D016",
            "reason",
        )
        problems += _ladder_problems(source, route, criterion)
        problems += _grade_problems(source, route, criterion, scales)
        problems += expectation_problems(source, route, criterion, vocabulary)
        problems += _variant_problems(source, route, criterion, vocabulary, scales)
        problems += question_problems(source, route, criterion, codebook, kept, within)
    return problems


def expectation_problems(source: Source, route: Route, part: object, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Problems of what says when a criterion or a section is expected, and on which days it is in force."""
    when, words = getattr(part, "expected_when", None), getattr(part, "expected_in_words", None)
    in_force: InForce | None = getattr(part, "in_force", None)
    if in_force is not None:
        yield from day_problems(source, (*route, "in_force"), in_force)
    if when is None:
        return
    found = read_condition(source, (*route, "expected_when"), vocabulary)
    yield from found if isinstance(found, list) else ()
    if words is None:
        yield source.problem(
            (*route, "expected_when"),
            "D020",
            "a condition an auditor meets needs its sentence",
            "Add a line 'expected_in_words: Expected when ...'.",
        )


def day_problems(source: Source, route: Route, in_force: InForce) -> Iterator[Problem]:
    """Days that name no time, or that are turned round."""
    since, until = in_force.since, in_force.until
    if since is None and until is None:
        yield source.problem(route, "D108", "this is in force from no day and to no day", "Write 'from', 'to' or both.")
    elif since is not None and until is not None and until < since:
        message = f"this would end on {until} and begin on {since}"
        yield source.problem((*route, "to"), "D108", message, "Write the earlier day after 'from'.")


def _ladder_problems(source: Source, route: Route, criterion: Criterion) -> Iterator[Problem]:
    if criterion.ladder and criterion.ladder != LADDER:
        yield source.problem(
            (*route, "ladder"),
            "D019",
            "a ladder has the three steps recorded, quality, impact, in this order",
            "Write 'ladder: [recorded, quality, impact]', or delete the line.",
        )


_OF_GRADES = ("ladder", "examples", "evidence_demanded", "note_demanded", "prompts", "descriptors", "suggests", "scale")
"""What only a criterion with a grade has."""


def _grade_problems(
    source: Source, route: Route, criterion: Criterion, scales: Mapping[str, Scale]
) -> Iterator[Problem]:
    if not criterion.graded:
        for key in _OF_GRADES:
            if getattr(criterion, key):
                message = f"'{criterion.id}' has no grade, so it has no '{key}'"
                yield source.problem((*route, key), "D107", message, "Delete it, or write 'graded: yes'.", key=True)
        if not criterion.questions:
            message = f"'{criterion.id}' has neither a grade nor a question, so there is nothing to answer"
            yield source.problem(route, "D107", message, "Give it 'questions', or write 'graded: yes'.")
        return
    if criterion.scale is not None and scales and criterion.scale not in scales:
        message = f"there is no scale called '{criterion.scale}'"
        yield source.problem((*route, "scale"), "D018", message, offered(criterion.scale, scales))
        return
    named = scales if criterion.scale is None else {name: s for name, s in scales.items() if name == criterion.scale}
    elsewhere = {*criterion.evidence_demanded, *criterion.note_demanded, *criterion.prompts}
    wrong = list(descriptor_problems(source, route, criterion.id, criterion.descriptors, named, elsewhere))
    yield from wrong
    # A grade that the descriptors misspell is not misspelt wherever else it stands.
    meant = _closest(named, set(criterion.descriptors), elsewhere).ids if wrong else ()
    yield from _named_grades(source, route, criterion, {*criterion.descriptors, *meant})


def _named_grades(source: Source, route: Route, criterion: Criterion, known: Collection[str]) -> Iterator[Problem]:
    lists: dict[str, Iterable[tuple[str | int, str]]] = {
        "evidence_demanded": enumerate(criterion.evidence_demanded),
        "note_demanded": enumerate(criterion.note_demanded),
        "prompts": zip(criterion.prompts, criterion.prompts, strict=True),
    }
    for key in ("evidence_demanded", "note_demanded"):
        grades = getattr(criterion, key)
        yield from repeated(source, [((*route, key, n), grade) for n, grade in enumerate(grades)], "D016", "grade")
    places = [((*route, key, step), grade, key == "prompts") for key, given in lists.items() for step, grade in given]
    places += [((*route, "examples", n, "grade"), one.grade, False) for n, one in enumerate(criterion.examples)]
    places += [((*route, "suggests", n, "grade"), one.grade, False) for n, one in enumerate(criterion.suggests)]
    for place, grade, is_key in places:
        if grade not in known:
            message = f"'{criterion.id}' has no grade '{grade}'"
            yield source.problem(place, "D018", message, offered(grade, criterion.descriptors), key=is_key)


def descriptor_problems(
    source: Source, route: Route, name: str, descriptors: Mapping[str, str], scales: Mapping[str, Scale],
    elsewhere: Collection[str] = (),
) -> Iterator[Problem]:  # fmt: skip
    """Descriptors that are missing, or are those of no scale.

    Args:
        scales: Those it may be; the one with most of its grades is told.
        elsewhere: Grades the criterion names beside its descriptors.
    """
    written = set(descriptors)
    if any(written == set(scale.ids) for scale in scales.values()) or not scales:
        return
    closest = _closest(scales, written, elsewhere)
    others = [scale for scale in scales.values() if scale is not closest][:_OTHERS]
    if not written & set(closest.ids):
        yield source.problem(
            (*route, "descriptors"),
            "D021",
            f"the descriptors of '{name}' are {_whose(scales)}",
            f"Write one for each grade: {'; or '.join(', '.join(s.ids) for s in (closest, *others))}.",
        )
        return
    misspelt = _misspelt(written, closest)
    for grade in (g for g in closest.ids if g not in written | misspelt):
        yield source.problem(
            (*route, "descriptors"),
            "D021",
            f"'{name}' has no descriptor for '{grade}'",
            f"Add a line '{grade}: ...' to it.",
        )
    for grade in descriptors:
        if grade not in closest.ids:
            yield source.problem(
                (*route, "descriptors", grade),
                "D018",
                f"there is no grade '{grade}' on the scale '{closest.scale}'",
                offered(grade, closest.ids),
                key=True,
            )


def _closest(scales: Mapping[str, Scale], written: Collection[str], elsewhere: Collection[str]) -> Scale:
    """The scale that was meant: with most of what is written, then of what is nearly written, then of the rest."""

    def fits(scale: Scale) -> tuple[int, int, int, int, str]:
        ids = set(scale.ids)
        size = -abs(len(ids) - len(written))
        return len(ids & set(written)), len(_misspelt(written, scale)), len(ids & set(elsewhere)), size, scale.scale

    return max(scales.values(), key=fits)


def _misspelt(written: Collection[str], scale: Scale) -> set[str]:
    """The grades that something written nearly is."""
    others = [grade.lower() for grade in written if grade not in scale.ids]
    return {meant for grade in others for meant in get_close_matches(grade, scale.ids, n=1)}


def _whose(scales: Mapping[str, Scale]) -> str:
    return f"not those of the scale '{next(iter(scales))}'" if len(scales) == 1 else "those of no scale"


def _variant_problems(
    source: Source, route: Route, criterion: Criterion, vocabulary: Vocabulary, scales: Mapping[str, Scale]
) -> Iterator[Problem]:
    places = [((*route, "variants", n, "id"), variant.id) for n, variant in enumerate(criterion.variants)]
    yield from repeated(source, places, "D016", "variant")
    own = {name: scale for name, scale in scales.items() if set(scale.ids) == set(criterion.descriptors)}
    for n, variant in enumerate(criterion.variants):
        place: Route = (*route, "variants", n)
        if variant.when is None and variant.in_force is None:
            message = f"nothing says when '{variant.title}' is the wording"
            yield source.problem(place, "D108", message, "Add 'when: ...' or 'in_force: {from: ...}'.")
        if variant.when is not None:
            found = read_condition(source, (*place, "when"), vocabulary)
            yield from found if isinstance(found, list) else ()
        if variant.in_force is not None:
            yield from day_problems(source, (*place, "in_force"), variant.in_force)
        if not (variant.asks or variant.look_for or variant.prompts or variant.descriptors):
            message = f"the variant '{variant.id}' changes nothing"
            yield source.problem(place, "D108", message, "Write what reads differently, or delete it.")
        if variant.descriptors and own:
            yield from descriptor_problems(source, place, f"{criterion.id}, {variant.id}", variant.descriptors, own)
        for grade in variant.prompts:
            if grade not in criterion.descriptors:
                message = f"'{criterion.id}' has no grade '{grade}'"
                hint = offered(grade, criterion.descriptors)
                yield source.problem((*place, "prompts", grade), "D018", message, hint, key=True)
