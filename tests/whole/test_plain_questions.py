"""Questions, members, floors and rules looked past, in plain mode: each person a process with piped input."""

import pytest

from tests.actions.live.at_work import EVE, LEAD
from tests.actions.live.whole_language import SITE
from tests.whole.live_service import Service, service

RISK, PLAN = ("2",), ("3",)
SIBLINGS = ("a", "Child 1", "Child 2", "- child 2", "", "1", "1")
FORMS = ("a", "2")
SUBMIT = ("s", "", "n", "child")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service(tmp_path_factory.mktemp("questions") / "ws", SITE)


def test_from_the_first_question_to_a_rule_looked_past(one: Service) -> None:
    audit = min(one.auditors)
    auditor = one.auditors[audit]

    told = one.talk(auditor, audit, *RISK, *SIBLINGS, *FORMS, *PLAN, "g 4", "c", *SUBMIT)

    assert "Wording for this work: Private law." in told
    assert "Why not outstanding?" in told
    assert "names stay on the face sheet" in told
    assert "Child 1: Was this child seen alone? 1 Alone, 2 With others." in told
    assert "The grade taken from the answers is Strength. Each child was seen alone." in told
    assert "The policy behind it is in force since 2025-01-01" in told
    assert "Submitted, saved" in told, told
    mine = ("y", *RISK, *SIBLINGS, *FORMS, *PLAN, "l", "3", "y")
    one.talk(EVE, audit, *mine, "q", how=("--moderate",))
    past = ("f", "2", "It is good.", "y")
    decided = one.talk(EVE, audit, *past, how=("--moderate", "--override", "R3=The plan came in a letter."))
    assert "By looking past a rule, with a reason: 1 Outstanding, 2 Good" in decided, decided
    refused = one.run(EVE, "grade", audit, "--plain", "--override", "R3=So.", typed="", check=False)
    assert "--override is said by a moderator" in refused.stderr
    assert "Final, saved" in decided, decided
    marked = "P-7, head of practice: The plan came in a letter."
    assert f"OVERRIDDEN: rule R3, by {marked}" in one.run(LEAD, "show", audit).stdout
    assert f"R3 (A plan is needed) was overridden by {marked}" in one.run(LEAD, "render", audit).stdout
    assert "nothing wrong was found" in one.run(LEAD, "verify").stdout


def test_what_does_not_fit_and_what_waits_is_said_at_the_check(one: Service) -> None:
    audit = sorted(one.auditors)[1]

    told = one.talk(one.auditors[audit], audit, "2", "a", "", "2", "a", "2", "2", "c", "q")

    assert "Does it fit together? Nothing here stops you." in told, told
    assert "Consent (question 3): There is no consent and a good plan. Say how." in told
    assert "The grade taken from the answers is Area to develop. Nobody went." in told
