"""Looking at a SQLite file before opening it, so that a refused file keeps every byte it had.

SQLite itself would make a missing file, fill an empty one, and write beside one it cannot use. So its
first hundred bytes are read here, without SQLite, and only a file that is ours goes further.
"""

import os
import stat
from pathlib import Path
from urllib.parse import quote

from audit_engine.problems import unusable

APPLICATION_ID = 0x41554449
"""`AUDI`, in the four bytes SQLite keeps for the program a file belongs to."""
SCHEMA_NUMBER = 5
"""Which migration the tables are at: SQLite's user_version."""
UPGRADE = "Run: audit upgrade. It makes a copy first, and then brings the tables up to date."
MOUNTS = Path("/proc/mounts")
_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "fuse.sshfs", "9p", "vboxsf", "prl_fs", "afs", "ncpfs"}
)
_RESTORE = "Restore it from a backup, or name another file."


def look(file: Path) -> None:
    """Read the file's header and its surroundings; change nothing.

    Raises:
        Unusable: W001 to W010, W021: this is not a file we can work in, in one sentence.
    """
    number = look_at_earlier(file)
    if number != SCHEMA_NUMBER:
        message = f"the database was made by an earlier version of this program (tables {number}, here {SCHEMA_NUMBER})"
        raise unusable(str(file), "W007", message, UPGRADE)


def look_at_earlier(file: Path) -> int:
    """As `look`, and a file of an earlier version may be there, too; the number of its tables."""
    number = _checked_header(file, _header(file))
    _usable(file)
    return number


def _usable(file: Path) -> None:
    check_folder(file)
    if not os.access(file, os.W_OK):
        raise unusable(str(file), "W008", "the file is read-only for you", "Ask its owner for permission to write it.")
    if file.stat().st_mode & 0o077:
        help_ = f"Run: chmod 600 {file}"
        raise unusable(str(file), "W021", "others on this machine may open this file, and it is about children", help_)


def check_folder(file: Path) -> None:
    """Whether SQLite can work in the folder of `file`, which need not exist itself.

    Raises:
        Unusable: W009 no permission to write, or W010 a network file system.
    """
    folder = file.parent
    try:
        is_there = folder.is_dir()
    except PermissionError:  # a folder above it is closed
        is_there = True
    if not is_there:
        raise unusable(str(file), "W001", f"there is no folder {folder}", "Make the folder first, or name another.")
    if not os.access(folder, os.W_OK | os.X_OK):
        help_ = "SQLite keeps its journal beside the file: ask for permission to write the folder."
        raise unusable(str(file), "W009", f"the folder {folder} may not be written by you", help_)
    kind = network_file_system(file, _mounts())
    if kind is not None:
        help_ = "Keep it on a disk of this machine, or use PostgreSQL."
        raise unusable(str(file), "W010", f"the file is on a network file system ({kind}), where it would break", help_)


def network_file_system(file: Path, mounts: str) -> str | None:
    """The type of the network file system `file` is on; None on an ordinary disk.

    Args:
        mounts: Lines as in /proc/mounts: what, where, type, ...
    """
    place, found, depth = file.resolve(), "", -1
    for line in mounts.splitlines():
        _, where, kind, *_ = [*line.split(" "), "", "", ""]
        folder = Path(where.replace("\\040", " "))
        # The last of equally deep mounts hides the ones before it.
        if place.is_relative_to(folder) and len(folder.parts) >= depth:
            found, depth = kind, len(folder.parts)
    return found if found in _NETWORK else None


def create_empty(file: Path) -> None:
    """Make an empty file that only its owner may read.

    Raises:
        Unusable: W011: something is there already; W009, W010: the folder cannot be used.
    """
    check_folder(file)
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        raise unusable(
            str(file), "W011", "there is already a file here", "Name another place; nothing is overwritten."
        ) from None
    os.close(descriptor)


def uri(file: Path) -> str:
    """The address that lets sqlite3 write `file` and never make it."""
    return f"file:{quote(str(file.absolute()))}?mode=rw"


def _mounts() -> str:
    try:
        return MOUNTS.read_text(errors="replace")
    except OSError:
        return ""


def _header(file: Path) -> bytes:
    try:
        found = file.stat()
        if stat.S_ISDIR(found.st_mode):
            raise unusable(str(file), "W002", "this is a folder, not a file", "Name the database file inside it.")
        if not stat.S_ISREG(found.st_mode):
            raise unusable(str(file), "W004", "this is not an ordinary file", _RESTORE)
        with file.open("rb") as opened:
            return opened.read(_HEADER)
    except (FileNotFoundError, NotADirectoryError):
        raise unusable(
            str(file), "W001", "there is no such file", "Check the name, or make a workspace with audit init."
        ) from None
    except PermissionError:
        raise unusable(str(file), "W008", "you may not read this file", "Ask its owner for permission.") from None
    except OSError as wrong:
        raise unusable(str(file), "W015", f"the file cannot be read ({wrong.strerror})", _RESTORE) from None


def _checked_header(file: Path, header: bytes) -> int:
    name = str(file)
    if not header:
        raise unusable(name, "W003", "the file is empty: it is no workspace, and was left as it is", _RESTORE)
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        raise unusable(name, "W004", "the file is not a database", _RESTORE)
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise unusable(name, "W005", "the database belongs to another program", "Name the database of a workspace.")
    found = int.from_bytes(header[60:64], "big")
    if found > SCHEMA_NUMBER:
        message = (
            f"the database was made by a newer version of this program (tables {found}, known here {SCHEMA_NUMBER})"
        )
        raise unusable(name, "W006", message, "Install the newer version.")
    if found <= 0:
        raise unusable(name, "W007", f"the database has tables of an unknown number ({found})", _RESTORE)
    return found
