"""Finds the files of definitions: the shipped ones and a site's own, which win by their names."""

import os
from pathlib import Path

from audit_engine.problems import Place, Problem, unusable

MAX_FILES = 500


def shipped_folder() -> Path:
    """Where the shipped definitions are: inside the wheel, or at the top of a checkout."""
    inside = Path(__file__).parent.parent / "_shipped"
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent


def files_of(
    folder: str, site: Path | None, problems: list[Problem], rubrics: Path | None = None
) -> list[tuple[str, Path]]:
    """Files by name, the later place winning: shipped, the site's, and those in a folder that stands for `rubrics/`."""
    shipped = {
        path.name: (f"{folder}/{path.name}", path) for path in sorted((shipped_folder() / folder).glob("*.yaml"))
    }
    found = dict(shipped)
    if site is not None and site.resolve() != shipped_folder().resolve():
        found |= own_files(site / folder, site, problems)
    if rubrics is not None and rubrics.resolve() not in {(place / "rubrics").resolve() for place in _places(site)}:
        found |= own_files(rubrics / folder.removeprefix("rubrics/"), rubrics, problems)
    if len(found) > MAX_FILES:
        message = f"there are more than {MAX_FILES} definitions in this folder"
        raise unusable(folder, "D003", message, "Move those that are not used elsewhere.")
    # What is shipped comes first, so that a name given twice is a problem of the site's file.
    return [found[name] for name in sorted(found, key=lambda name: (name not in shipped, name))]


def _places(site: Path | None) -> list[Path]:
    return [shipped_folder()] if site is None else [shipped_folder(), site]


def own_files(folder: Path, root: Path, problems: list[Problem]) -> dict[str, tuple[str, Path]]:
    found: dict[str, tuple[str, Path]] = {}
    if os.path.lexists(folder) and not folder.is_dir():
        message, hint = "this is not a folder, and definitions are looked for in it", "Rename it, or move it elsewhere."
        problems.append(Problem(Place(str(folder)), "D001", message, hint))
        return found
    for path in sorted(folder.glob("*.yml")):
        message, hint = "definitions end in .yaml, so this file is not read", "Rename it, or move it elsewhere."
        problems.append(Problem(Place(str(path)), "D001", message, hint))
    for path in sorted(folder.glob("*.yaml")):
        if _stays_inside(path, root):
            found[path.name] = (str(path), path)
        else:
            message, hint = "this link leads out of the workspace", "Put the file itself here."
            problems.append(Problem(Place(str(path)), "D001", message, hint))
    return found


def _stays_inside(path: Path, site: Path) -> bool:
    try:
        return path.resolve().is_relative_to(site.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself: which of the two depends on the Python
        return False
