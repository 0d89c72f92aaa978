"""The newest checkpoint leaves the database: an anchor outside is what shows a cut or rewritten ledger."""

from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from audit_engine.problems import unusable
from audit_engine.records.checkpoints import CheckpointLine, make_checkpoint, write_anchor
from audit_engine.records.database import Database
from audit_engine.records.ledger_tables import Checkpoint


def anchor_newest(db: Database, folder: Path) -> Path | None:
    """Write the newest checkpoint to a file of its own in `folder`; None when there is no checkpoint yet.

    Raises:
        Unusable: the folder cannot be written to.
    """
    with db.read() as session:
        newest = session.exec(select(Checkpoint).order_by(col(Checkpoint.number).desc()).limit(1)).first()
        if newest is None:
            return None
        line = CheckpointLine(db.workspace, newest.number, newest.at, newest.chains, newest.entries, newest.root.hex())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        said = f"the folder for anchors cannot be made: {(error.strerror or 'no reason given').lower()}"
        raise unusable(str(folder), "W030", said, "Name another place under 'checkpoints' in audit.toml.") from None
    return write_anchor(folder, line)


def checkpoint(db: Database, at: datetime) -> None:
    """Keep the head of every chain as it is now, so that an anchor can be written of it."""
    db.transact(lambda session: make_checkpoint(session, at))
