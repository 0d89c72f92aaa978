"""The names a measure may speak of, by what it counts. One table; the reference lists it."""

from audit_engine.definitions.conditions import TEXT, YES_NO, Kind
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.scales import NO_GRADE

COUNTED = ("audits", "moderations", "observations", "open_cases")
STREAMS = ("local", "national", "performance_board", "thematic")
APPLICABILITY = ("expected", "not_expected_by_rule", "not_expected_by_judgement", "not_expected", "cannot_tell")


def names_for(counted: str, rubric: ReadRubric) -> dict[str, Kind]:
    """The names a condition over `counted` may use."""
    if counted == "observations":
        work_type = rubric.codebook.fact("work_type")
        kind = work_type.kind if work_type else TEXT
        return {
            "observation.consent": YES_NO,
            "observation.work_type": kind,
            "observation.area": TEXT,
            "observation.team": TEXT,
        }
    facts = {name: kind for name, kind in rubric.codebook.kinds.items() if kind.word != "words"}
    if counted == "open_cases":
        # What is worked out on the day of an audit is not known of a case that is not being audited.
        facts = {name: kind for name, kind in facts.items() if rubric.codebook.is_listed(name.removeprefix("facts."))}
        return facts | {"case.area": TEXT, "case.team": TEXT}
    grade = Kind("word", rubric.scale.ids)
    names = facts | {
        "audit.stream": Kind("word", STREAMS),
        "audit.graded": YES_NO,
        "audit.imported": YES_NO,
        "audit.collaborative": YES_NO,
        "audit.feedback": Kind("word", ("given", "none")),
        "audit.overall": grade,
        "audit.final_overall": grade,
        "audit.area": TEXT,
        "audit.team": TEXT,
    }
    for criterion in rubric.criteria:
        names[f"grade.{criterion}"] = Kind("word", (*rubric.scale.ids, NO_GRADE))
        names[f"applies.{criterion}"] = Kind("word", APPLICABILITY)
        names[f"evidence.{criterion}"] = Kind("word", ("found", "partly", "not_found", NO_GRADE))
        names[f"impact.{criterion}"] = Kind("word", ("yes", "no", "cannot_tell", NO_GRADE))
    if counted == "moderations":
        names |= {
            "moderation.direction": Kind("word", ("agreed", "raised", "lowered")),
            "moderation.blind_overall": grade,
            "moderation.decided_overall": grade,
        }
    return names
