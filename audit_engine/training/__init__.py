"""Training: a wholly invented organisation, generated from a seed as ordinary files for the ordinary import."""

from audit_engine.training.size import FULL, SMALL, Size
from audit_engine.training.writing import write_service

__all__ = ["FULL", "SMALL", "Size", "write_service"]
