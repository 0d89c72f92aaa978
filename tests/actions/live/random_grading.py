"""Random people grade, hand in, share, answer and withdraw audits: each rule beside what the model says of it."""

import tempfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow import ways_from
from audit_engine.engine.permission import Actor
from audit_engine.problems import Refused

from .at_work import ADA, CARA, DAN, DEE, EDGAR, EVE, LADDERS, LEAD, MAX, Live
from .conftest import copied
from .model import GRADES, OPEN, Concern, Model, Rules, Said
from .other_texts import LONGER, changed

PEOPLE = (LEAD, ADA, CARA, DEE, DAN, EVE, EDGAR, MAX)
MOVABLE = (DEE, DAN, EVE, EDGAR)
"""People who may begin to manage the practitioner's team."""
LEFT_OUT = {"rep.plan": "plan_not_yet_due", "heard.seen": "seen_just_before", "ov.supervision": "no_trigger_in_window"}
NEXT = {"raised": "acknowledge", "acknowledged": "act", "acted": "close"}
KEY_CRITERIA = ("safe.da_assessed", "heard.seen", "ov.mgmt_oversight", "imp.difference", "rep.plan", "ov.supervision")


@dataclass
class Quick(Live):
    """A workspace whose people are looked up once, until somebody's roles change."""

    known: dict[str, Actor] = field(default_factory=dict)

    def who(self, name: str) -> Actor:
        if name not in self.known:
            self.known[name] = super().who(name)
        return self.known[name]


which = st.integers(0, 5)
"""Which of the audits: above those there are, one that stands where it can be done, see `apt`."""
grades = st.sampled_from(GRADES)


def mostly(right: str) -> st.SearchStrategy[str]:
    """The word `right`, which the machine reads as whoever it is for, more often than anybody."""
    return st.one_of(st.just(right), st.just(right), st.just(right), st.sampled_from(PEOPLE))


class GradedAudits(RuleBasedStateMachine):
    """Two audits of one workspace, and the model of each."""

    template: ClassVar[Path]
    started: ClassVar[list[Model]]
    catalogue: ClassVar[Catalogue]
    fired: ClassVar[Counter[str]] = Counter()
    reached: ClassVar[Counter[str]] = Counter()
    edges: ClassVar[set[tuple[str, str]]] = set()

    @initialize(chosen=st.permutations(range(6)))
    def begin(self, chosen: list[int]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="audits-"))
        self.open(self.template, [deepcopy(self.started[place]) for place in chosen[:2]])

    def open(self, template: Path, models: list[Model], later: timedelta = timedelta(days=1)) -> None:
        """Go on from a file and what the model says of its audits."""
        live = copied(template, self.folder / "workspace.db", self.catalogue)
        self.live = Quick(live.db, live.address, live.catalogue, live.now + later, live.audits)
        self.models, self.managing = models, set[str]()
        for model in self.models:
            model.managing = self.managing
        workflow = self.catalogue.workflow("case_audit").workflow
        self.legal = {(stage, to) for stage in OPEN for _, to in ways_from(workflow, stage)}

    def attempt(self, name: str, against: Rules, act: Callable[[], object]) -> bool:
        """Whether it was carried out; it must be exactly when the model has nothing against it."""
        self.fired[name] += 1
        said: Refused | None = None
        try:
            act()
        except Refused as refused:
            said = refused
        found = set() if said is None else {reason.rule for reason in said.reasons}
        assert found == against, (name, str(said), against)
        self.reached.update(found)
        if found:
            return False
        self.fired[f"{name}, done"] += 1
        return True

    def apt(self, n: int, *stages: str) -> Model:
        """The audit of this number; above them, the first that is at one of these stages, more often than not."""
        found = [model for model in self.models if model.stage in stages]
        return found[0] if n >= len(self.models) and found else self.models[n % len(self.models)]

    def place(self, model: Model) -> int:
        return self.models.index(model)

    def _who(self, model: Model, who: str) -> str:
        return {"auditor": model.auditor, "moderator": model.moderator or EVE}.get(who, who)

    def _seen(self, model: Model, behind: int) -> Command:
        return Command(turn=None if behind == 0 else max(1, model.turn - behind + 1))

    # Rating

    @rule(n=which, who=mostly("auditor"), criterion=st.sampled_from(KEY_CRITERIA), grade=grades, noted=st.booleans(),
          behind=st.integers(0, 4))  # fmt: skip
    def rate(self, n: int, who: str, criterion: str, grade: str, noted: bool, behind: int) -> None:
        model = self.apt(n, "grading", "returned")
        who = self._who(model, who)
        command = self._seen(model, behind)
        against = model.against_rating(who, criterion, command.turn)
        said = saying(criterion, grade, noted=noted)
        if self.attempt(
            "rate", against, lambda: self.live.rate(model.reference, who, criterion, command=command, **said)
        ):
            self._rated(model, criterion, ("expected", grade, noted))

    @rule(n=which, criterion=st.sampled_from(sorted(LEFT_OUT)), told=st.booleans())
    def leave_out(self, n: int, criterion: str, told: bool) -> None:
        model = self.apt(n, "grading", "returned")
        who, against = model.auditor, model.against_rating(model.auditor, criterion)
        said: dict[str, Any] = {"not_expected": LEFT_OUT[criterion]} if told else {"cannot_tell": "system_gap"}
        if self.attempt("leave_out", against, lambda: self.live.rate(model.reference, who, criterion, **said)):
            noted = model.ratings.get(criterion, ("", None, False))[2]
            self._rated(model, criterion, ("not_expected_by_judgement" if told else "cannot_tell", None, noted))

    @precondition(lambda self: any(model.stage in ("grading", "returned") for model in self.models))
    @rule(n=which, grade=st.sampled_from(("good", "good", "outstanding")))
    def rate_the_rest(self, n: int, grade: str) -> None:
        model = self.apt(n, "grading", "returned")
        for criterion in sorted(model.missing(model.ratings)):
            against = model.against_rating(model.auditor, criterion)
            said = saying(criterion, grade, noted=True)
            who = model.auditor
            if not self.attempt(
                "rate_the_rest", against, partial(self.live.rate, model.reference, who, criterion, **said)
            ):
                return
            self._rated(model, criterion, ("expected", grade, True))

    def _rated(self, model: Model, criterion: str, said: Said) -> None:
        model.graders.add(model.auditor)
        model.undoable.append((criterion, model.ratings.get(criterion)))
        model.ratings[criterion] = said
        model.turned(criterion)

    @rule(n=which, who=mostly("auditor"))
    def undo(self, n: int, who: str) -> None:
        model = self.apt(n, "grading", "returned")
        who = self._who(model, who)
        if self.attempt("undo", model.against_undoing(who), lambda: self.live.undo(model.reference, who)):
            criterion, before = model.undoable.pop()
            if before is None:
                del model.ratings[criterion]
            else:
                model.ratings[criterion] = before
            model.turned(criterion)

    @rule(n=which, wrong=st.sampled_from(("criterion", "answer")))
    def rate_wrongly(self, n: int, wrong: str) -> None:
        model = self.apt(n, "grading", "returned")
        against = model.against_rating(model.auditor, "") or {wrong}
        criterion, grade = ("rep.plan", "brilliant") if wrong == "answer" else ("rep.pla", "good")
        who = model.auditor
        self.attempt("rate_wrongly", against, lambda: self.live.rate(model.reference, who, criterion, grade=grade))

    # Moving

    @rule(n=which, who=mostly("auditor"))
    def begin_audit(self, n: int, who: str) -> None:
        model = self.apt(n, "allocated")
        who = self._who(model, who)
        against = model.against_moving(who, (model.auditor,), ("allocated",), set())
        if self.attempt("begin", against, lambda: self.live.move(model.reference, who, "begin")):
            model.moved("grading")

    @rule(n=which, who=mostly("auditor"), overall=grades, behind=st.integers(0, 3))
    def submit(self, n: int, who: str, overall: str, behind: int) -> None:
        model = self.apt(n, "grading", "returned")
        who = self._who(model, who)
        command = self._seen(model, behind)
        against = model.against_submitting(who, overall, command.turn)
        said: dict[str, Any] = {"command": command, "overall_reason": "Weighed."}
        if self.attempt("submit", against, lambda: self.live.submit(model.reference, who, overall, **said)):
            model.submitted(overall)

    @precondition(lambda self: any(model.stage in ("grading", "returned") for model in self.models))
    @rule(n=which, bad=st.sampled_from((None, "safe.da_assessed", *KEY_CRITERIA)), whole=st.booleans())
    def submit_what_is_permitted(self, n: int, bad: str | None, whole: bool) -> None:
        model = self.apt(n, "grading", "returned")
        if bad is not None and not model.against_rating(model.auditor, bad):
            who, said = model.auditor, saying(bad, "inadequate", noted=not whole)
            self.live.rate(model.reference, who, bad, **said)
            self._rated(model, bad, ("expected", "inadequate", not whole))
        if whole:
            self.rate_the_rest(self.place(model), "good")
            self.submit(self.place(model), "auditor", "outstanding", 0)
            self.submit(self.place(model), "auditor", "good", 0)
            if model.at_risk(model.ratings):
                self.escalate(self.place(model), LEAD)
        overall = next(grade for grade in reversed(GRADES) if not model.barred(model.ratings, grade))
        self.submit(self.place(model), "auditor", overall, 0)

    @rule(n=which, who=mostly(LEAD), to=st.sampled_from((DEE, DAN, EDGAR, CARA)))
    def reallocate(self, n: int, who: str, to: str) -> None:
        model = self.apt(n, "allocated", "returned")
        if self.attempt(
            "reallocate", model.against_reallocating(who, to), lambda: self.live.reallocate(model.reference, who, to)
        ):
            model.auditor = to
            model.moved("allocated")

    @rule(n=which, who=mostly("auditor"))
    def share(self, n: int, who: str) -> None:
        model = self.apt(n, "decided")
        who = self._who(model, who)
        against = model.against_moving(who, (model.auditor, LEAD), ("decided",), set())
        if self.attempt("share", against, lambda: self.live.move(model.reference, who, "share")):
            model.moved("shared")

    @rule(
        n=which, who=mostly(ADA), said=st.sampled_from(("accepted", "challenged")),
        words=st.sampled_from(("", "I see it differently.")),
    )  # fmt: skip
    def answer(self, n: int, who: str, said: str, words: str) -> None:
        model = self.apt(n, "shared")
        against = model.may("answer", who) or (set() if words or said == "accepted" else {"answer"}) | (
            set() if model.stage == "shared" else {"stage"} | model.held(who)
        )
        if self.attempt("answer", against, lambda: self.live.answer(model.reference, who, said, words)):
            model.answer = said
            model.moved("answered")

    @rule(n=which, who=mostly(CARA))
    def close(self, n: int, who: str) -> None:
        model = self.apt(n, "answered")
        against = model.against_moving(who, (CARA, LEAD), ("answered",), model.still_open)
        if self.attempt("close", against, lambda: self.live.move(model.reference, who, "close")):
            model.moved("closed")

    @rule(
        n=which, who=st.sampled_from((LEAD, DEE, EVE, EVE, MAX, MAX)), why=st.sampled_from(("audited_already", "tired"))
    )
    def withdraw(self, n: int, who: str, why: str) -> None:
        model = self.models[n % len(self.models)]
        against = model.against_moving(who, (LEAD,), OPEN, model.still_open)
        against |= {"reason"} if why == "tired" and against != {"move"} else set()
        if self.attempt("withdraw", against, lambda: self.live.move(model.reference, who, "withdraw", why)):
            if model.stage == "moderation":
                model.moderator, model.moderation = None, "ended"
            model.moved("withdrawn")

    @rule(n=which, who=st.sampled_from(PEOPLE))
    def escalate(self, n: int, who: str) -> None:
        model = self.models[n % len(self.models)]
        if self.attempt("escalate", model.may("escalate", who), lambda: self.live.escalate(model.reference, who)):
            model.concerns.append(Concern(who))

    @rule(who=st.sampled_from((LEAD, LEAD, CARA)), other=st.booleans(), chance=st.integers(0, 3))
    def migrate(self, who: str, other: bool, chance: int) -> None:
        """Everything open goes on under another text, in which there is more time for grading, or comes back."""
        if chance:
            return
        text = changed(self.catalogue, LONGER) if other else self.catalogue
        against: Rules = set() if who == LEAD else {"migrate"}
        if self.attempt("migrate", against, lambda: self.live.migrate(text, who=who)):
            for model in self.models:
                if model.stage in OPEN and model.migrated != other:
                    model.migrated = other
                    model.turned("migrated")


def saying(criterion: str, grade: str, *, noted: bool) -> dict[str, Any]:
    words = {"note": "Seen.", "pointer": "Log, 3 January."} if noted else {"note": "", "pointer": ""}
    ladder = {"evidence": "found", "impact": "yes"} if criterion in LADDERS else {}
    return {"grade": grade, **words, **ladder}
