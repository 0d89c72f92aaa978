"""Random people moderate audits: each rule beside what the model says of it."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from .at_work import CARA, EDGAR, EVE
from .model import GRADES, Said
from .random_grading import KEY_CRITERIA, GradedAudits, grades, mostly, saying, which


class ModeratedAudits(GradedAudits):
    """The same audits, and their moderations."""

    @rule(n=which, who=st.sampled_from((EVE, EVE, EDGAR, EDGAR, CARA)))
    def take(self, n: int, who: str) -> None:
        model = self.apt(n, "submitted")
        if self.attempt("take", model.against_taking(who), lambda: self.live.take(model.reference, who)):
            model.moderator, model.moderation = who, "blind"
            model.blind, model.blind_overall, model.decisions = {}, None, {}
            model.moved("moderation")

    @rule(n=which, who=mostly("moderator"), criterion=st.sampled_from(KEY_CRITERIA), grade=grades)
    def rate_blind(self, n: int, who: str, criterion: str, grade: str) -> None:
        model = self.apt(n, "moderation")
        who = self._who(model, who)
        said = saying(criterion, grade, noted=True) | {"blind": True}
        against = model.against_moderating(who, "blind")
        if self.attempt("rate_blind", against, lambda: self.live.rate(model.reference, who, criterion, **said)):
            model.blind[criterion] = ("expected", grade, True)
            model.turned(f"blind {criterion}")

    @precondition(lambda self: any(model.moderation == "blind" for model in self.models))
    @rule(n=which, lock=st.booleans(), bad=st.sampled_from((None, *KEY_CRITERIA)))
    def rate_the_rest_blind(self, n: int, lock: bool, bad: str | None) -> None:
        """As the auditor did, so that some agree; with an overall grade, and locked, more often than not."""
        model = self.apt(n, "moderation")
        who = model.moderator or EVE
        if model.against_moderating(who, "blind"):
            return
        for criterion in sorted(model.missing(model.blind)):
            worse = "requires_improvement" if criterion == "safe.da_assessed" else "inadequate"
            grade = worse if criterion == bad else model.ratings[criterion][1] or "good"
            said = saying(criterion, grade, noted=True) | {"blind": True}
            self.live.rate(model.reference, who, criterion, **said)
            model.blind[criterion] = ("expected", grade, True)
            model.turned(f"blind {criterion}")
        if lock:
            self.blind_overall(self.place(model), who, "outstanding")
            best = next(grade for grade in reversed(GRADES) if not model.barred(model.blind, grade))
            self.blind_overall(self.place(model), who, best)
            self.lock(self.place(model), who)

    @rule(n=which, who=mostly("moderator"), overall=grades)
    def blind_overall(self, n: int, who: str, overall: str) -> None:
        model = self.apt(n, "moderation")
        who = self._who(model, who)
        against = model.against_moderating(who, "blind") or model.barred(model.blind, overall)
        if self.attempt("blind_overall", against, lambda: self.live.blind_overall(model.reference, who, overall)):
            model.blind_overall = overall
            model.turned("blind overall")

    @rule(n=which, who=mostly("moderator"))
    def lock(self, n: int, who: str) -> None:
        model = self.apt(n, "moderation")
        who = self._who(model, who)
        if self.attempt("lock", model.against_locking(who), lambda: self.live.lock(model.reference, who)):
            model.moderation = "compared"
            model.turned("locked")

    @rule(n=which, who=mostly("moderator"), pick=st.integers(0, 40),
          whose=st.sampled_from(("auditor", "moderator", "other")), grade=grades,
          reason=st.sampled_from(("Seen.", "Seen.", " ")))  # fmt: skip
    def decide(self, n: int, who: str, pick: int, whose: str, grade: str, reason: str) -> None:
        model = self.apt(n, "moderation")
        who = self._who(model, who)
        names = [*model.differing, "rec.readable"]
        criterion = names[pick % len(names)]
        against = model.against_moderating(who, "compared")
        if not against and criterion not in model.differing:
            against = {"criterion"}
        elif not against and reason == " ":
            against = {"reason"}
        said: dict[str, Any] = {"grade": grade, "reason": reason}
        if self.attempt("decide", against, lambda: self.live.decide(model.reference, who, criterion, whose, **said)):
            noted = model.ratings[criterion][2]
            theirs = model.blind.get(criterion, ("not_expected_by_rule", None, False))
            stands: dict[str, Said | None] = {"auditor": None, "moderator": (theirs[0], theirs[1], noted)}
            model.decisions[criterion] = stands.get(whose, ("expected", grade, noted))
            model.turned(f"decided {criterion}")

    @precondition(lambda self: any(model.moderation == "compared" for model in self.models))
    @rule(n=which, whose=st.sampled_from(("auditor", "moderator")))
    def decide_the_rest_and_finalise(self, n: int, whose: str) -> None:
        model = self.apt(n, "moderation")
        who = model.moderator or EVE
        self.finalise(self.place(model), who, "inadequate")
        if model.stage != "moderation":
            return
        for criterion in model.differing:
            if criterion not in model.decisions:
                pick = [*model.differing, "rec.readable"].index(criterion)
                self.decide(self.place(model), who, pick, whose, "good", "Seen.")
        overall = next(grade for grade in reversed(GRADES) if not model.barred(model.standing(), grade))
        self.finalise(self.place(model), who, overall)

    @rule(n=which, who=mostly("moderator"), overall=grades)
    def finalise(self, n: int, who: str, overall: str) -> None:
        model = self.apt(n, "moderation")
        who = self._who(model, who)
        against = model.against_finalising(who, overall)
        if self.attempt("finalise", against, lambda: self.live.finalise(model.reference, who, overall, "Weighed.")):
            same = overall == model.overall and all(said is None for said in model.decisions.values())
            model.moderation = "agreed" if same else "adjusted"
            model.ratings, model.final_overall = model.standing(), overall
            model.moved("decided")

    @rule(n=which, who=mostly("moderator"))
    def give_back(self, n: int, who: str) -> None:
        model = self.apt(n, "moderation")
        who = self._who(model, who)
        against = model.against_moderating(who, "compared")
        if self.attempt("return", against, lambda: self.live.give_back(model.reference, who)):
            model.compared.add(who)
            model.moderator, model.moderation, model.locked = None, "returned", False
            model.moved("returned")
