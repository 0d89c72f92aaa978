"""What a database says when something goes wrong, as one of our sentences. The one place that translates.

Values never reach a sentence: only names of tables and constraints do.
"""

import errno
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from audit_engine.problems import Unusable, unusable

TRANSLATED = (DBAPIError, PoolTimeout, sqlite3.Error, OSError, UnicodeDecodeError)
_KEPT = "nothing was changed"
_AGAIN = "Try again in a moment."
_RESTORE = "Restore it from a backup."
_RETRYABLE = frozenset({"40001", "40P01"})
_TRIED_AGAIN = frozenset(
    {
        *("pk_entries", "pk_checkpoints", "uq_matters_reference", "uq_audits_reference"),
        "uq_notices_thing_since_turn_step",
    }
)
"""Rules that two who write in one moment may both break: the next number of a chain, the next reference, a notice."""
_READ_ONLY = ("W008", f"the file is read-only for you; {_KEPT}", "Ask its owner for permission to write it.")
_LOCKED = ("W012", f"the database is locked by another program; {_KEPT}", _AGAIN)
_DAMAGED = ("W013", "the database is damaged", _RESTORE)
_SQLITE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: (
        "W001",
        "the database cannot be opened",
        "Check that the file and its folder are still there.",
    ),
}
_NO_WRITING = ("W008", f"your account may not write this database; {_KEPT}", "Ask its administrator.")
_UNREACHED = ("W020", "the database server cannot be reached", "Check the address and that the server runs.")
_POSTGRESQL = {
    "53100": ("W017", f"the disk of the database server is full; {_KEPT}", "Ask for space, then do it again."),
    "25006": _NO_WRITING,
    "42501": _NO_WRITING,
    "3D000": ("W001", "there is no such database on the server", "Check the name in the address."),
    "28": ("W020", "the database server refused the account or its password", "Check the address."),
    "08": _UNREACHED,
    "57": _UNREACHED,
}
"""By state, else by its first two characters."""


def is_conflict(wrong: BaseException) -> bool:
    """Whether PostgreSQL stopped this transaction for another's sake, so that it may simply be tried again."""
    driver = _driver(wrong)
    if getattr(driver, "sqlstate", None) in _RETRYABLE:
        return True
    # Two who append to one chain at once, or open a matter: the second with the same number may be told so, too.
    diagnosis = getattr(driver, "diag", None)
    return getattr(diagnosis, "constraint_name", None) in _TRIED_AGAIN


def translated(wrong: BaseException, name: str, file: Path | None) -> BaseException:
    """The problem to raise instead of `wrong`; `wrong` itself when it is not the database's.

    Args:
        name: The database as people may see it, passwords masked.
        file: The SQLite file, None on PostgreSQL.
    """
    driver = _driver(wrong)
    if isinstance(driver, sqlite3.Error):
        return _from_sqlite(driver, name, file)
    if isinstance(driver, UnicodeDecodeError) and file is not None:
        return unusable(name, *_DAMAGED)  # the driver could not even read SQLite's own complaint
    if isinstance(driver, OSError):
        return _full(name, file) if driver.errno in {errno.ENOSPC, errno.EDQUOT} else wrong
    if isinstance(wrong, PoolTimeout):
        return unusable(name, "W012", f"the database is busy: no connection came free; {_KEPT}", _AGAIN)
    if isinstance(wrong, DBAPIError):
        return _from_postgresql(wrong, name)
    return wrong


def _driver(wrong: BaseException) -> BaseException | None:
    return wrong.orig if isinstance(wrong, DBAPIError) else wrong


def _from_sqlite(wrong: sqlite3.Error, name: str, file: Path | None) -> Unusable:
    code = getattr(wrong, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _free_megabytes(file) == 0):
        return _full(name, file)
    if code == sqlite3.SQLITE_CONSTRAINT:
        return _broken_rule(name, str(wrong))
    unknown = ("W015", f"the database failed ({_word(wrong)}); {_KEPT}", _AGAIN)
    return unusable(name, *_SQLITE.get(code, unknown))


def _from_postgresql(wrong: DBAPIError, name: str) -> Unusable:
    driver = wrong.orig
    state = str(getattr(driver, "sqlstate", None) or "")
    if is_conflict(wrong):
        return unusable(name, "W014", f"somebody else saved at the same moment; {_KEPT}", "Do it again.")
    if state == "P0001":
        return _broken_rule(name, "the ledger keeps what was written")
    if state.startswith("23"):
        rule = getattr(getattr(driver, "diag", None), "constraint_name", None) or "a required value"
        return _broken_rule(name, str(rule))
    if not state or wrong.connection_invalidated:
        state = _state_of_connecting(str(driver))
    unknown = ("W015", f"the database failed (state {state}); {_KEPT}", _AGAIN)
    return unusable(name, *_POSTGRESQL.get(state, _POSTGRESQL.get(state[:2], unknown)))


def _state_of_connecting(said: str) -> str:
    """A server that was never reached, or turned us away, gives a sentence but no state."""
    if "does not exist" in said and 'database "' in said:
        return "3D000"
    return "28" if "authentication failed" in said or 'role "' in said else "08"


def _broken_rule(name: str, rule: str) -> Unusable:
    # SQLite's sentence names tables, columns or constraints, never values.
    return unusable(name, "W016", f"the database refused a row that breaks one of its rules ({rule}); {_KEPT}")


def _full(name: str, file: Path | None) -> Unusable:
    return unusable(
        name,
        "W017",
        f"the disk holding {name} is full ({_free_megabytes(file)} MB free); {_KEPT}",
        "Make space, then do it again.",
    )


def _free_megabytes(file: Path | None) -> int:
    try:
        return shutil.disk_usage((file or Path("/")).absolute().parent).free // 1_000_000
    except OSError:
        return 0


def _word(wrong: sqlite3.Error) -> str:
    return str(getattr(wrong, "sqlite_errorname", type(wrong).__name__))
