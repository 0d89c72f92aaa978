"""Finds the shipped and the site's definitions, judges all of them together, and pins them by their text.

A site's file wins by its name over the shipped one. Nothing is used while any file has a problem.
"""

from collections.abc import Sequence
from pathlib import Path

from audit_engine.definitions.criteria import FACTS
from audit_engine.definitions.files import MAX_FILES, files_of, own_files, shipped_folder
from audit_engine.definitions.judging import Catalogue, Pin, Reader
from audit_engine.definitions.linked import in_shape
from audit_engine.definitions.rubric import ReadRubric
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.problems import Unusable

__all__ = [
    "FACTS", "FOLDERS", "MAX_FILES", "RUBRICS", "Catalogue", "Pin", "load", "load_folders", "load_rubric", "load_sound",
    "load_workflow", "shipped_folder",
]  # fmt: skip

FOLDERS = (
    "rubrics/scales",
    "rubrics/scales/mappings",
    "rubrics/codebooks",
    "rubrics/criteria",
    "rubrics/limits",
    "rubrics",
    "rubrics/measures",
    "workflows",
    "workflows/programmes",
)
"""In the order they are judged: later ones speak of earlier ones."""
ESCALATION = "escalation.yaml"
"""The file whose workflow a concern for a child is raised under."""


def load(site: Path | None = None, *, proving: bool = True) -> Catalogue:
    """Judge all definitions: the shipped ones, and those of the workspace folder `site`.

    Args:
        proving: Whether a workflow that breaks a property of its own is a problem; not, for whoever tells how.

    Raises:
        Unusable: every problem in every file, place first.
    """
    return _all_of(Reader(proving=proving), FOLDERS, site)


RUBRICS = FOLDERS[: FOLDERS.index("rubrics") + 1]
"""Everything that rubrics are made of, and they themselves."""


def load_folders(folders: Sequence[str], site: Path | None = None) -> Catalogue:
    """Judge the definitions of some folders alone, such as all that rubrics are made of. Raises as `load`."""
    return _all_of(Reader(), folders, site)


def _all_of(reader: Reader, folders: Sequence[str], site: Path | None) -> Catalogue:
    for folder in folders:
        reader.enter(folder)
        for name, path in files_of(folder, site, reader.problems):
            reader.take(folder, name, path)
    return reader.finished()


def load_sound(site: Path | None = None) -> Catalogue:
    """As `load`, but never stopped by a file of the site: for raising a concern, and for what things are called.

    While anything in the site's files is wrong, the shipped definitions stand in, with the site's own workflow of
    escalations where that one is sound beside them.

    Raises:
        Unusable: the shipped definitions themselves cannot be read.
    """
    for read in (load, _with_own_escalation):
        try:
            return read(site)
        except Unusable:
            continue
    return load()


def _with_own_escalation(site: Path | None) -> Catalogue:
    own = own_files(site / "workflows", site, []) if site is not None else {}
    reader = Reader()
    for folder in FOLDERS:
        reader.enter(folder)
        for name, path in files_of(folder, None, reader.problems):
            theirs = own.get(path.name) if folder == "workflows" and path.name == ESCALATION else None
            reader.take(folder, *(theirs or (name, path)))
    return reader.finished()


def load_rubric(file: Path, site: Path | None = None) -> ReadRubric:
    """Judge one rubric file beside the shipped library, so that it can be tried before it is put in force.

    The folder the file is in stands for `rubrics/`: criteria, scales and codebooks in the folders of these names
    beside the file count, and win by file name over those of `site` and the shipped ones. No other rubric is read.

    Raises:
        Unusable: every problem in every file, place first.
    """
    reader = Reader()
    for folder in FOLDERS[: FOLDERS.index("rubrics")]:
        reader.enter(folder)
        for name, path in files_of(folder, site, reader.problems, file.parent):
            reader.take(folder, name, path)
    reader.enter("rubrics")
    reader.take("rubrics", str(file), file)
    return next(iter(reader.finished().rubrics.values()))


def load_workflow(file: Path, site: Path | None = None, *, proving: bool = True, linking: bool = True) -> ReadWorkflow:
    """Judge one workflow file beside the scales and codebooks of `site` and the shipped ones.

    So it can be looked at before it is put in force. Of other workflows only those are looked at that it names in its
    links, and only whether they fit: the files beside it first, then those of `site`, then the shipped ones.

    Args:
        proving: As for `load`.
        linking: Whether what its links name must be there and fit; not, for whoever only compares what files say.

    Raises:
        Unusable: every problem in every file, place first.
    """
    reader = Reader(proving=proving)
    for folder in ("rubrics/scales", "rubrics/codebooks"):
        for name, path in files_of(folder, site, reader.problems):
            reader.take(folder, name, path)
    reader.enter("rubrics")
    reader.take("workflows", str(file), file)
    if linking:
        beside = [(str(path), path) for path in sorted(file.parent.glob("*.yaml"))[:MAX_FILES]]
        reader.judge_links(lambda: in_shape([*files_of("workflows", site, []), *beside]))
    return next(iter(reader.finished().workflows.values()))
