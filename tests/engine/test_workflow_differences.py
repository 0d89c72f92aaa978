"""Two workflows differ in as many sentences as changed."""

import pytest

from audit_engine.engine.workflow_differences import differences
from tests.engine.conftest import shipped
from tests.engine.plain_audit import PLAIN, changed

SHIPPED = shipped().workflows


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_workflow_does_not_differ_from_itself(name: str) -> None:
    assert differences(SHIPPED[name], SHIPPED[name]) == []


def test_comments_versions_and_orders_that_mean_nothing_do_not_count() -> None:
    same = changed(
        "version: 1.1.0", "version: 2.3.4  # newer",
        "by: [auditor, quality_lead]", "by: [quality_lead, auditor]",
        "from: [grading, returned]", "from: [returned, grading]",
        "      - guard: evidence_where_demanded\n      - guard: notes_where_demanded\n",
        "      - guard: notes_where_demanded\n      - guard: evidence_where_demanded\n",
    )  # fmt: skip

    assert differences(PLAIN, same) == []


CHANGES = [
    ("title: Case audit", "title: Audit of a case", "It is now called 'Audit of a case' ('Case audit' before)."),
    ("waits_for: practitioner, due: 10 working days", "waits_for: practitioner, due: 15 working days",
     "The practitioner now has 15 working days at 'Shared with the practitioner' (10 before)."),
    ("waits_for: manager}", "waits_for: manager, due: 1 working days}",
     "The manager now has 1 working day at 'Answered by the practitioner' (no time limit before)."),
    ("waits_for: auditor, due: 5 working days}\n  - {id: grading", "waits_for: auditor}\n  - {id: grading",
     "At 'Allocated' the auditor has no time limit any more (5 working days before)."),
    ("waits_for: auditor, finalises", "waits_for: quality_lead, finalises",
     "'Decided' now waits for a quality lead (the auditor before)."),
    ("title: Being graded", "title: Graded now", "The stage 'Being graded' is now called 'Graded now'."),
    ("title: Submit the audit", "title: Hand it in", "'Submit the audit' is now called 'Hand it in'."),
    ("by: [auditor, quality_lead]", "by: [auditor]",
     "'Share the audit with the practitioner' may now be done by the auditor (the auditor or a quality lead before)."),
    ("      - guard: feedback_is_recorded\n", "",
     ("'Submit the audit' is no longer refused when this is not so: "
     "It is recorded whether the child and family gave feedback, or why they did not.")),
    ("      - guard: notes_where_demanded\n", "",
     ("'Submit the audit' no longer names this, which is built in and asked all the same: "
     "Every grade that demands a note has one.")),
    ("    by: [practitioner]\n", "    by: [practitioner]\n    only_if:\n      - guard: no_open_escalation\n",
     "'Answer the audit' is now refused unless this is so: No escalation on the audit is open."),
    ("    by: [practitioner]\n",
     "    by: [practitioner]\n    only_if:\n      - {when: returned_times < 3, otherwise: Talk first.}\n",
     "'Answer the audit' is now refused unless how often it was returned is less than 3, and says: Talk first."),
    ("      - {to: submitted, when: selected_for_moderation}\n      - {to: decided}", "      - {to: submitted}",
     ("'Submit the audit' now leads to 'Submitted for moderation' (to 'Submitted for moderation' if it is selected "
     "for moderation; 'Decided' otherwise before).")),
    ("      - {to: answered}", "      - {to: closed, when: answer == 'accepted'}\n      - {to: answered}",
     ("'Answer the audit' now leads to 'Closed' if what the practitioner answered is 'accepted'; 'Answered by the "
     "practitioner' otherwise (to 'Answered by the practitioner' before).")),
    ("from: [allocated, grading, returned]", "from: [allocated, grading]",
     ("'Allocate the audit to somebody else' is now possible from 'Allocated' or 'Being graded' "
     "(from 'Allocated', 'Being graded' or 'Returned to the auditor' before).")),
    ("    from: [moderation]\n    by: [moderator]\n    reason: required\n",
     "    from: [moderation]\n    by: [moderator]\n",
     ("For 'Return the audit to its auditor' no reason is asked for "
     "(a reason in one's own words is asked for before).")),
    ("    from: [allocated, grading, returned]\n    by: [quality_lead]\n    reason: required\n",
     "    from: [allocated, grading, returned]\n    by: [quality_lead]\n    reason_from: withdrawal\n",
     ("For 'Allocate the audit to somebody else' a reason of the list 'withdrawal' is asked for "
     "(a reason in one's own words is asked for before).")),
    ("    - {id: wrong_case_drawn, label: The wrong case was drawn}\n", "",
     "'The wrong case was drawn' is no reason of 'withdrawal' any more."),
    ("label: A court withholds the record", "label: The court withholds it",
     "The reason 'A court withholds the record' now reads 'The court withholds it'."),
    ("independent_of: [practitioner, manager]}", "independent_of: [practitioner, manager, moderator]}",
     "The auditor must now be somebody else than the practitioner, the manager or the moderator."),
    ("role: head_of_practice", "role: quality_lead",
     "The moderator is now chosen among those who hold the role quality lead (head of practice before)."),
    ("stages:\n", "scale: four_grade\nstages:\n",
     "Its conditions can now speak of the grades of the scale 'four_grade' (of none before)."),
    (("  - id: close_unanswered\n    title: Close the audit without an answer\n    from: [shared]\n"
     "    by: [quality_lead]\n    only_if:\n      - guard: no_open_escalation\n    reason: required\n"
     "    ends:\n      - {to: closed}\n"), "",
     "'Close the audit without an answer' is no longer possible."),
    ("  # Ending\n",
     ("  - id: recall\n    title: Take it back\n    from: [answered]\n    by: [quality_lead]\n"
     "    ends:\n      - {to: shared}\n"),
     ("There is a new event: a quality lead may 'Take it back', from 'Answered by the practitioner' to 'Shared with "
     "the practitioner'.")),
    ("  - says: Every audit can still come to an end.\n    eventually: stage in ['closed', 'withdrawn']\n", "",
     "It no longer promises: Every audit can still come to an end."),
    ("says: Every audit can still come to an end.\n    eventually: stage in ['closed', 'withdrawn']",
     "says: Every audit can still come to an end.\n    eventually: stage == 'withdrawn'",
     "What it promises is worked out anew: Every audit can still come to an end."),
    ("    from: [any_open_stage]", "    from: [drawn, allocated]",
     "'Withdraw the audit' is now possible from 'Drawn' or 'Allocated' (from any stage that is not the end before)."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), CHANGES)
def test_one_change_is_one_sentence(old: str, new: str, says: str) -> None:
    assert [one.says for one in differences(PLAIN, changed(old, new))] == [says]


def test_a_stage_more_is_one_sentence_and_the_way_to_it_another() -> None:
    more = changed(
        "  - {id: closed, title: Closed",
        "  - {id: paused, title: Paused, waits_for: quality_lead, due: 5 working days}\n  - {id: closed, title: Closed",
        "      - {to: answered}", "      - {to: paused, when: answer == 'none'}\n      - {to: answered}",
        "    from: [answered]", "    from: [answered, paused]",
    )  # fmt: skip

    said = [(one.about, one.id, one.says) for one in differences(PLAIN, more)]
    back = [one.says for one in differences(more, PLAIN)]

    new = "There is a new stage, 'Paused', which waits for a quality lead for 5 working days."
    assert said[0] == ("stage", "paused", new)
    assert [(about, name) for about, name, _ in said[1:]] == [("event", "answer"), ("event", "close")]
    assert back[0] == "The stage 'Paused' is gone."
    assert len(back) == 3


def test_a_condition_that_changed_is_told_as_one() -> None:
    with_condition = "    by: [practitioner]\n    only_if:\n      - {when: %s, otherwise: %s}\n"
    three, four, other = (
        changed("    by: [practitioner]\n", with_condition % words)
        for words in (("returned_times < 3", "Talk."), ("returned_times < 4", "Talk."), ("returned_times < 3", "Wait."))
    )

    assert [one.says for one in differences(three, four)] == [
        (
            "'Answer the audit' is now refused unless how often it was returned is less than 4 "
            "(unless how often it was returned is less than 3 before), and still says: Talk."
        )
    ]
    assert [one.says for one in differences(three, other)] == [
        "Where 'Answer the audit' is refused, people now read: Wait. (Talk. before)"
    ]
    assert [one.says for one in differences(three, PLAIN)] == [
        "'Answer the audit' is no longer refused unless how often it was returned is less than 3, which said: Talk."
    ]
