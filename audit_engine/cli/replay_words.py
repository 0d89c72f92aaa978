"""What a replay found, as lines of plain text: every number on its denominator."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from audit_engine.summaries.wording import lint, number, part_of

if TYPE_CHECKING:
    from audit_engine.engine.replay_counts import Counts, Example, Named, ReplayView

_COMPARED = "audits that both texts can judge"


def in_words(seen: "ReplayView", rubric: str, of: str) -> list[str]:
    """The whole page. Raises Refused where a percentage would stand without its denominator."""
    lines = [*_head(seen, rubric, of), *_result(seen)]
    if seen.whole.finished:
        lines += [*_not_said(seen), *_table(seen), *_rules(seen)]
        lines += [*_groups("By area", seen.areas), *_groups("By team", seen.teams), *_examples(seen)]
    lint("\n".join(lines))
    return lines


def _head(seen: "ReplayView", rubric: str, of: str) -> Iterator[str]:
    yield f"{rubric}: {of}"
    texts = "; ".join(_text(one) for one in seen.texts)
    yield f"Before: {seen.old}" + (f" ({texts})." if texts else ".")
    yield f"Then:   {seen.new}."
    yield "Nothing was written, and no audit was changed."


def _text(one: "Named") -> str:
    digest = f" {one.id}" if one.id else ""
    return f"version {one.title}{digest}: {number(one.count)} {_audits(one.count)}"


def _audits(count: int) -> str:
    return "audit" if count == 1 else "audits"


def _result(seen: "ReplayView") -> Iterator[str]:
    whole = seen.whole
    yield ""
    yield f"{number(whole.finished)} finished, graded {_audits(whole.finished)}."
    if not whole.finished:
        return
    yield f"{part_of(whole.compared, whole.finished, 'finished audits')} can be judged under both texts. Of these:"
    for words, count in (
        ("would have another suggested grade", whole.moved),
        ("have an overall grade that is not permitted then", whole.barred),
        ("newly need a second look", whole.second_look),
        ("newly open an escalation", whole.escalations),
    ):
        yield f"  {part_of(count, whole.compared, _COMPARED)} {words}"
        if count and words.startswith("would"):
            yield f"    a better one: {number(whole.raised)}; a worse one: {number(whole.lowered)}"
        if count and words.startswith("have"):
            yield from (f"    would have to become {one.title}: {number(one.count)}" for one in seen.becomes)
            if seen.barred_before:
                yield f"    not permitted before either: {number(seen.barred_before)}"


def _not_said(seen: "ReplayView") -> Iterator[str]:
    whole = seen.whole
    for count, words in (
        (whole.not_said, "cannot be said then, because something is asked that was never answered"),
        (whole.open_before, "could not be said before either"),
        (whole.incomparable, "have a grade that is none of the scale then"),
    ):
        if count:
            yield f"{part_of(count, whole.finished, 'finished audits')} {words}"
    if seen.not_said_barred or seen.not_said_second_look:
        yield (
            f"  Whatever the answers: {number(seen.not_said_barred)} not permitted, "
            f"{number(seen.not_said_second_look)} newly to be looked at twice."
        )
    if seen.never_rated:
        yield "  Never rated, and asked for then:"
        yield from (f"    {one.id}  {one.title}: {number(one.count)}" for one in seen.never_rated)


def _table(seen: "ReplayView") -> Iterator[str]:
    yield ""
    yield "Overall grade, and the nearest one that is left then"
    head = ("given", *reversed(seen.grades), "not compared", "all")
    rows: list[tuple[str, ...]] = [
        (
            row.given,
            *map(number, reversed(row.nearest)),
            number(row.elsewhere),
            number(sum(row.nearest) + row.elsewhere),
        )
        for row in seen.table
    ]
    yield from _aligned([head, *rows])


def _rules(seen: "ReplayView") -> Iterator[str]:
    if not seen.rules:
        return
    yield ""
    yield "Limiting rules"
    for one in seen.rules:
        begins, ceases = (part_of(count, seen.whole.compared) for count in (one.begins_to_hold, one.no_longer_holds))
        yield f"  {one.id} ({one.title}): begins to hold in {begins}; holds no longer in {ceases}"


def _groups(title: str, groups: Sequence["Counts"]) -> Iterator[str]:
    changing = [one for one in groups if one.moved or one.barred or one.second_look or one.escalations]
    others = [one for one in groups if one not in changing]
    yield ""
    yield f"{title}: of those that both texts can judge"
    head = ("", "another suggestion", "not permitted", "second look", "not compared")
    rows = [
        (
            one.name, part_of(one.moved, one.compared), part_of(one.barred, one.compared),
            part_of(one.second_look, one.compared), f"{number(one.finished - one.compared)} of {number(one.finished)}",
        )
        for one in changing
    ]  # fmt: skip
    if rows:
        yield from _aligned([head, *rows])
    if others:
        compared, finished = sum(one.compared for one in others), sum(one.finished for one in others)
        where = f"the other {number(len(others))}" if rows else f"all {number(len(others))} of them"
        yield f"  In {where} nothing changes: {number(compared)} of {number(finished)} audits compared."


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  " + "  ".join(cells).rstrip()


def _examples(seen: "ReplayView") -> Iterator[str]:
    if not seen.affected:
        return
    yield ""
    yield f"Examples: {number(len(seen.examples))} of {number(seen.affected)} {_audits(seen.affected)} that change"
    if seen.not_shown:
        yield f"  {number(seen.not_shown)} of these are not yours to see one by one; they are counted above."
    for one in seen.examples:
        yield from _example(one)


def _example(one: "Example") -> Iterator[str]:
    becomes = f"; would have to become {one.becomes}" if one.becomes else ""
    yield f"  {one.audit} ({one.team}): {one.given or 'overall grade not recorded'}{becomes}"
    yield from (f"    {sentence}" for sentence in one.says)
