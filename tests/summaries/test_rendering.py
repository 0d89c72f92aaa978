"""Words from files reach Markdown and HTML as themselves."""

import html as html_module
import re
from html.parser import HTMLParser

import pytest

from audit_engine.summaries.overview import Grid, Overview, Part, Statement
from audit_engine.summaries.rendering import html, literal, markdown

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1))",
    "![x](http://example.invalid/x.png)",
    "<http://example.invalid>",
    "{{ 7*7 }} {% raw %}",
    "*bold* _it_ `code` ~~x~~ **",
    "| cell | cell |\n| --- |",
    "# heading\n\n- list",
    "1. first",
    "&lt;b&gt; &#60;",
    "</style><style>*{display:none}",
    "\x1b]0;PWNED\x07 \x9b31m",
    "a\u202eb",
    "\\",
    "$x$ <!-- -->",
    "===",
    "---",
]


def document(words: str) -> Overview:
    line = Statement("m", words, words, words, words, (words,), (words,))
    grid = Grid(words, (words, words), ((words, words),), words)
    part = Part("audits", words, words, (line,), (grid,))
    return Overview(words, words, words, (words,), (line,), (line,), (part,), ((words, words),), False)


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {f"{name}={value}" for name, value in attrs if name != "id"}
        self.tags.append((tag, *sorted(names)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(words: str) -> str:
    text = markdown("overview.md.j2", overview=document(words))
    return html(text, words, (words,))


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_make_the_same_page_as_harmless_ones(words: str) -> None:
    harmless, hostile = Tags(page("harmless words")), Tags(page(words))

    assert hostile.tags == harmless.tags
    if not re.search(r"[\x1b\u202e]", words):
        assert " ".join(words.split()) in " ".join(hostile.text.split())


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_hidden_reaches_a_document(words: str) -> None:
    for made in (markdown("overview.md.j2", overview=document(words)), page(words)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", html_module.unescape(made))


def test_ordinary_sentences_stay_readable_in_the_markdown() -> None:
    assert literal("1,802 of 3,372 local audits (53.4%)") == "1,802 of 3,372 local audits (53.4%)"
    assert literal("- not a list") == "\\- not a list"
    assert literal("1. not a list") == "1\\. not a list"


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    made = page("words")

    assert "default-src 'none'" in made
    assert not re.search(r"<script|<link|<img|<iframe|https?://|url\(|@import", made)
    assert '<html lang="en-GB">' in made
    assert made.count("<h1>") == 1
    assert "<caption>" in made
    assert 'scope="col"' in made
    assert 'scope="row"' in made
