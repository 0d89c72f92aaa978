"""Tagged PDF, made by typst without a network. The only importer of typst, which is installed with the extra `pdf`."""

import json
from pathlib import Path

from audit_engine.problems import unusable

_TEMPLATES = Path(__file__).parent / "templates"


def rubric_pdf(words: dict[str, object]) -> bytes:
    """A rubric's handbook as PDF/UA-1: what cannot be read aloud is an error of the maker, not of the reader.

    Args:
        words: As `handbook_words` gives them. They reach the maker as data, never as its source.

    Raises:
        Unusable: the maker is not installed.
    """
    try:
        import typst  # noqa: PLC0415 - an extra
    except ImportError:
        hint = "Install it with: pip install 'audit-engine[pdf]'. Or print HTML, and let a browser make the PDF."
        raise unusable("--to", "W070", "what makes PDF files is not installed", hint) from None
    made: bytes = typst.compile(
        _TEMPLATES / "rubric.typ", sys_inputs={"book": json.dumps(words)}, pdf_standards=["ua-1"]
    )
    return made
