"""Judges definitions folder by folder, each beside the earlier ones it speaks of, and pins them by their text."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from audit_engine.definitions.criteria import FACTS, Criterion, Library
from audit_engine.definitions.criteria_checks import library_problems
from audit_engine.definitions.facts import Codebook, codebook_problems
from audit_engine.definitions.linked import Linked
from audit_engine.definitions.measures import MeasureSet, ReadMeasureSet, read_measure_set
from audit_engine.definitions.programme import Programme, ReadProgramme, read_programme, stream_problem
from audit_engine.definitions.proofs import broken_properties
from audit_engine.definitions.questions import Kept
from audit_engine.definitions.reading import Definition, judged, repeated
from audit_engine.definitions.rubric import ReadRubric, Rubric
from audit_engine.definitions.rubric_reading import Shared, Shelf, read_rubric
from audit_engine.definitions.rubric_rules import Limits, shape_problems
from audit_engine.definitions.scale_mapping import ScaleMapping, mapping_problems
from audit_engine.definitions.scales import Scale, scale_problems
from audit_engine.definitions.sources import Source, read_source
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import ReadWorkflow, Workflow
from audit_engine.definitions.workflow_needs import missing
from audit_engine.definitions.workflow_reading import read_workflow
from audit_engine.problems import Problem, Unusable, unusable

D = TypeVar("D", bound=Definition)
PROVED = Path(__file__).parent / "proved.txt"
"""Digests of the shipped workflows, whose properties the tests prove: their texts are not proved anew at each start."""
MOST_SOUND = 1_000


@cache
def _sound() -> set[str]:
    """Digests of workflows that break no property of theirs. A digest names the text and all that it speaks of."""
    rows = PROVED.read_text("utf-8").splitlines()
    return {row.split()[-1] for row in rows if row and not row.startswith("#")}


@dataclass(frozen=True, slots=True)
class Pin:
    """The exact text something was done under. `digest` is the SHA-256 of `text`, hex."""

    digest: str
    kind: str
    name: str
    version: str
    text: str


@dataclass(frozen=True)
class Catalogue:
    """Every definition in force, all judged."""

    scales: Mapping[str, Scale]
    mappings: Mapping[str, ScaleMapping]
    codebooks: Mapping[str, Codebook]
    criteria: Mapping[str, Criterion]
    """The shared ones, by id."""
    rubrics: Mapping[str, ReadRubric]
    measure_sets: Mapping[str, ReadMeasureSet]
    workflows: Mapping[str, ReadWorkflow]
    programmes: Mapping[str, Programme]
    read_programmes: Mapping[str, ReadProgramme]
    """The same programmes with their conditions checked."""
    pins: Mapping[tuple[str, str], Pin]
    """By kind and name: ('rubric', 'quality_and_impact')."""
    files: int

    def rubric(self, name: str) -> ReadRubric:
        """The rubric called `name`. Raises Unusable when there is none."""
        return _called(self.rubrics, name, "rubric")

    def measure_set(self, name: str) -> ReadMeasureSet:
        """The measure set called `name`. Raises Unusable when there is none."""
        return _called(self.measure_sets, name, "measure set")

    def workflow(self, name: str) -> ReadWorkflow:
        """The workflow called `name`. Raises Unusable when there is none."""
        return _called(self.workflows, name, "workflow")

    def programme_of(self, stream: str) -> Programme | None:
        """The programme whose audits belong to `stream`."""
        return next((p for p in self.programmes.values() if p.stream == stream), None)


T = TypeVar("T")


def _called(known: Mapping[str, T], name: str, what: str) -> T:
    if name not in known:
        raise unusable(name, "D018", f"there is no {what} of this name", offered(name, known))
    return known[name]


class Reader:
    """Collects definitions and problems while the folders are read in order."""

    def __init__(self, *, proving: bool = True) -> None:
        self.problems: list[Problem] = []
        self._proving = proving
        self.files = 0
        self.scales: dict[str, Scale] = {}
        self.mappings: dict[str, ScaleMapping] = {}
        self.codebooks: dict[str, Codebook] = {}
        self.limits: dict[str, Shared] = {}
        self.criteria: dict[str, Criterion] = {}
        self._questions: Kept = {}
        self.rubrics: dict[str, ReadRubric] = {}
        self.measure_sets: dict[str, ReadMeasureSet] = {}
        self.workflows: dict[str, ReadWorkflow] = {}
        self.programmes: dict[str, Programme] = {}
        self.read_programmes: dict[str, ReadProgramme] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.pins: dict[tuple[str, str], Pin] = {}
        self._linked = Linked()
        self._shared_are_sound = True
        """No problem in what rubrics are made of; otherwise every rubric would repeat the complaint."""
        self._first: dict[tuple[str, str], str] = {}
        """Where a name was first defined, by its key and itself."""
        self._takers: dict[str, Callable[[Source], None]] = {
            "rubrics/scales": self._scale, "rubrics/scales/mappings": self._mapping,
            "rubrics/codebooks": self._codebook, "rubrics/criteria": self._library, "rubrics/limits": self._limits,
            "rubrics": self._rubric, "rubrics/measures": self._measures, "workflows": self._workflow,
            "workflows/programmes": self._programme,
        }  # fmt: skip

    def enter(self, folder: str) -> None:
        if folder == "rubrics":
            self._shared_are_sound = not self.problems
        if folder == "workflows/programmes":
            self.judge_links()

    def judge_links(self, beside: Callable[[], Mapping[str, Workflow]] = dict) -> None:
        """Judge what workflows name in their links; not while any file has a problem, which may be the one named.

        Args:
            beside: Reads workflows that may be named too, by name; asked only where there are links.
        """
        if not self.problems:
            self.problems += self._linked.problems(beside)

    def take(self, folder: str, name: str, path: Path) -> None:
        self.files += 1
        try:
            self._takers[folder](read_source(path, name))
        except Unusable as error:
            self.problems += error.problems

    def finished(self) -> Catalogue:
        if self.problems:
            raise Unusable(self.problems)
        return Catalogue(
            self.scales,
            self.mappings,
            self.codebooks,
            self.criteria,
            self.rubrics,
            self.measure_sets,
            self.workflows,
            self.programmes,
            self.read_programmes,
            self.pins,
            self.files,
        )

    def _judged(self, source: Source, model: type[D], name_key: str, known: Mapping[str, object]) -> D | None:
        found = judged(source, model)
        if isinstance(found, list):
            self.problems += found
            return None
        name = str(getattr(found, name_key))
        if name in known:
            self.problems.append(
                source.problem(
                    (name_key,),
                    "D016",
                    f"{self._first[name_key, name]} already defines '{name}'",
                    "Give one of them another name; a file with the file name of a shipped one replaces it.",
                )
            )
            return None
        self._first[name_key, name] = source.name
        return found

    def _scale(self, source: Source) -> None:
        scale = self._judged(source, Scale, "scale", self.scales)
        if scale and self._clean(scale_problems(source, scale)):
            self.scales[scale.scale] = scale
            self.texts["scale", scale.scale] = source.text

    def _mapping(self, source: Source) -> None:
        mapping = self._judged(source, ScaleMapping, "mapping", self.mappings)
        if mapping and self._clean(mapping_problems(source, mapping, self.scales)):
            self.mappings[mapping.mapping] = mapping

    def _limits(self, source: Source) -> None:
        limits = self._judged(source, Limits, "limits", {})
        if limits is None:
            return
        places = [(("rules", n, "id"), rule.id) for n, rule in enumerate(limits.rules)]
        self._clean(repeated(source, places, "D016", "limiting rule"))
        for n, rule in enumerate(limits.rules):
            self._clean(shape_problems(source, ("rules", n), rule))
            if rule.id in self.limits and self.limits[rule.id][0] is not source:
                first = self.limits[rule.id][0].name
                message = f"{first} already defines the limiting rule '{rule.id}'"
                self.problems.append(source.problem(("rules", n, "id"), "D016", message, "Keep one of them."))
            self.limits.setdefault(rule.id, (source, ("rules", n), rule))

    def _codebook(self, source: Source) -> None:
        codebook = self._judged(source, Codebook, "codebook", self.codebooks)
        if codebook and self._clean(codebook_problems(source, codebook)):
            self.codebooks[codebook.codebook] = codebook
            self.texts["codebook", codebook.codebook] = source.text

    def _library(self, source: Source) -> None:
        library = self._judged(source, Library, "library", {})
        facts = library.facts if library is not None else FACTS
        codebook = self.codebooks.get(facts)
        if library is not None and codebook is None and not self.problems:
            message = f"these criteria speak of the facts in the codebook '{facts}', and there is none of this name"
            key = "facts" if "facts" in library.model_fields_set else "library"
            self.problems.append(source.problem((key,), "D018", message, offered(facts, self.codebooks)))
        if library is None or codebook is None:
            return
        twice = [(n, c) for n, c in enumerate(library.criteria) if c.id in self.criteria]
        self.problems += [
            source.problem(
                ("criteria", n, "id"),
                "D016",
                f"{self._first['criterion', c.id]} already defines the criterion '{c.id}'",
                "Keep one of them.",
            )
            for n, c in twice
        ]
        self._clean(library_problems(source, library, codebook, self.scales, self._questions))
        # A criterion that exists but has a problem is still known, so that rubrics do not repeat the complaint.
        self.criteria |= {c.id: c for c in library.criteria}
        for criterion in library.criteria:
            self.texts["library", criterion.id] = source.text
            self._first.setdefault(("criterion", criterion.id), source.name)

    def _rubric(self, source: Source) -> None:
        rubric = self._judged(source, Rubric, "rubric", self.rubrics)
        if rubric is None or not self._shared_are_sound:
            return
        shelf = Shelf(self.scales, self.codebooks, self.criteria, self.limits, self._questions)
        read = read_rubric(source, rubric, shelf)
        if isinstance(read, list):
            self.problems += read
            return
        self.rubrics[rubric.rubric] = read
        texts = {
            "rubric": source.text,
            "scale": self.texts["scale", rubric.scale],
            "facts": self.texts["codebook", rubric.facts],
        }
        libraries = sorted({self.texts["library", c] for c in read.criteria})
        texts |= {f"criteria {n}": text for n, text in enumerate(libraries, start=1)}
        used = {scale.scale for scale in (*read.scales.values(), *read.section_scales.values())} - {rubric.scale}
        texts |= {f"scale {n}": self.texts["scale", name] for n, name in enumerate(sorted(used), start=1)}
        shared = [rule for rule in rubric.limiting_rules if isinstance(rule, str)]
        limits = sorted({self.limits[rule][0].text for rule in shared})
        texts |= {f"limits {n}": text for n, text in enumerate(limits, start=1)}
        self._pin("rubric", rubric.rubric, rubric.version, texts)

    def _measures(self, source: Source) -> None:
        written = self._judged(source, MeasureSet, "measure_set", self.measure_sets)
        if written is None or (self.problems and written.rubric not in self.rubrics):
            return
        read = read_measure_set(source, written, self.rubrics)
        if isinstance(read, list):
            self.problems += read
            return
        self.measure_sets[written.measure_set] = read
        self._pin("measure_set", written.measure_set, written.version, {"measures": source.text})

    def _workflow(self, source: Source) -> None:
        workflow = self._judged(source, Workflow, "workflow", self.workflows)
        if workflow is None or not self._shared_are_sound:
            return
        self._linked.keep(source, workflow)
        read = read_workflow(source, workflow, self.scales, self.codebooks, self.texts)
        if isinstance(read, list):
            self.problems += read
            return
        # Not asked of a pinned text: what runs under an older one must still be readable.
        if not self._clean([*missing(source, workflow), *(self._broken(source, read))]):
            return
        self.workflows[workflow.workflow] = read
        self.pins["workflow", workflow.workflow] = Pin(
            read.digest, "workflow", workflow.workflow, workflow.version, read.text
        )

    def _broken(self, source: Source, read: ReadWorkflow) -> list[Problem]:
        """The properties a workflow breaks. One text is proved once in a process, however often it is read."""
        sound = _sound()
        if not self._proving or read.digest in sound:
            return []
        broken = list(broken_properties(source, read))
        if not broken and len(sound) < MOST_SOUND:
            sound.add(read.digest)
        return broken

    def _programme(self, source: Source) -> None:
        programme = self._judged(source, Programme, "programme", self.programmes)
        if programme is None:
            return
        complete = not self.problems
        self._clean(stream_problem(source, programme, self.programmes))
        read = read_programme(source, programme, self.rubrics, self.workflows, complete=complete)
        if isinstance(read, list):
            self.problems += read
        else:
            self.read_programmes[programme.programme] = read
        self.programmes[programme.programme] = programme
        self._pin("programme", programme.programme, programme.version, {"programme": source.text})

    def _clean(self, problems: list[Problem]) -> bool:
        self.problems += problems
        return not problems

    def _pin(self, kind: str, name: str, version: str, texts: Mapping[str, str]) -> None:
        text = json.dumps(texts, sort_keys=True, ensure_ascii=False)
        self.pins[kind, name] = Pin(hashlib.sha256(text.encode()).hexdigest(), kind, name, version, text)
