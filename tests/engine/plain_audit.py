"""A plain audit, and what it becomes when parts of its text are replaced."""

import tempfile
from pathlib import Path

from audit_engine.definitions.catalogue import load_workflow
from audit_engine.definitions.workflow import ReadWorkflow

PLAIN_FILE = Path(__file__).parent / "plain" / "case_audit.yaml"
CASE_AUDIT = PLAIN_FILE.read_text("utf-8")
PLAIN = load_workflow(PLAIN_FILE)


def loaded(text: str) -> ReadWorkflow:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        return load_workflow(Path(file.name), proving=False)  # a changed text may break what it promises


def changed(*replaced: str) -> ReadWorkflow:
    """The plain audit, with the first of each pair of texts replaced by the second."""
    text = CASE_AUDIT
    for old, new in zip(replaced[::2], replaced[1::2], strict=True):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return loaded(text)
