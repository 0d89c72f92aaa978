"""Random people do random things to audits; what happens must be what the model says, refusals by name included."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    rule,
    run_state_machine_as_test,
)

from audit_engine.definitions.catalogue import Catalogue

from .at_work import ADA, CARA, DEE, EDGAR, EVE, HERON, LEAD, people, role
from .conftest import copied
from .model import Model, Said
from .random_grading import MOVABLE, NEXT, which
from .random_moderating import ModeratedAudits


class Audits(ModeratedAudits):
    """The same audits, with concerns raised about them, and people who change."""

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
