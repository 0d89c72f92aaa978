"""An invented rubric that uses the whole rubric language, in force for every case."""

from pathlib import Path

from audit_engine.definitions.catalogue import Catalogue, load
from tests.actions.live.plain import plain

SITE = Path(__file__).parent
CRITERIA = ("w.risk", "w.siblings", "w.forms", "w.policy", "w.plan")


def whole_language() -> Catalogue:
    """The definitions with it, and with audits that know of no windows."""
    return plain(load(SITE))
