"""What children, families and professionals said of audited work, when they were asked."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from audit_engine.training.audits import Audit
from audit_engine.training.draws import chosen, pick
from audit_engine.training.size import Size
from audit_engine.training.words import RESPONDENTS

_NOTES: Final = {
    "listened_to": ("Felt listened to at every visit.", "Would have liked more time to say what mattered."),
    "kept_told": ("Knew what would happen next.", "Did not hear for some weeks who was coming."),
    "understood_why": ("Could say why the advice was given.", "Heard the outcome but not the reasons."),
    "letter": ("Kept the letter; it sounded like somebody who knew us.", "The letter came after the last visit."),
    "respect": ("Spoken to with respect, also in disagreement.", "The report used words we do not use."),
    "on_time": ("Came when they said they would.", "Two meetings were moved at short notice."),
}
"""By theme: one thing said in praise, one in complaint."""
_FOR_CHILDREN: Final = "letter"
_PRAISE_SHARE: Final = 0.7
_CHANNELS: Final = {"conversation": 45.0, "telephone": 25.0, "letter": 5.0, "survey": 15.0, "qr_code": 10.0}
_DECLINED_SHARE: Final = 0.12
"""Of respondents who gave nothing, the share who were asked and declined."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One line of feedback.csv, about an audit."""

    audit: str
    respondent: str
    received_on: date
    """When the answer came, also the answer that they would rather not."""
    channel: str
    given: bool
    theme: str = ""
    text: str = ""


def feedback_of(rng: Random, audits: list[Audit], size: Size) -> list[Feedback]:
    """Exactly as many lines as wanted, about audits that hold feedback, in the order of the audits."""
    asked = [
        (audit, respondent)
        for audit in audits
        if audit.feedback_from
        for respondent in RESPONDENTS
        if respondent in audit.feedback_from or rng.random() < _DECLINED_SHARE
    ]
    return [_answer(rng, audit, respondent) for audit, respondent in chosen(rng, asked, size.feedback_lines)]


def _answer(rng: Random, audit: Audit, respondent: str) -> Feedback:
    day = audit.practice_to + timedelta(days=rng.randrange((audit.audited_on - audit.practice_to).days + 1))
    channel = pick(rng, _CHANNELS)
    if respondent not in audit.feedback_from:
        return Feedback(audit.audit, respondent, day, channel, given=False)
    theme = rng.choice([theme for theme in _NOTES if theme != _FOR_CHILDREN or respondent == "child"])
    praise, complaint = _NOTES[theme]
    text = praise if rng.random() < _PRAISE_SHARE else complaint
    return Feedback(audit.audit, respondent, day, channel, given=True, theme=theme, text=text)
