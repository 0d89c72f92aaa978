"""A site's own words that are no names, and the check of the notes in a file of answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from audit_engine.problems import unusable

if TYPE_CHECKING:
    from audit_engine.definitions.answers import ReadAnswers
    from audit_engine.definitions.rubric import ReadRubric

NOT_NAMES = "words_that_are_not_names.txt"
"""In the folder of the workspace, or of the site."""


def not_names(folder: Path | None) -> frozenset[str]:
    """The words of a site's own list; none where it has no list.

    Raises:
        Unusable: W056, it cannot be read, is too large, or a line of it cannot be used.
    """
    from audit_engine.engine.name_words import MAX_BYTES, words_in

    file = folder / NOT_NAMES if folder is not None else None
    if file is None or not file.exists():
        return frozenset()
    try:
        if not file.is_file():
            raise ValueError("it is no ordinary file")
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES:,} bytes")
        return words_in(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        said = "it is not UTF-8 text"
    except (OSError, ValueError) as error:
        said = (error.strerror or "").lower() if isinstance(error, OSError) else str(error)
    help_ = "Write one word, or a few that belong together, on each line."
    raise unusable(str(file), "W056", f"this list of words cannot be used: {said}", help_)


def told_of_notes(rubric: "ReadRubric", answers: "ReadAnswers", folder: Path | None) -> Iterator[str]:
    """What kind of thing may tell who somebody is in which note: never the thing itself, which would travel on."""
    from audit_engine.calendars import day_of, now
    from audit_engine.engine.anonymity import KINDS, TITLES, Watch

    watch = Watch(not_names=not_names(folder), today=day_of(now()))
    for name, answer in answers.ratings.items():
        found = {one.kind for one in watch.findings(answer.note or "")}
        for kind in KINDS:
            if kind in found:
                yield f"Probable {TITLES[kind]} in the note on '{rubric.criteria[name].title}'."
