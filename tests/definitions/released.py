"""The shipped definitions as they were released, one line each: `python -m tests.definitions.released` writes it.

People work under these texts and figures are counted by them, so a released text never changes under its version.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from audit_engine.definitions.catalogue import Pin, load
from audit_engine.definitions.judging import PROVED

RELEASED = Path(__file__).parents[2] / "docs" / "reference" / "released.txt"
PROVED_HEADING = """\
# name version digest of every shipped workflow: tests/definitions/proofs prove their properties. Written by
# tests/definitions/released.py
"""
HEADING = "# kind name version digest: every shipped definition as released. Written by tests/definitions/released.py\n"


def line(pin: Pin) -> str:
    """What is kept of one pin."""
    return f"{pin.kind} {pin.name} {pin.version} {pin.digest}"


def released_text(pins: Iterable[Pin]) -> str:
    """The whole file."""
    return HEADING + "".join(f"{text}\n" for text in sorted(line(pin) for pin in pins))


def proved_text(pins: Iterable[Pin]) -> str:
    """The digests of the shipped workflows, which the program need not prove anew."""
    rows = sorted(f"{pin.name} {pin.version} {pin.digest}\n" for pin in pins if pin.kind == "workflow")
    return PROVED_HEADING + "".join(rows)


def differences(released: str, pins: Mapping[tuple[str, str], Pin]) -> list[str]:
    """What differs from what was released, each with what to do about it."""
    before = {
        (kind, name): (version, digest)
        for kind, name, version, digest in (row.split() for row in released.splitlines() if not row.startswith("#"))
    }
    now = {key: (pin.version, pin.digest) for key, pin in pins.items()}
    record = "then run `python -m tests.definitions.released`"
    told = []
    for kind, name in sorted(before.keys() | now.keys()):
        (old, old_digest), (new, new_digest) = before.get((kind, name), ("", "")), now.get((kind, name), ("", ""))
        what = f"the {kind} {name}"
        if not new:
            told.append(f"{what} {old} is gone: put it back, or say so in the changelog, {record}")
        elif not old:
            told.append(f"{what} {new} is new: {record}")
        elif old == new and old_digest != new_digest:
            told.append(
                f"{what}, or what it includes, changed and its version is still {new}: give it a new version, {record}"
            )
        elif old != new:
            told.append(f"{what} went from {old} to {new}: {record}")
    return told


def main() -> None:
    """Write down what is shipped now."""
    pins = load().pins.values()
    RELEASED.write_text(released_text(pins), encoding="utf-8")
    PROVED.write_text(proved_text(pins), encoding="utf-8")


if __name__ == "__main__":
    main()
