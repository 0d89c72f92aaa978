"""A workspace begins: the database, and the first person who may do anything in it."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from audit_engine.problems import unusable
from audit_engine.records.checkpoints import make_checkpoint
from audit_engine.records.database import Database, Mode, create_database
from audit_engine.records.ledger import Author, Happening, append
from audit_engine.records.tables import Account, Person, RoleHeld
from audit_engine.safe_text import MAX_TEXT, cleaned, hidden_characters


def open_workspace(
    address: str | Path, *, mode: Mode, account: str, reference: str, name: str, at: datetime
) -> Database:
    """Make a workspace whose first administrator is the person behind `account`.

    In a training workspace they are its quality lead as well. The roles bear no first day: whoever opens the
    workspace may act in it whatever day their clock says.

    Args:
        address: As `create_database` takes it.
        account: From the operating system, never from the environment: `uid:1000`.
        reference: What the person goes by in files: `P-00001`.
        at: With time zone.

    Raises:
        Unusable: X094, a reference or name that is empty or holds hidden characters; or as `create_database`.
    """
    person = {"reference": _plain("reference", reference), "name": _plain("name", name)}
    held = ("administrator", "quality_lead") if mode == "training" else ("administrator",)
    db = create_database(address, mode=mode, at=at)
    try:
        db.transact(lambda session: _first_person(session, db, account, person, held, at))
    except BaseException:
        db.close()
        _take_back(address)
        raise
    return db


def _first_person(
    session: Session, db: Database, account: str, person: dict[str, str], held: tuple[str, ...], at: datetime
) -> None:
    key = uuid4()
    roles = [_role(number, role) for number, role in enumerate(held, start=1)]
    recorded = Happening(key, "person", "recorded", {"row": person, "roles": roles})
    bound = Happening(key, "person", "bound", {"account": account})
    author = Author(key, "administrator", "os account")
    turns = append(session, db.workspace, author, [recorded, bound], at)
    session.add(Person(key=key, turn=turns[key], **person))
    session.flush()  # the rows below point at the person
    session.add_all(RoleHeld(person=key, **role) for role in roles)
    session.add(Account(account=account, person=key))
    session.flush()
    make_checkpoint(session, at)


def _role(number: int, role: str) -> dict[str, Any]:
    nowhere = {"team": None, "area": None, "manages_team": None, "from_day": None, "to_day": None}
    return {"number": number, "role": role, **nowhere}


def _plain(what: str, text: str) -> str:
    kept, _ = cleaned(text.strip())
    if not kept or hidden_characters(text) or len(kept) > MAX_TEXT:
        message = f"the first person's {what} is empty, too long or holds characters that cannot be seen"
        raise unusable(what, "X094", message, "Type it again.")
    return kept


def _take_back(address: str | Path) -> None:
    """A workspace nobody belongs to can be neither used nor made again: it goes. Only a file can be taken back."""
    if isinstance(address, str) and "://" in address:
        return
    for end in ("-wal", "-shm", ""):
        with suppress(OSError):
            Path(f"{address}{end}").unlink()
