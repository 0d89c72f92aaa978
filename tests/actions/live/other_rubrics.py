"""Other texts of the shipped rubric, put in force beside audits that began under the shipped one."""

import hashlib
import json
from dataclasses import replace

from audit_engine.definitions.catalogue import Catalogue, Pin, shipped_folder
from audit_engine.definitions.pinned import rubric_from
from audit_engine.definitions.reading import judged
from audit_engine.definitions.scale_mapping import ScaleMapping
from audit_engine.definitions.sources import source_from

NAME = "quality_and_impact"
TWO_BELOW = (
    "limiting_rules: [L1, L2, L3, L4, L5, L6, L8]",
    """limiting_rules:
  - L1
  - L2
  - L3
  - id: T1
    title: Two below good
    when: count.below_good >= 2
    overall: {at_most: requires_improvement}
    second_look: yes
    because: Two criteria were graded below good.
    basis: Proposed.
  - L8""",
)
"""A stricter limit, which also asks somebody else to look."""
WITHOUT_PLAN = ("      - rep.plan\n", "")
WITH_TIMELINE = ("      - rec.readable\n", "      - rec.readable\n      - rec.timeline\n")
"""A criterion nobody was asked of before."""
OTHER_WORDS = ("Quality and Impact audit\n", "Audit of quality and impact\n")
TIMELINE = """
  - id: rec.timeline
    title: A time line of the child's life
    asks: Is there a time line that the child could read one day?
    look_for: [a time line]
    examples: []
    descriptors:
      outstanding: Complete, and in words the child can read.
      good: Complete.
      requires_improvement: With gaps.
      inadequate: None.
"""


def changed(catalogue: Catalogue, *edits: tuple[str, str], version: str = "9.0.0", **more: str) -> Catalogue:
    """The catalogue with another text of the rubric in force.

    Args:
        edits: Parts of the rubric's file and what stands there instead.
        more: Further files the text joins, by what they are called in it: `scale`, `criteria_9`.
    """
    used: dict[str, str] = json.loads(catalogue.pins["rubric", NAME].text)
    text = used["rubric"]
    for old, new in ((f"version: {catalogue.rubric(NAME).rubric.version}", f"version: {version}"), *edits):
        assert old in text, old
        text = text.replace(old, new)
    used |= {"rubric": text} | {name.replace("_", " "): part for name, part in more.items()}
    whole = json.dumps(used, sort_keys=True, ensure_ascii=False)
    pin = Pin(hashlib.sha256(whole.encode()).hexdigest(), "rubric", NAME, version, whole)
    return replace(
        catalogue,
        rubrics={**catalogue.rubrics, NAME: rubric_from(whole)},
        pins={**catalogue.pins, ("rubric", NAME): pin},
    )


READABLE_AS_STRENGTH = """library: readable
version: 1.0.0
title: Readable
criteria:
  - id: rec.readable
    scale: strength
    title: A record the child could read
    asks: Could the child read it?
    look_for: [plain words]
    descriptors:
      strength: With skill.
      sound: As it should be.
      area_to_develop: Not yet.
"""
"""The same criterion, on a scale of three grades."""
TO_STRENGTH = """mapping: four_to_strength
version: 1.0.0
title: From the four grades to strength
from: four_grade
to: strength
grades:
  - {grade: inadequate, is: mapped, to: area_to_develop, because: Decided.}
  - {grade: requires_improvement, is: incomparable, because: Nobody decided it yet.}
  - {grade: good, is: identical, to: sound}
  - {grade: outstanding, is: mapped, to: strength, because: Decided.}
"""


def on_strength(catalogue: Catalogue) -> Catalogue:
    """One criterion is on another scale than before, and a mapping says what its grades become."""
    mapping = judged(source_from(TO_STRENGTH.encode(), "mapping"), ScaleMapping)
    assert isinstance(mapping, ScaleMapping)
    scale = (shipped_folder() / "rubrics" / "scales" / "strength.yaml").read_text("utf-8")
    found = changed(catalogue, criteria_9=READABLE_AS_STRENGTH, scale_1=scale)
    return replace(found, mappings={**found.mappings, mapping.mapping: mapping})


def timeline() -> str:
    """A library with the criterion that is new."""
    return f"library: timelines\nversion: 1.0.0\ntitle: Time lines\ncriteria:{TIMELINE}"
