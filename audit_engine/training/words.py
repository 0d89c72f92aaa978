"""The words the files are written in: the closed lists the import knows, and the grades in their order."""

from typing import Final

GRADES: Final = ("inadequate", "requires_improvement", "good", "outstanding")
"""Worst first, so that a later place is a better grade."""

CRITICAL: Final = ("safe.risk_identified", "safe.risk_reasoning", "safe.da_assessed", "safe.sexual_harm")
"""One of these inadequate makes the whole audit inadequate."""

OVERSIGHT: Final = "ov.mgmt_oversight"
SUPERVISION: Final = "ov.supervision"
IMPACT: Final = "imp.difference"

CRITERIA: Final = (
    *CRITICAL,
    "safe.s16a",
    "heard.seen",
    "heard.wishes",
    "heard.uniqueness",
    "rep.plan",
    "rep.advice",
    "rep.delay",
    "en.letters",
    "en.recs_shared",
    "en.family_understand",
    OVERSIGHT,
    SUPERVISION,
    IMPACT,
    "rec.readable",
)

OVER_52_WEEKS: Final = "open_over_52_weeks"
TRIGGERS: Final = (
    "significant_harm_or_16a",
    "sexual_harm_concern",
    "lives_with_accused_parent",
    "disagreement_with_la_plan",
    "child_not_seen",
    OVER_52_WEEKS,
    "finding_of_fact",
    "special_guardianship_checks",
    "home_education_or_private_fostering",
    "complaint_by_child",
    "practitioner_asks",
    "departure_from_starting_point",
)
"""Why situational supervision is expected, in the order they are written."""

ALLOCATION: Final = "allocation"
CLOSING: Final = "decision_to_close"
EXTENSION: Final = "extension_or_delay"
OVERSIGHT_POINTS: Final = (
    ALLOCATION,
    "new_risk_information",
    CLOSING,
    "departure_from_starting_point",
    "child_not_seen",
    EXTENSION,
    "complaint",
    "end_of_wtfh",
    "disagreement_with_la",
)
"""Why management oversight is expected, in the order they are written."""

STANDARD_WEEKS: Final = {"wtfh": 12, "wafh_s7": 26, "s7_addendum": 12, "r16_4": 59, "s31": 43, "other_public": 43}
"""How long each kind of work usually takes, in weeks: the table of the case_facts codebook."""

RESPONDENTS: Final = ("child", "parent", "carer", "professional")

NOT_EXPECTED_REASONS: Final = {
    OVERSIGHT: ("point_outside_period", "oversight_not_yet_due", "point_recorded_in_error"),
    SUPERVISION: ("event_outside_period", "supervision_not_yet_due", "covered_by_earlier_session"),
}
"""Why an auditor may judge it not expected, in the ids of the shared criteria. The first is the usual one."""
