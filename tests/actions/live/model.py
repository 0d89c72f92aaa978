"""What should happen to one audit, as simply as it can be said: no database, no workflow file, no conditions.

Each `against_...` gives the names of the reasons an action must be refused with; empty when it must be carried out.
"""

from dataclasses import dataclass, field

from audit_engine.statistics.sampling import selected_for_moderation

from .at_work import ADA, BY_RULE, CARA, DAN, DEE, EDGAR, EVE, LEAD

GRADES = ("inadequate", "requires_improvement", "good", "outstanding")
SAFETY = ("safe.risk_identified", "safe.risk_reasoning", "safe.da_assessed")
AUDITORS, HEADS = (DEE, DAN, EDGAR), (EVE, EDGAR)
OPEN = ("allocated", "grading", "submitted", "moderation", "returned", "decided", "shared", "answered")
FROM = {"acknowledge": "raised", "act": "acknowledged", "close": "acted"}
Said = tuple[str, str | None, bool]
"""Applicability, grade, and whether a note and a pointer stand with it."""
Rules = set[str]


@dataclass
class Concern:
    """One escalation."""

    raised_by: str
    stage: str = "raised"


@dataclass
class Model:
    """One audit."""

    reference: str
    auditor: str
    expected: tuple[str, ...]
    stage: str = "allocated"
    stood: str = "allocated"
    """Where it was last seen."""
    turn: int = 2
    migrated: bool = False
    """It is under the other text of its workflow."""
    locked: bool = False
    ratings: dict[str, Said] = field(default_factory=dict)
    undoable: list[tuple[str, Said | None]] = field(default_factory=list)
    """Answers since the last move: what stood before each."""
    newer: list[tuple[int, str]] = field(default_factory=lambda: [(2, "moved")])
    """Turn, and the criterion that was answered or `moved`."""
    overall: str | None = None
    final_overall: str | None = None
    selected: bool | None = None
    moderator: str | None = None
    answer: str | None = None
    moderation: str | None = None
    """The stage of the newest moderation."""
    blind: dict[str, Said] = field(default_factory=dict)
    blind_overall: str | None = None
    decisions: dict[str, Said | None] = field(default_factory=dict)
    concerns: list[Concern] = field(default_factory=list)
    graders: set[str] = field(default_factory=set)
    """Who graded it as its auditor, ever."""
    compared: set[str] = field(default_factory=set)
    """Who returned it, having compared."""
    managing: set[str] = field(default_factory=set)
    """Who manages the practitioner's team today, beside their manager."""

    # Who may

    def may(self, action: str, who: str) -> Rules:
        """Of the grants, and of four eyes at every save."""
        manages = who == CARA or who in self.managing
        if action == "grade":
            if who != self.auditor:
                return {"grade"}
            return {"auditor_has_a_conflict"} if who in self.managing else set()
        if action == "moderate":
            if who not in HEADS:
                return {"moderate"}
            against = {"moderator_is_auditor"} if who == self.auditor else set()
            if who in self.managing:
                against |= {"moderator_has_a_conflict"}
                against |= {"auditor_has_a_conflict"} if who == self.auditor else set()
            elif who in self.graders | self.compared and who != self.auditor:
                against |= {"moderator_has_a_conflict"}
            return against
        if action == "answer":
            return set() if who == ADA else {"answer"}
        everybody = who in (LEAD, ADA, *HEADS) or manages or who == self.auditor
        return set() if everybody else {action}

    def stale(self, seen: int | None, criterion: str | None) -> Rules:
        """Somebody moved it, or answered the same criterion, since."""
        if seen is None:
            return set()
        return {"turn"} if any(turn > seen and about in ("moved", criterion) for turn, about in self.newer) else set()

    # What grades permit

    def barred(self, ratings: dict[str, Said], overall: str) -> Rules:
        """The limiting rules that bar an overall grade: those that hold, or that what is missing could make hold."""
        given = {name: said[1] for name, said in ratings.items() if said[0] == "expected"}
        missing = self.missing(ratings)
        worst = {
            "L1": (0, any(given.get(name) == "inadequate" or name in missing for name in SAFETY)),
            "L2": (1, given.get("ov.mgmt_oversight") == "inadequate" or "ov.mgmt_oversight" in missing),
            "L3": (2, bool(missing) or given.get("imp.difference") != "outstanding" or _below_good(given)),
            "L4": (1, given.get("safe.da_assessed") == "requires_improvement" or "safe.da_assessed" in missing),
            "L5": (1, given.get("heard.seen") == "inadequate" or "heard.seen" in missing),
            "L6": (1, bool(missing) or _too_much(given)),
        }
        return {rule for rule, (most, binds) in worst.items() if binds and GRADES.index(overall) > most}

    def missing(self, ratings: dict[str, Said]) -> set[str]:
        return {name for name in self.expected if name not in ratings}

    def at_risk(self, ratings: dict[str, Said]) -> Rules:
        """A child may be at risk, and nobody is being told: these concerns name no criterion."""
        found = any(ratings.get(name, ("", None))[1] == "inadequate" for name in SAFETY)
        return {"safety_critical_inadequate_is_escalated"} if found and not self.open_concern else set()

    # The auditor

    def against_rating(self, who: str, criterion: str, seen: int | None = None) -> Rules:
        return self.may("grade", who) or self.stale(seen, criterion) or self._closed_to_grades()

    def _closed_to_grades(self) -> Rules:
        if self.locked:
            return {"locked"}
        return set() if self.stage in ("grading", "returned") else {"stage"}

    def against_undoing(self, who: str) -> Rules:
        return self.may("grade", who) or self._closed_to_grades() or (set() if self.undoable else {"undo"})

    def against_submitting(self, who: str, overall: str, seen: int | None = None) -> Rules:
        early = self.may("grade", who) or self.stale(seen, None)
        if early:
            return early
        if self.stage not in ("grading", "returned"):
            return {"stage"} | self.held(who)
        graded = [said for said in self.ratings.values() if said[1] is not None]
        found = {"every_expected_criterion_answered"} if self.missing(self.ratings) else set()
        if any(grade in ("inadequate", "outstanding") and not noted for _, grade, noted in graded):
            found |= {"evidence_where_demanded"}
        if any(grade != "good" and not noted for _, grade, noted in graded):
            found |= {"notes_where_demanded"}
        if self.barred(self.ratings, overall):
            found |= {"overall_chosen_and_permitted"}
        return found | self.at_risk(self.ratings)

    def submitted(self, overall: str) -> None:
        self.overall, self.locked, self.undoable = overall, True, []
        if self.selected is None:
            by_lot = selected_for_moderation("heron", self.reference, 10)
            self.selected = overall in ("inadequate", "outstanding") or by_lot
        self.ratings |= {name: ("not_expected_by_rule", None, False) for name in BY_RULE if name not in self.ratings}
        self.moved("submitted" if self.selected else "decided")
        if not self.selected:
            self.final_overall = overall

    # Moves

    def moved(self, to: str) -> None:
        self.stage, self.undoable = to, []
        self.turned("moved")

    def turned(self, about: str) -> None:
        self.turn += 1
        self.newer.append((self.turn, about))

    def against_moving(self, who: str, by: tuple[str, ...], leaves: tuple[str, ...], more: Rules) -> Rules:
        """Of a plain move: `more` is what its guards say once it leaves this stage."""
        early = self.may("move", who)
        if early:
            return early
        against = set() if who in by else {"by"}
        if LEAD not in by or leaves != OPEN:  # to withdraw it breaks the hold
            against = self.held(who) or against
        # Whoever may not do it is not told of what is open by its refusal.
        more = more - {"no_open_escalation", "closed"} if against else more
        return against | (more if self.stage in leaves else {"stage"})

    @property
    def open_concern(self) -> Rules:
        return {"no_open_escalation"} if any(one.stage != "closed" for one in self.concerns) else set()

    def held(self, who: str) -> Rules:
        """While somebody moderates it, everybody else only reads."""
        return {"held"} if self.stage == "moderation" and who != self.moderator else set()

    @property
    def still_open(self) -> Rules:
        """What stands in the way of an end: a concern; a follow-up or a challenge, which nobody ends here."""
        hanging = self.answer == "challenged" or (self.final_overall == "inadequate" and self.stage in OPEN)
        return self.open_concern | ({"closed"} if hanging else set())

    def against_reallocating(self, who: str, to: str) -> Rules:
        early = self.may("move", who)
        if early:
            return early
        if to not in AUDITORS:
            return {"auditor"}
        against = self.held(who) or (set() if who == LEAD else {"by"})
        against |= {"auditor_has_a_conflict"} if to in self.managing else set()
        against |= {"moderator_has_a_conflict"} if self.moderator in self.managing else set()
        against |= {"moderator_is_auditor"} if to == self.moderator else set()
        against |= {"auditor"} if to == self.auditor else set()
        return against | (set() if self.stage in ("allocated", "grading", "returned") else {"stage"})

    # Moderation

    def against_taking(self, who: str) -> Rules:
        early = self.may("moderate", who)
        if early:
            return early
        against = self.held(who) or ({"by"} if self.moderator not in (None, who) else set())
        return against | (set() if self.stage == "submitted" else {"stage"})

    def against_moderating(self, who: str, at: str) -> Rules:
        """What every step of a moderation asks first; `at` is its stage for the step."""
        early = self.may("moderate", who)
        if early:
            return early
        if self.stage != "moderation":
            return {"stage"}
        if self.moderator != who:
            return {"by"}
        return set() if self.moderation == at else {"locked"}

    def against_locking(self, who: str) -> Rules:
        early = self.against_moderating(who, "blind")
        if early:
            return {"stage"} if early == {"locked"} else early
        missing = self.missing(self.blind)
        found = {"blind_grades_complete"} if missing or self.blind_overall is None else set()
        if self.blind_overall is not None and not missing:
            found |= self.barred(self.blind, self.blind_overall)
        return found | self.at_risk(self.blind)

    @property
    def differing(self) -> list[str]:
        names = {**self.ratings, **self.blind}
        return [name for name in names if _answer(self.ratings.get(name)) != _answer(self.blind.get(name))]

    def standing(self) -> dict[str, Said]:
        stands = {name: self.decisions.get(name) for name in self.differing}
        return {**self.ratings, **{name: said for name, said in stands.items() if said is not None}}

    def against_finalising(self, who: str, overall: str) -> Rules:
        early = self.against_moderating(who, "compared")
        if early:
            return early
        found = {"every_disagreement_decided"} if set(self.differing) - set(self.decisions) else set()
        found |= self.barred(self.standing(), overall) | self.at_risk(self.standing())
        return found | ({"auditor_has_a_conflict"} if self.auditor in self.managing else set())

    # Escalations

    def oldest_open(self) -> Concern | None:
        return next((one for one in self.concerns if one.stage != "closed"), None)

    def meant(self, who: str, event: str) -> Concern | None:
        """The oldest open one with which it can be done, else one at its stage, else the oldest."""
        there = [one for one in self.concerns if one.stage != "closed"]
        at = [one for one in there if one.stage == FROM[event]]
        can = [one for one in at if event != "close" or one.raised_by != who]
        return next(iter((*can, *at, *there)), None)

    def against_working_off(self, who: str, event: str) -> Rules:
        early = self.may("escalate", who)
        if early:
            return early
        concern = self.meant(who, event)
        if concern is None:
            return {"escalation"}
        against = set() if who in (CARA, LEAD, *HEADS) else {"by"}
        if concern.stage != FROM[event]:
            return against | {"stage"}
        return against | ({"closed_by_somebody_else"} if event == "close" and concern.raised_by == who else set())


def _below_good(given: dict[str, str | None]) -> bool:
    return any(grade in ("inadequate", "requires_improvement") for grade in given.values())


def _too_much(given: dict[str, str | None]) -> bool:
    found = list(given.values())
    return "inadequate" in found or found.count("requires_improvement") >= 3


def _answer(said: Said | None) -> tuple[str, str | None]:
    if said is None or said[0].startswith("not_expected"):
        return ("not_expected", None)
    return said[:2]
