"""The waterfall behind one figure: from the population down to what is counted, each step with its reason."""

from audit_engine.summaries import wording
from audit_engine.views import NOT_RECORDED, Figure

_WIDTH = 9


def waterfall(figure: Figure) -> list[str]:
    """The figure's way, one line a step, numbers under each other."""
    lines = [figure.title, figure.means, "", _line(figure.population, figure.population_called)]
    lines += [_line(-part.count, part.says) for part in figure.left_out if part.count or part.id != NOT_RECORDED]
    if figure.denominator != figure.population:
        lines.append(_line(figure.denominator, figure.denominator_called, mark="="))
    if figure.kind == "proportion":
        lines += ["", _line(figure.numerator or 0, f"of these: {figure.numerator_says}")]
        lines += [_line(part.count, f"beside it: {part.says}") for part in figure.beside]
        rest = figure.denominator - (figure.numerator or 0) - sum(part.count for part in figure.beside)
        lines.append(_line(rest, "neither"))
    elif figure.kind == "distribution":
        lines += ["", *(_line(part.count, part.says) for part in figure.shares)]
    elif figure.kind == "total":
        lines += ["", _line(figure.numerator or 0, "added up")]
    if figure.unplaced:
        beyond = f"more of which it is not recorded whether they are {figure.population_called}; in no part of this"
        lines += ["", _line(figure.unplaced, beyond)]
    lines += ["", wording.in_words(figure)]
    lines += [words for words in (wording.interval_in_words(figure), wording.target_in_words(figure)) if words]
    return [*lines, f"Source: {figure.source}. Measure: {figure.measure}."]


def _line(count: int, says: str, mark: str = "") -> str:
    shown = f"- {wording.number(-count)}" if count < 0 else wording.number(count)
    if count == 0 and not mark:
        shown = "0"
    return f"{mark}{shown:>{_WIDTH - len(mark)}}  {says}"
