"""Drawings of workflows: nothing stands on anything else, nothing is left out, and nothing in a file can steer them."""

import json
import random
import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from audit_engine.definitions.catalogue import load, load_workflow
from audit_engine.definitions.reading import judged
from audit_engine.definitions.sources import source_from
from audit_engine.definitions.workflow import ReadWorkflow, Workflow, ways_from
from audit_engine.definitions.workflow_names import SAME_STAGE, THE_CLOCK
from audit_engine.definitions.workflow_reading import read_workflow
from audit_engine.engine.workflow_words import told
from audit_engine.problems import Unusable
from audit_engine.summaries.workflow_box_words import BY_ITSELF
from audit_engine.summaries.workflow_drawing import drawing, svg
from audit_engine.summaries.workflow_mermaid import mermaid
from audit_engine.summaries.workflow_shapes import Arrow, Box, Drawing

SHIPPED = load().workflows
SVG = "{http://www.w3.org/2000/svg}"
Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def read(text: str) -> ReadWorkflow:
    """A workflow from its text alone."""
    source = source_from(text.encode(), "tried")
    written = judged(source, Workflow)
    assert isinstance(written, Workflow), written
    found = read_workflow(source, written, {}, {}, {})
    assert isinstance(found, ReadWorkflow), found
    return found


def invented(seed: int) -> ReadWorkflow:
    """An escalation's workflow of any shape: a way to the end, and events that jump, part, join and turn back."""
    rng = random.Random(seed)  # noqa: S311 - a drawing's shape, no secret
    count = rng.randint(2, 12)
    who = ["manager", "quality_lead", "head_of_practice", "auditor"]
    lines = ["workflow: invented", "version: 1.0.0", "title: Invented", "governs: escalation", "stages:"]
    for n in range(count):
        days = f", due: {rng.randint(1, 20)} working days" if rng.random() < 0.4 else ""
        title = f"{'Stage of some length ' * rng.randint(1, 3)}{n}"
        lines.append(f"  - {{id: s{n}, title: {title}, waits_for: {rng.choice(who)}{days}}}")
    lines += [f"  - {{id: e{n}, title: End {n}, final: yes}}" for n in range(2)] + ["events:"]
    by = "[manager, quality_lead, head_of_practice, auditor]"
    for n in range(count):
        lines += event(f"go{n}", [f"s{n}"], by, [f"s{n + 1}" if n + 1 < count else "e0"])
    for n in range(rng.randint(0, 8)):
        sources = sorted(rng.sample(range(count), rng.randint(1, min(3, count))))
        ends = rng.sample([*(f"s{m}" for m in range(count)), "e0", "e1"], rng.randint(1, 3))
        lines += event(f"jump{n}", [f"s{m}" for m in sources], by, ends)
    lines += event("stop", ["any_open_stage"], "[quality_lead]", ["e1"])
    return read("\n".join(lines) + "\n")


def event(name: str, sources: list[str], by: str, ends: list[str]) -> Iterator[str]:
    yield f"  - id: {name}"
    yield f"    title: Do what {name} is for"
    yield f"    from: [{', '.join(sources)}]"
    yield f"    by: {by}"
    yield "    ends:"
    for n, end in enumerate(ends):
        yield f"      - {{to: {end}{', when: escalation.open' if n + 1 < len(ends) else ''}}}"


LANGUAGE = {
    f"language {one.stem}": load_workflow(one, proving=False)
    for one in sorted((Path(__file__).parent.parent / "engine" / "invented").glob("*.yaml"))
}
EVERY = {**SHIPPED, **LANGUAGE, **{f"invented {seed}": invented(seed) for seed in range(8)}}


@pytest.fixture(scope="module", params=sorted(EVERY))
def named(request: pytest.FixtureRequest) -> tuple[ReadWorkflow, Drawing]:
    found = EVERY[request.param]
    return found, drawing(told(found))


def area(box: Box) -> Area:
    return (box.x, box.y, box.x + box.width, box.y + box.height)


def numbers(drawn: Drawing) -> list[Area]:
    return [number(arrow) for arrow in drawn.arrows if arrow.number is not None]


def number(arrow: Arrow) -> Area:
    assert arrow.number is not None
    x, y, radius = arrow.number.x, arrow.number.y - 3.1, 5.5
    return (x - radius, y - radius, x + radius, y + radius)


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def pieces(arrow: Arrow) -> list[Area]:
    """The straight pieces of an arrow, as areas without breadth."""
    return [(min(x, v), min(y, w), max(x, v), max(y, w)) for (x, y), (v, w) in pairwise(arrow.points)]


def test_nothing_stands_on_anything_else(named: tuple[ReadWorkflow, Drawing]) -> None:
    _, drawn = named
    places = [*map(area, drawn.boxes), *numbers(drawn)]

    assert [(a, b) for a, b in combinations(places, 2) if overlap(a, b)] == []
    assert all(min(x, y) > 0 and v < drawn.width and w < drawn.height for x, y, v, w in places)
    for box in drawn.boxes:
        for text in box.texts:
            assert text.width <= box.width, (box.name, text.words)
            assert box.y < text.y < box.y + box.height


def test_arrows_keep_out_of_boxes_and_do_not_run_along_each_other(named: tuple[ReadWorkflow, Drawing]) -> None:
    _, drawn = named
    ink = [(arrow, piece) for arrow in drawn.arrows for piece in pieces(arrow)]

    for arrow, (x, y, v, w) in ink:
        assert x == v or y == w, "an arrow runs straight, across or down"
        for box in drawn.boxes:
            left, top, right, bottom = area(box)
            inside = v > left + 0.2 and x < right - 0.2 and w > top + 0.2 and y < bottom - 0.2
            assert not inside, f"{arrow.source} to {arrow.target} runs through {box.name}"
    for one in drawn.arrows:
        through = [arrow for arrow, piece in ink if one.number and arrow is not one and overlap(piece, number(one))]
        assert through == [], f"an arrow runs through the number {one.number}"
    for (one, a), (other, b) in combinations(ink, 2):
        if one.target == other.target and one.number is None and other.number is None:
            continue  # what leads into one event may join
        along = (a[0] == a[2] == b[0] == b[2] and min(a[3], b[3]) - max(a[1], b[1]) > 0.2) or (
            a[1] == a[3] == b[1] == b[3] and min(a[2], b[2]) - max(a[0], b[0]) > 0.2
        )
        assert not along, f"{one.source} to {one.target} runs along {other.source} to {other.target}"


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_everything_is_in_the_picture(name: str) -> None:
    found = SHIPPED[name]
    written = found.workflow
    page = ElementTree.fromstring(svg(told(found)))  # noqa: S314 - our own text
    words = " ".join(" ".join(text.itertext()) for text in page.iter(f"{SVG}text"))
    drawn = drawing(told(found))
    sources = {(arrow.source, arrow.target) for arrow in drawn.arrows}

    assert all(stage.title in words for stage in written.stages)
    assert all(one.title in words for one in written.events)
    for one in written.events:
        assert (BY_ITSELF in words) or THE_CLOCK not in one.by
        for opening in one.opens:
            assert re.search(rf"opens? {opening.link.replace('_', ' ')}", words)
    for one in written.events:
        everywhere = one.sources == ("any_open_stage",)
        assert {(one.id, end.to) for end in one.ends if end.to != SAME_STAGE} <= sources
        if all(end.to == SAME_STAGE for end in one.ends):
            assert not any(box.name == one.id for box in drawn.boxes if box.kind == "event")
            continue
        assert {(source, one.id) for source in ([] if everywhere else one.sources)} <= sources
        assert sum(box.kind == "event" and box.name == one.id for box in drawn.boxes) == 1
    assert {box.name for box in drawn.boxes if box.kind == "stage" and box.final} == {
        stage.id for stage in written.stages if stage.final
    }
    assert page.findtext(f"{SVG}title") == f"{written.title}, version {written.version}"
    description = page.findtext(f"{SVG}desc") or ""
    assert all(one.title in description for one in written.events)


def test_the_usual_way_runs_from_left_to_right() -> None:
    stages = {box.name: box for box in drawing(told(SHIPPED["case_audit"])).boxes if box.kind == "stage"}
    usual = ["drawn", "allocated", "grading", "submitted", "moderation", "decided", "shared", "answered", "closed"]

    assert all(stages[one].x < stages[after].x for one, after in pairwise(usual))


def test_the_same_workflow_gives_the_same_bytes_and_fetches_nothing() -> None:
    first, again = (svg(told(load().workflow("case_audit"))) for _ in range(2))

    assert first == again
    assert set(re.findall(r"https?://[^\"]+", first)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(script|image|use|style|foreignObject|a)\b|@import|url\((?!#)|\bon\w+=", first)


def test_the_picture_in_the_documents_is_up_to_date() -> None:
    kept = Path("docs/pictures/case_audit.svg").read_text("utf-8")

    assert kept == svg(told(SHIPPED["case_audit"])), (
        "run: audit workflow draw case_audit --to docs/pictures/... --force"
    )


HOSTILE = [
    "</text><script>alert(1)</script>", 'x" onload="alert(1)', "&#60;b&#62; ]]> <!-- -->", "at_e0 --> at_s0: away",
    "A; classDef x fill;; %{init}{}".replace("%", ""), "{{ 7*7 }} {# x #}", "[*] #59; note right of",
    "Wordwithoutanyendthatisfarlongerthananyboxwouldbe" * 3,
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_file_are_only_words(words: str) -> None:
    found = invented(0)
    title = found.workflow.stages[0].title
    changed = read(f"{found_text(0)}".replace(f"title: {title},", f"title: {quoted(words)},", 1))
    page = ElementTree.fromstring(svg(told(changed)))  # noqa: S314 - our own text, and that it parses is the test

    assert {element.tag.removeprefix(SVG) for element in page.iter()} == {
        "svg", "title", "desc", "defs", "marker", "path", "rect", "text", "g", "circle",
    }  # fmt: skip
    shown = "".join("".join(text.itertext()) for text in page.iter(f"{SVG}text"))
    assert re.sub(r"\W", "", words) in re.sub(r"\W", "", shown)
    before, after = mermaid(told(found)).splitlines(), mermaid(told(changed)).splitlines()
    differing = [line for line in after if line not in before]
    assert len(before) == len(after)
    assert len(differing) == 1
    assert re.fullmatch(r'    state "(?:[\w ,.\'()\-]|#\d+;)*" as at_s0', differing[0])


def quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def found_text(seed: int) -> str:
    """The text an invented workflow was read from."""
    text: str = json.loads(invented(seed).text)["workflow"]
    return text


@pytest.mark.parametrize("name", sorted(EVERY))
def test_mermaid_has_every_way(name: str) -> None:
    found = EVERY[name]
    arrows = re.findall(r"^    (\S+) --> (\S+?)(?:: (.*))?$", mermaid(told(found)), re.MULTILINE)
    everywhere = {event.id for event in found.workflow.events if event.sources == ("any_open_stage",)}
    ways = {
        ("anywhere" if event.id in everywhere else f"at_{stage.id}", f"at_{to}", event.title)
        for stage in found.workflow.stages
        for event, to in ways_from(found.workflow, stage.id)
        if any(found.workflow.arrives(end, stage.id) == to and end.to != SAME_STAGE for end in event.ends)
    }

    drawn = {(source, target, words.partition(" (")[0]) for source, target, words in arrows if words}
    assert drawn == ways
    assert ("[*]", f"at_{found.first.id}", "") in arrows


def test_what_nobody_could_read_is_not_drawn() -> None:
    stages = "".join(f"  - {{id: s{n}, title: S{n}, waits_for: manager}}\n" for n in range(60))
    events = "".join(
        "\n".join(event(f"go{n}", [f"s{n}"], "[manager]", [f"s{n + 1}" if n < 59 else "e"])) + "\n" for n in range(60)
    )
    head = "workflow: long\nversion: 1.0.0\ntitle: Long\ngoverns: escalation\nstages:\n"
    found = read(f"{head}{stages}  - {{id: e, title: E, final: yes}}\nevents:\n{events}")

    with pytest.raises(Unusable, match=r"W062 it has 61 stages and 60 events, too many to draw on one page"):
        svg(told(found))
    assert mermaid(told(found)).count("-->") == 62
