"""Every way to be told no, in the order of refusals.txt, where the sentences stand."""

from . import refusals_of_escalating, refusals_of_moderating, refusals_of_moving, refusals_of_rating
from .refusing import Case

CASES: dict[str, Case] = {
    name: prepare
    for part in (refusals_of_rating, refusals_of_moving, refusals_of_moderating, refusals_of_escalating)
    for name, prepare in part.CASES.items()
}
