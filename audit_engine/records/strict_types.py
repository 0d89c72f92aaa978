"""How column types are spelled on SQLite, whose STRICT tables know INTEGER, TEXT and BLOB only.

Importing this module is enough: the rules hold for every table of the process.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, DateTime, String, Uuid
from sqlalchemy.ext.compiler import compiles


@compiles(Uuid, "sqlite")
@compiles(String, "sqlite")
@compiles(Date, "sqlite")
@compiles(DateTime, "sqlite")
@compiles(JSON, "sqlite")
def _text(_type: Any, _compiler: Any, **_options: Any) -> str:
    return "TEXT"


@compiles(Boolean, "sqlite")
@compiles(BigInteger, "sqlite")
def _integer(_type: Any, _compiler: Any, **_options: Any) -> str:
    return "INTEGER"
