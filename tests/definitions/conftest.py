"""What the tests of definitions share: one file put among all the others, and read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load, shipped_folder
from audit_engine.definitions.mapping import read_mapping
from audit_engine.definitions.sources import read_source
from audit_engine.problems import Unusable

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*/*.yaml"))
FOLDERS = {
    "scales": "rubrics/scales", "scale_mappings": "rubrics/scales/mappings", "codebooks": "rubrics/codebooks",
    "criteria": "rubrics/criteria", "limits": "rubrics/limits",
    "rubrics": "rubrics", "measures": "rubrics/measures", "workflows": "workflows",
    "programmes": "workflows/programmes",
}  # fmt: skip
"""Kinds of definitions and where a site keeps them."""
MAPPINGS = "mappings"
"""The one kind that is given beside the file it is for, and belongs to no folder."""

Put = Callable[[str, str, bytes], Path]


def kind_and_name(file: Path) -> str:
    """How a bad file is called in the list of tests."""
    return f"{file.parent.name}/{file.stem}"


def shipped_files() -> list[tuple[str, Path]]:
    """Every shipped definition with its kind."""
    return [
        (kind, file) for kind, folder in FOLDERS.items() for file in sorted((shipped_folder() / folder).glob("*.yaml"))
    ]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace that is the working folder, so that problems show short paths."""
    monkeypatch.chdir(tmp_path)
    return Path()


@pytest.fixture
def put(site: Path) -> Put:
    """Writes one definition where the site keeps its kind."""

    def put_file(kind: str, name: str, raw: bytes) -> Path:
        path = site / FOLDERS.get(kind, kind) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return path

    return put_file


def what_is_said(site: Path, kind: str, path: Path) -> Unusable | Catalogue | None:
    """What people read when the file is used, or the catalogue when it can be."""
    try:
        if kind == MAPPINGS:
            read_mapping(read_source(path), "cases")
            return None
        return load(site)
    except Unusable as unusable:
        return unusable
