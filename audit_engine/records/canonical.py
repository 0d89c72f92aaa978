"""One text for one value: what the ledger hashes must not depend on who wrote it down.

Canonical JSON: keys sorted, no spaces, characters as themselves, NFC. Floats are refused, because two
machines may print one differently. What JSON does not know is written by a declared rule:

    date      2026-03-31
    datetime  2026-03-31T09:05:00.000000+00:00 (always UTC, always microseconds)
    UUID      32 hexadecimal digits, lower case
    bytes     hexadecimal digits, lower case
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID


def canonical(value: Any) -> str:
    """The canonical JSON text of `value`.

    Raises:
        TypeError: a float, a moment without time zone, a key that is not text, or something with no rule.
        ValueError: two keys that are the same once normalised, or a lone surrogate.
    """
    _refuse_floats(value)
    text = _encode(value)
    if text.isascii():
        return text  # ASCII is NFC already, and most payloads are: half the time of an import
    text = _encode(encoded(value))
    text.encode()  # a lone surrogate fails here, by name, rather than inside a database driver
    return text


def encoded(value: Any) -> Any:
    """`value` as JSON will hold it: dict, list, str, int, bool or None.

    Raises:
        TypeError, ValueError: as `canonical`.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple):
        return [encoded(part) for part in value]
    return _text(value)


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, part in value.items():
        if not isinstance(key, str):
            raise TypeError(f"a key of the ledger is text, not {type(key).__name__}")
        kept[encoded(key)] = encoded(part)
    if len(kept) != len(value):
        raise ValueError("two keys are the same once normalised")
    return kept


def _text(value: Any) -> str:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a moment without time zone has no place in the ledger")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"the ledger has no rule for {type(value).__name__}")


def _plain(value: Any) -> Any:
    """For the encoder: what it has no rule of its own for."""
    return dict(value) if isinstance(value, Mapping) else _text(value)


def _refuse_floats(value: Any) -> None:
    if type(value) is dict or isinstance(value, Mapping):
        if not _TEXT.issuperset(map(type, value)) and not all(isinstance(key, str) for key in value):
            raise TypeError("a key of the ledger is text")
        value = value.values()
    elif isinstance(value, float):
        raise TypeError("the ledger holds no floats: two machines may write one differently")
    elif not isinstance(value, list | tuple):
        return
    # Asking for the kinds first keeps plain rows, nearly all there is, out of the walk.
    if not _PLAIN.issuperset(map(type, value)):
        for part in value:
            if type(part) not in _PLAIN:
                _refuse_floats(part)


_TEXT = frozenset({str})
_PLAIN = frozenset({str, int, bool, type(None)})
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False, default=_plain
).encode
