"""Figures as people read them. A percentage is only ever written here, behind both of its numbers.

`lint` reads a finished document again and refuses it when a percentage stands without its denominator, so that
no template can print one either.
"""

import re
from collections.abc import Iterable

from audit_engine.problems import Reason, Refused
from audit_engine.views import Counted, Figure, percent


def number(count: int) -> str:
    """A count with thousands separated: `1,802`."""
    return f"{count:,}"


def part_of(part: int, whole: int, called: str = "") -> str:
    """`1,802 of 3,372 local Quality and Impact audits (53.4%)`; with nothing to count, `none of 0 audits`."""
    words = f" {called}" if called else ""
    if whole == 0:
        return f"none of 0{words}"
    return f"{number(part)} of {number(whole)}{words} ({percent(part, whole)}%)"


def in_words(figure: Figure) -> str:
    """A figure in one line, with what it counts."""
    if figure.kind == "count":
        said = figure.denominator_called.lower() == figure.title.lower()
        return number(figure.denominator) if said else f"{number(figure.denominator)} {figure.denominator_called}"
    if figure.kind == "total":
        return f"{number(figure.numerator or 0)}, in {number(figure.denominator)} {figure.denominator_called}"
    if figure.kind == "proportion":
        return part_of(figure.numerator or 0, figure.denominator, figure.denominator_called)
    return "; ".join(f"{share.says}: {part_of(share.count, figure.denominator)}" for share in figure.shares)


def interval_in_words(figure: Figure) -> str:
    """`95 per cent interval: 51.7 to 55.1 in every hundred`, or nothing where there is none."""
    if figure.interval is None:
        return ""
    low, high = figure.interval
    return f"95 per cent interval: {low * 100:.1f} to {high * 100:.1f} in every hundred"


def target_in_words(figure: Figure) -> str:
    """Where the figure stands against its target, in percentage points; nothing without a target or a denominator."""
    if figure.target is None or figure.numerator is None or figure.denominator == 0:
        return ""
    wanted = "at least" if figure.better == "higher" else "at most"
    gap = percent(abs(100 * figure.numerator - figure.target * figure.denominator), 100 * figure.denominator)
    target = f"target: {wanted} {figure.target} in every hundred"
    if not figure.misses_target:
        return f"{target}; met"
    side = "below" if figure.better == "higher" else "above"
    return f"{target}; {gap} percentage points {side} it"


def left_out_in_words(figure: Figure) -> list[str]:
    """One line per exclusion that took anything, and for what could not be placed at all."""
    lines = [f"{number(part.count)}: {part.says}" for part in _told(figure.left_out)]
    if figure.unplaced:
        lines.append(f"{number(figure.unplaced)}: not recorded whether it is one of the {figure.population_called}")
    return lines


def beside_in_words(figure: Figure) -> list[str]:
    """What stands beside the numerator, on the same denominator."""
    return [f"{part.says}: {part_of(part.count, figure.denominator)}" for part in figure.beside]


def _told(parts: Iterable[Counted]) -> list[Counted]:
    return [part for part in parts if part.count]


# --- what may not leave the building ----------------------------------------------------------------------------

_PERCENTAGE = re.compile(r"\d[\d.,]*\s?(?:%|&#37;|&percnt;|％)")
_ON_ITS_DENOMINATOR = re.compile(r"(?:\d[\d,]*|none) of (?P<whole>\d[\d,]*)(?: [^%()]*)? \(\d+(?:\.\d+)?$")


def lint(document: str) -> None:
    """Refuse a finished text in which a percentage stands without its denominator.

    Raises:
        Refused: naming every such place.
    """
    bare = []
    for match in _PERCENTAGE.finditer(document):
        sentence = document[max(0, match.start() - 300) : match.end() - 1]
        if not _ON_ITS_DENOMINATOR.search(sentence):
            near = " ".join(document[max(0, match.start() - 40) : match.end()].split())
            bare.append(Reason("denominator", f"a percentage stands without its denominator near '{near}'"))
    if bare:
        raise Refused("cannot write this summary", bare)


def one_total_each(figures: Iterable[Figure]) -> None:
    """Refuse figures in which one name stands for two totals.

    Raises:
        Refused: naming both totals.
    """
    totals: dict[str, int] = {}
    clashes = []
    for figure in figures:
        if figure.group is not None:
            continue
        for called, total in {
            figure.population_called: figure.population,
            figure.denominator_called: figure.denominator,
        }.items():
            if totals.setdefault(called, total) != total:
                clashes.append(
                    Reason("one_total", f"'{called}' would stand for {number(totals[called])} and for {number(total)}")
                )
    if clashes:
        raise Refused("cannot write this summary", clashes)
