"""Writing the files people asked for: whole or not at all, for their owner only, never over another file unasked."""

import os
import tempfile
from pathlib import Path

from audit_engine.problems import unusable


def write_whole(file: Path, text: str | bytes, *, force: bool = False) -> Path:
    """Write a file in one step: a reader sees the old file or the new one, never half of it.

    Raises:
        Unusable: it exists and `force` was not said, or the place cannot be written.
    """
    if not force and (file.exists() or file.is_symlink()):
        raise unusable(str(file), "W060", "this file exists", "Add --force to replace it, or name another place.")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError as error:
        raise unusable(
            str(file),
            "W061",
            f"this cannot be written: {(error.strerror or '').lower()}",
            "Name a folder you may write to.",
        ) from None
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(text.encode() if isinstance(text, str) else text)
            opened.flush()
            os.fsync(opened.fileno())
        made.replace(file)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise unusable(
            str(file),
            "W061",
            f"this cannot be written: {(error.strerror or '').lower()}",
            "Free some space, or name another place.",
        ) from None
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return file
