"""The facts of one invented case, drawn so that they do not contradict each other."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from audit_engine.training.draws import pick, yes_or_no
from audit_engine.training.words import ALLOCATION, CLOSING, EXTENSION, STANDARD_WEEKS

PRIVATE_WORK: Final = {"wtfh": 25.0, "wafh_s7": 45.0, "s7_addendum": 14.0, "r16_4": 16.0}
PUBLIC_WORK: Final = {"s31": 78.0, "other_public": 22.0}
_CHILDREN: Final = {"1": 60.0, "2": 25.0, "3": 10.0, "4": 4.0, "5": 1.0}
"""How many children a case has: 1.61 on average."""
_PRIVATE_SHARE: Final = 0.58
_UNKNOWN_SHARE: Final = 0.012
_MAY_BE_UNKNOWN: Final = ("child_age", "can_express_view", "safe_to_share", "hearing_listed")
_MAY_BE_UNKNOWN_IF_NO: Final = (
    *("da_disclosed", "sexual_harm_concern", "lives_with_accused_parent"),
    "registered_sex_offender_linked",
)
"""Triggers rest on these where they say yes, so there they stay."""
FACT_COLUMNS: Final = (
    *("children", "child_age", "sibling_group", "allocated", "da_disclosed", "sexual_harm_concern"),
    *("significant_harm_concern", "lives_with_accused_parent", "child_seen_required", "filing_made"),
    *("recommendation_made", "can_express_view", "assessment_in_window", "safe_to_share", "hearing_listed"),
    "registered_sex_offender_linked",
    *("contact_began", "child_recorded_as_seen", "of_age_to_be_seen_alone", "child_made_contact", "child_complained"),
    *("high_conflict", "serious_offence_described", "new_information_while_held"),
    *("care_order_at_home_planned", "special_guardianship_planned"),
)
_NOTICED_LATER: Final = ("child_recorded_as_seen", "of_age_to_be_seen_alone", "high_conflict")
"""Not always written down either."""


@dataclass(slots=True)
class Facts:
    """What is known of a case. Words of cases.csv; an empty text means not known."""

    law_type: str
    work_type: str
    known: dict[str, str] = field(default_factory=dict)
    """By column: the ones in `FACT_COLUMNS`. Children in children, ages in whole years."""
    triggers: list[str] = field(default_factory=list)
    """Without `open_over_52_weeks`, which depends on the day."""
    points: list[str] = field(default_factory=list)
    """Oversight points. How it was allocated, a delay and the decision to close count only on the days they fit."""

    def says(self, column: str) -> bool:
        """The fact is known to be so."""
        return self.known[column] == "yes"

    def denies(self, column: str) -> bool:
        """The fact is known not to be so. Neither says nor denies when it is not known."""
        return self.known[column] == "no"


def law_and_work(rng: Random) -> tuple[str, str]:
    """Law type and work type of an open case."""
    if rng.random() < _PRIVATE_SHARE:
        return "private", pick(rng, PRIVATE_WORK)
    return "public", pick(rng, PUBLIC_WORK)


def facts_of(rng: Random, law_type: str, work_type: str, weeks: int, *, closed: bool) -> Facts:
    """Facts of a case that has been open for `weeks`, or was when it closed."""
    facts = Facts(law_type, work_type)
    _draw_children(rng, facts)
    _draw_harm(rng, facts)
    _draw_work_done(rng, facts, weeks, closed=closed)
    _draw_triggers(rng, facts)
    _draw_points(rng, facts, closed=closed)
    _forget_some(rng, facts)
    return facts


def _draw_children(rng: Random, facts: Facts) -> None:
    children = pick(rng, _CHILDREN)
    # Public law meets more babies: two draws, the lower one.
    age = rng.randrange(17)
    if facts.law_type == "public":
        age = min(age, rng.randrange(17))
    speaks = 0.97 if age >= 5 else 0.45 if age >= 3 else 0.0
    facts.known |= {
        "children": children,
        "child_age": str(age),
        "sibling_group": "no" if children == "1" else "yes",
        "can_express_view": yes_or_no(rng, speaks),
    }


def _draw_harm(rng: Random, facts: Facts) -> None:
    private = facts.law_type == "private"
    abuse = yes_or_no(rng, 0.62 if private else 0.48)
    sexual = yes_or_no(rng, 0.07 if private else 0.09)
    significant = yes_or_no(rng, 0.85 if sexual == "yes" else 0.2 if private else 0.68)
    feared = "yes" in (abuse, sexual, significant)
    facts.known |= {
        "da_disclosed": abuse,
        "sexual_harm_concern": sexual,
        "significant_harm_concern": significant,
        "lives_with_accused_parent": yes_or_no(rng, 0.11 if feared else 0.0),
        "registered_sex_offender_linked": yes_or_no(rng, 0.16 if sexual == "yes" else 0.0),
    }


def _draw_work_done(rng: Random, facts: Facts, weeks: int, *, closed: bool) -> None:
    """What has been done by now: a report is filed before it recommends, and the later the likelier."""
    letter_only = facts.work_type == "wtfh"
    late = closed or 2 * weeks >= STANDARD_WEEKS[facts.work_type]
    filed = yes_or_no(rng, 0.93 if late else 0.35)
    recommends = 0.0 if filed == "no" else 0.3 if letter_only else 0.93
    facts.known |= {
        "allocated": "yes" if closed else yes_or_no(rng, 0.96 if late else 0.9),
        "child_seen_required": yes_or_no(rng, 0.12 if letter_only else 0.97),
        "filing_made": filed,
        "recommendation_made": yes_or_no(rng, recommends),
        "assessment_in_window": yes_or_no(rng, 0.95 if late else 0.8),
        "safe_to_share": yes_or_no(rng, 0.8 if facts.says("lives_with_accused_parent") else 0.96),
        "hearing_listed": "no" if closed else yes_or_no(rng, 0.64),
    }


def _draw_triggers(rng: Random, facts: Facts) -> None:
    public = facts.law_type == "public"
    chances = {
        "significant_harm_or_16a": 1.0 if facts.says("significant_harm_concern") else 0.0,
        "sexual_harm_concern": 1.0 if facts.says("sexual_harm_concern") else 0.0,
        "lives_with_accused_parent": 1.0 if facts.says("lives_with_accused_parent") else 0.0,
        "disagreement_with_la_plan": 0.12 if public else 0.0,
        "child_not_seen": 0.05 if facts.says("child_seen_required") else 0.0,
        "finding_of_fact": 0.08 if facts.says("da_disclosed") and not public else 0.0,
        "special_guardianship_checks": 0.06 if public else 0.0,
        "home_education_or_private_fostering": 0.02,
        "complaint_by_child": 0.01 if facts.says("can_express_view") else 0.0,
        "practitioner_asks": 0.07,
        "departure_from_starting_point": 0.04,
    }
    facts.triggers = [trigger for trigger, chance in chances.items() if rng.random() < chance]


def _draw_points(rng: Random, facts: Facts, *, closed: bool) -> None:
    def follows(trigger: str) -> float:
        return 1.0 if trigger in facts.triggers else 0.0

    letter_done = facts.work_type == "wtfh" and facts.says("filing_made")
    chances = {
        ALLOCATION: 0.45 if facts.says("allocated") else 0.0,
        "new_risk_information": 0.5 if "significant_harm_or_16a" in facts.triggers else 0.2,
        CLOSING: 1.0 if closed else 0.06,
        "departure_from_starting_point": follows("departure_from_starting_point"),
        "child_not_seen": follows("child_not_seen"),
        EXTENSION: 0.75,
        "complaint": max(follows("complaint_by_child"), 0.015),
        "end_of_wtfh": 0.8 if letter_done else 0.0,
        "disagreement_with_la": follows("disagreement_with_la_plan"),
    }
    facts.points = [point for point, chance in chances.items() if rng.random() < chance]


def draw_the_rest(rng: Random, facts: Facts) -> None:
    """What fits what is known already: work with the child, how the adults stand, what is planned.

    Drawn by lots of their own, so that whatever was drawn before there were these facts stays as it was.
    """
    private, quick = facts.law_type == "private", facts.work_type == "wtfh"
    begun = yes_or_no(rng, 0.1 if quick else 0.93 if facts.says("allocated") else 0.4)
    seen = 0.0 if begun == "no" or "child_not_seen" in facts.triggers else 0.9
    age = int(facts.known["child_age"] or 7)
    offence = 0.7 if facts.says("sexual_harm_concern") else 0.14 if facts.says("da_disclosed") else 0.01
    guardianship = 1.0 if "special_guardianship_checks" in facts.triggers else 0.1 if facts.work_type == "s31" else 0.0
    facts.known |= {
        "contact_began": begun,
        "child_recorded_as_seen": yes_or_no(rng, seen),
        "of_age_to_be_seen_alone": yes_or_no(rng, 0.97 if age >= 5 else 0.5 if age >= 3 else 0.0),
        "child_made_contact": yes_or_no(rng, 0.12 if begun == "yes" and facts.says("can_express_view") else 0.0),
        "child_complained": yes_or_no(rng, 1.0 if "complaint_by_child" in facts.triggers else 0.0),
        "high_conflict": yes_or_no(rng, 0.02 if not private else 0.04 if quick else 0.22),
        "serious_offence_described": yes_or_no(rng, offence),
        "new_information_while_held": yes_or_no(rng, 0.06 if facts.says("allocated") else 0.35),
        "care_order_at_home_planned": yes_or_no(rng, 0.11 if facts.work_type == "s31" else 0.0),
        "special_guardianship_planned": yes_or_no(rng, guardianship),
    }
    for column in _NOTICED_LATER:
        if rng.random() < _UNKNOWN_SHARE:
            facts.known[column] = ""


def _forget_some(rng: Random, facts: Facts) -> None:
    """Here and there a fact was never written down."""
    denied = tuple(column for column in _MAY_BE_UNKNOWN_IF_NO if facts.denies(column))
    for column in (*_MAY_BE_UNKNOWN, *denied):
        if rng.random() < _UNKNOWN_SHARE:
            facts.known[column] = ""
