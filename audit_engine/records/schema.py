"""What the tables must look like: a file whose tables were changed by hand no longer keeps what it promises.

`EXPECTED` is over what all migrations together make; a test makes them and compares. Triggers have their own check.
On PostgreSQL the tables are not compared: another role than the program's may own and change them.
"""

import hashlib

from sqlalchemy import Connection

EXPECTED: dict[str, str | None] = {
    "sqlite": "0add6c409811e643b52d6559629682319047d49125dd480c09e501c830954b24",
    "postgresql": None,
}
"""By dialect: the fingerprint, or None where there is none."""


def fingerprint(connection: Connection) -> str | None:
    """SHA-256, hex, over every table, index and view the database holds; None where tables are not compared."""
    if connection.dialect.name != "sqlite":
        return None
    # Tables of SQLite's own, such as the statistics of ANALYZE, come and go.
    rows = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE type <> 'trigger' AND sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    lines = sorted(f"{kind} {name} {' '.join(text.split())}" for kind, name, text in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
