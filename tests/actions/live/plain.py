"""Audits, moderations and escalations as they were shipped once, at version 1.1.0: no window, and nothing by the clock.

Many of the audits that people have open began under these. What plays on the screens of today about audits of another
year would under the shipped ones be out of every window.
"""

from pathlib import Path

from audit_engine.definitions.catalogue import Catalogue
from tests.actions.live.other_texts import in_force

FOLDER = Path(__file__).parents[2] / "engine" / "plain"
NAMES = ("case_audit", "moderation", "escalation")


def plain(catalogue: Catalogue) -> Catalogue:
    """The catalogue with these three in force."""
    for name in NAMES:
        catalogue = in_force(catalogue, (FOLDER / f"{name}.yaml").read_text("utf-8"), name)
    return catalogue


def put_into(site: Path) -> None:
    """Give a workspace's folder these three of its own."""
    (site / "workflows").mkdir()
    for name in NAMES:
        (site / "workflows" / f"{name}.yaml").write_bytes((FOLDER / f"{name}.yaml").read_bytes())
