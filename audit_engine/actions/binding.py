"""Binds an operating-system account to a person, so that in a live workspace they are known by it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from audit_engine.actions.command import Command, already_done, remember
from audit_engine.actions.imports.people import another_administrator
from audit_engine.actions.imports.writing import author_of
from audit_engine.calendars import day_of
from audit_engine.engine.permission import Actor, require
from audit_engine.problems import Reason, Refused
from audit_engine.records.database import Database
from audit_engine.records.ledger import Happening, append
from audit_engine.records.tables import Account, Person
from audit_engine.safe_text import quoted


def bind_account(db: Database, actor: Actor, command: Command, reference: str, account: str, *, at: datetime) -> None:
    """Bind an account. One person may have several accounts and counts once; one account is one person.

    Args:
        account: As the operating system numbers it: `uid:1000`.

    Raises:
        Refused: the actor is no administrator, there is nobody of this reference, the account is somebody's, or they
            would bind it to themselves while there is another administrator.
    """
    what = "bind this account"
    require(actor, "bind", what)

    def act(session: Session) -> None:
        if already_done(session, command):
            return
        person = (
            session.connection()
            .execute(select(col(Person.key)).where(col(Person.reference) == reference))
            .scalar_one_or_none()
        )
        if person is None:
            text = (
                f"Nobody here has the reference {quoted(reference)}. Check it in people.csv, or import that file first."
            )
            raise Refused(f"cannot {what}", [Reason("person", text)])
        if db.mode == "live" and person == actor.person and another_administrator(session, person, day_of(at)):
            text = "Nobody binds an account to themselves while somebody else can. Ask another administrator."
            raise Refused(f"cannot {what}", [Reason("own_account", text)])
        bound = session.get(Account, account)
        if bound is not None:
            text = "This account is bound to somebody already. One account is one person; use another account."
            raise Refused(f"cannot {what}", [Reason("account", text)])
        happening = Happening(person, "person", "bound", {"account": account})
        turns = append(session, db.workspace, author_of(actor), [happening], at)
        session.connection().execute(update(Person).where(col(Person.key) == person).values(turn=turns[person]))
        session.add(Account(account=account, person=person))
        remember(session, command, person, turns[person])
        session.flush()

    db.transact(act)
