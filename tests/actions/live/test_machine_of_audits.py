"""Random people do random things to audits; what happens must be what the model says, refusals by name included."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from audit_engine.actions.command import Command
from audit_engine.definitions.catalogue import Catalogue
from audit_engine.definitions.workflow import ways_from
from audit_engine.engine.permission import Actor
from audit_engine.problems import Refused

from .conftest import ADA, CARA, DAN, DEE, EDGAR, EVE, HERON, LADDERS, LEAD, MAX, Live, copied, people, role
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


def mostly(right: str) -> st.SearchStrategy[str]:
    """The word `right`, which the machine reads as whoever it is for, more often than anybody."""
    return st.one_of(st.just(right), st.just(right), st.just(right), st.sampled_from(PEOPLE))


class Audits(RuleBasedStateMachine):
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

    which = st.integers(0, 5)
    grades = st.sampled_from(GRADES)

    @rule(n=which, who=mostly("auditor"), criterion=st.sampled_from(KEY_CRITERIA), grade=grades, noted=st.booleans(),
          behind=st.integers(0, 4))  # fmt: skip
    def rate(self, n: int, who: str, criterion: str, grade: str, noted: bool, behind: int) -> None:
        model = self.apt(n, "grading", "returned")
        who = self._who(model, who)
        command = self._seen(model, behind)
        against = model.against_rating(who, criterion, command.turn)
        said = _saying(criterion, grade, noted=noted)
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
            said = _saying(criterion, grade, noted=True)
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
            who, said = model.auditor, _saying(bad, "inadequate", noted=not whole)
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

    # Moderating

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
        said = _saying(criterion, grade, noted=True) | {"blind": True}
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
            said = _saying(criterion, grade, noted=True) | {"blind": True}
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

    # Escalating, and people who change

    @rule(n=which, who=st.sampled_from(PEOPLE))
    def escalate(self, n: int, who: str) -> None:
        model = self.models[n % len(self.models)]
        if self.attempt("escalate", model.may("escalate", who), lambda: self.live.escalate(model.reference, who)):
            model.concerns.append(Concern(who))

    @rule(
        n=which,
        who=st.sampled_from((CARA, LEAD, CARA, DEE, CARA)),
        event=st.sampled_from(("acknowledge", "act", "close")),
    )
    def work_off(self, n: int, who: str, event: str) -> None:
        """No head of practice: of which they are told, and so can act on, tests/queries/test_escalations_told.py."""
        model = self.models[n % len(self.models)]
        concern = model.meant(who, event)
        against = model.against_working_off(who, event)
        if self.attempt("work_off", against, lambda: self.live.concern(model.reference, who, event, "Seen to.")):
            assert concern is not None
            concern.stage = {"acknowledge": "acknowledged", "act": "acted", "close": "closed"}[event]

    @rule(n=which)
    def work_off_what_is_open(self, n: int) -> None:
        model = self.models[n % len(self.models)]
        while (concern := model.oldest_open()) is not None:
            if concern.stage == "acted":
                self.work_off(self.place(model), concern.raised_by, "close")
            who = LEAD if concern.raised_by != LEAD else CARA
            self.work_off(self.place(model), who, NEXT[concern.stage])

    @rule(who=st.sampled_from(MOVABLE), chance=st.integers(0, 3))
    def change_team(self, who: str, chance: int) -> None:
        """Somebody begins, or ceases, to manage the practitioner's team; not too often, or nobody gets anywhere."""
        if chance:
            return
        self.fired["change_team"] += 1
        self.managing ^= {who}
        lines = {
            name.replace("-", "_"): replace(
                people()[name], roles=(*people()[name].roles, *_also(name), role("manager", HERON, HERON))
            )
            for name in self.managing
        }
        if EDGAR not in self.managing:
            lines[EDGAR.replace("-", "_")] = replace(people()[EDGAR], roles=(*people()[EDGAR].roles, *_also(EDGAR)))
        self.live.known.clear()
        self.live.import_people(**lines)
        self.live.known.clear()

    # What must hold after each step

    @invariant()
    def as_the_model_says(self) -> None:
        if not hasattr(self, "models"):
            return
        references = {row["key"]: row["reference"] for row in self.live.rows("people")}
        audits = {row["reference"]: row for row in self.live.rows("audits")}
        ratings, blind = self.live.rows("ratings"), self.live.rows("blind_ratings")
        moderations, concerns = self.live.rows("moderations"), self.live.rows("escalations")
        for model in self.models:
            row = audits[model.reference]
            before = model.stood
            assert (row["stage"], row["locked"], row["turn"]) == (model.stage, model.locked, model.turn)
            assert before == row["stage"] or (before, row["stage"]) in self.legal
            assert (references[row["auditor"]], row["overall"]) == (model.auditor, model.overall)
            assert row["final_overall"] == model.final_overall
            assert (row["counts_on"] is None) == (model.final_overall is None or model.stage == "withdrawn")
            assert _given([one for one in ratings if one["audit"] == row["key"]]) == _short(model.ratings)
            mine = sorted((m for m in moderations if m["audit"] == row["key"]), key=lambda m: m["number"])
            newest = mine[-1] if mine else None
            assert (newest and newest["stage"]) == model.moderation
            if newest is not None:
                assert references[newest["moderator"]] not in (ADA, CARA, model.auditor) or model.moderator is None
                there = [one for one in blind if one["moderation"] == newest["key"]]
                undecided = [one for one in there if one["grade"] or one["applicability"] == "expected"]
                assert _given(undecided) == _short(model.blind)
            stages = [one["stage"] for one in concerns if one["audit"] == row["key"]]
            assert Counter(stages) == Counter(concern.stage for concern in model.concerns)
            assert model.auditor not in (ADA, CARA)
            self.edges.add((before, row["stage"]))
            model.stood = row["stage"]

    def teardown(self) -> None:
        if hasattr(self, "live"):
            with self.live.db:
                assert self.live.is_sound()
            shutil.rmtree(self.folder)


def _also(name: str) -> tuple[Any, ...]:
    """One head of practice audits as well."""
    return (role("auditor"),) if name == EDGAR else ()


def _saying(criterion: str, grade: str, *, noted: bool) -> dict[str, Any]:
    words = {"note": "Seen.", "pointer": "Log, 3 January."} if noted else {"note": "", "pointer": ""}
    ladder = {"evidence": "found", "impact": "yes"} if criterion in LADDERS else {}
    return {"grade": grade, **words, **ladder}


def _short(ratings: dict[str, Said]) -> dict[str, tuple[str, str | None]]:
    return {name: said[:2] for name, said in ratings.items()}


def _given(rows: list[dict[str, Any]]) -> dict[str, tuple[str, str | None]]:
    return {row["criterion"]: (row["applicability"], row["grade"]) for row in rows}


REACHED = {
    "grade", "moderate", "move", "answer", "escalate", "turn", "locked", "stage", "by", "criterion", "reason", "undo",
    "auditor", "escalation", "L1", "L2", "L3", "L4", "L5", "L6", "auditor_has_a_conflict", "moderator_has_a_conflict",
    "moderator_is_auditor", "every_expected_criterion_answered", "evidence_where_demanded", "notes_where_demanded",
    "overall_chosen_and_permitted", "safety_critical_inadequate_is_escalated", "no_open_escalation",
    "blind_grades_complete", "every_disagreement_decided", "closed_by_somebody_else", "migrate",
}  # fmt: skip
"""Every reason the model speaks of; those it leaves out stand in refusals.py."""
LEFT = 3
"""How many of these, and of the rules that can be carried out, so few sequences as the ordinary run has may miss."""


def explore(workspace: Path, catalogue: Catalogue, *, sequences: int, steps: int, derandomize: bool) -> None:
    Audits.template, Audits.catalogue = workspace, catalogue
    Audits.fired.clear()
    Audits.reached.clear()
    run_state_machine_as_test(
        Audits,
        settings=settings(
            max_examples=sequences, stateful_step_count=steps, deadline=None, derandomize=derandomize,
            suppress_health_check=list(HealthCheck), database=None,
            phases=(Phase.generate,) if derandomize else (Phase.generate, Phase.shrink),
        ),
    )  # fmt: skip
    shown = f"{dict(Audits.fired)}\n{dict(Audits.reached)}\n{sorted(Audits.edges)}"
    unreached, done = REACHED - set(Audits.reached), [name for name in Audits.fired if name.endswith("done")]
    assert len(unreached) <= (LEFT if derandomize else 0), f"{unreached} were never reached\n{shown}"
    assert len(done) >= 20 - (LEFT if derandomize else 0), f"{sorted(done)}\n{shown}"
    (workspace.parent / "explored.txt").write_text(shown, encoding="utf-8")


@pytest.fixture(scope="session")
def started(workspace: Path, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """A workspace whose six audits stand at six places, gone there by the machine's own rules."""
    hats = tmp_path_factory.mktemp("hats") / "workspace.db"
    live = copied(workspace, hats, catalogue)
    with live.db:
        both = replace(people()[EDGAR], roles=(*people()[EDGAR].roles, *_also(EDGAR)))
        live.import_people(**{EDGAR.replace("-", "_"): both})
        models = [Model(name, live.auditor(name), tuple(live.expected())) for name in live.audits]
    Audits.catalogue = catalogue
    machine = Audits()
    machine.folder = tmp_path_factory.mktemp("machine")
    machine.open(hats, models, timedelta(hours=2))
    machine.reallocate(2, LEAD, EDGAR)
    for place in range(1, 6):
        machine.begin_audit(place, "auditor")
        if place != 1:
            machine.rate_the_rest(place, "good" if place != 2 else "outstanding")
        machine.as_the_model_says()
    for place in (2, 3, 4):
        machine.escalate(place, LEAD)
        machine.submit_what_is_permitted(place, None if place == 2 else "safe.da_assessed", whole=False)
        machine.as_the_model_says()
    for place in (3, 4):
        machine.take(place, EVE)
        machine.rate_the_rest_blind(place, place == 4, "rep.plan" if place == 4 else None)
    machine.submit_what_is_permitted(5, "rep.plan", whole=False)
    machine.as_the_model_says()
    machine.share(5, "auditor")
    machine.as_the_model_says()
    machine.answer(5, ADA, "accepted", "I see it as you do.")
    machine.as_the_model_says()
    machine.live.db.close()
    Audits.started = machine.models
    assert len({model.stage for model in machine.models}) >= 4
    return machine.folder / "workspace.db"


def test_random_people_do_random_things(started: Path, catalogue: Catalogue) -> None:
    explore(started, catalogue, sequences=500, steps=12, derandomize=True)


@pytest.mark.long
def test_many_random_people_do_random_things(started: Path, catalogue: Catalogue) -> None:
    explore(started, catalogue, sequences=10_000, steps=60, derandomize=False)
