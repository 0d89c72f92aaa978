"""What a proof found out: as lines for people, and as a value for programs."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from audit_engine.cli.talk import say
from audit_engine.definitions.proofs import NOT_PROVED, PROVED, Answer, Proof

TELL_EVERY = 1.0
"""Seconds between two lines of progress; nothing is said of what takes less."""


def watch(name: str, seconds: int | None) -> Callable[[int], bool]:
    """Tells how far a proof has come, once it takes over a second, and stops it after `seconds`."""
    began = told = time.monotonic()

    def go_on(count: int) -> bool:
        nonlocal told
        now = time.monotonic()
        if now - told > TELL_EVERY:
            told = now
            say(f"{name}: {count:,} situations so far")
        return seconds is None or now - began < seconds

    return go_on


def page(proof: Proof) -> Iterator[str]:
    """Everything that was asked, with what came of it and how far that reaches."""
    workflow = proof.read.workflow
    yield f"{workflow.title} ({workflow.workflow}), version {workflow.version}: {proof.state}"
    for title, of_file in (("What the file promises", True), ("What every workflow must keep", False)):
        answers = [answer for answer in proof.answers if answer.is_property == of_file]
        if answers:
            yield f"  {title}"
        for answer in answers:
            yield from _answer(answer)
    yield "  How far this reaches"
    yield f"    {_situations(proof)}"
    for one in proof.composed:
        yield f"    Taken in: {one}."
    for one in proof.left_out:
        yield f"    Not taken in: {one}."
    for one in proof.built_in:
        yield f"    Built in: {one}"
    if proof.questions:
        listed = ", ".join(proof.questions)
        yield f"    Taken as questions that people may answer either way at any time: {listed}."
        yield "    What can still be reached can be as long as people do what these ask, and record what is not known."


def _answer(answer: Answer) -> Iterator[str]:
    yield f"    {answer.state:<10}  {answer.says}"
    if answer.state == NOT_PROVED:
        yield f"                {answer.why[:1].upper()}{answer.why[1:]}; not proved."
    for step in answer.story:
        yield f"                {step}"


def _situations(proof: Proof) -> str:
    if proof.whole:
        return f"{proof.situations:,} situations, which are all there are."
    return f"Explored {proof.situations:,} situations, and there are more."


def as_json(proof: Proof) -> dict[str, Any]:
    """The same for programs."""
    workflow = proof.read.workflow
    return {
        "workflow": workflow.workflow,
        "version": workflow.version,
        "digest": proof.read.digest,
        "state": proof.state,
        "proved": proof.state == PROVED,
        "situations": proof.situations,
        "all_situations": proof.whole,
        "questions": list(proof.questions),
        "composed": list(proof.composed),
        "not_composed": list(proof.left_out),
        "built_in": list(proof.built_in),
        "answers": [
            {
                "says": one.says,
                "state": one.state,
                "property": one.is_property,
                "story": list(one.story),
                "why": one.why,
            }
            for one in proof.answers
        ],
    }
