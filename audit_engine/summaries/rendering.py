"""One Jinja2 text, from which Markdown and HTML are made. The only importer of jinja2 and markdown-it.

The template may only arrange words: it is given frozen copies, runs in a sandbox without globals, and a name it
misspells is an error. Words from files are made literal before they reach Markdown, and Markdown's own raw HTML
is off, so that nothing in a note or a name can become markup.
"""

import re
from dataclasses import asdict, is_dataclass
from functools import cache
from typing import Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.token import Token

from audit_engine.safe_text import for_terminal
from audit_engine.summaries.wording import lint

_MARKS = re.compile(r"([\\`*_\[\]<>|~&$])")
_AT_THE_START = re.compile(r"^(\s*)([-+=#]|\d+(?=[.)]))")


def literal(value: object) -> str:
    """Text for Markdown that stands for itself.

    What could be markup anywhere is escaped, and what could be only at the start of a line is escaped there, so
    that an ordinary sentence with brackets and points stays readable in the Markdown itself.
    """
    text = _MARKS.sub(r"\\\1", for_terminal(str(value)))
    start = _AT_THE_START.match(text)
    if start is None:
        return text
    at = start.end() if start[2][0].isdigit() else start.start(2)
    return f"{text[:at]}\\{text[at:]}"


def markdown(template: str, *, figures: bool = True, **given: object) -> str:
    """The document as Markdown.

    Args:
        template: A file of summaries/templates.
        figures: False for a document of people's own words, in which a percentage is a quotation and not a figure.
        given: Frozen dataclasses or plain values; the template sees plain copies.

    Raises:
        Refused: a percentage would stand without its denominator.
    """
    text = _environment().get_template(template).render({name: _plain(value) for name, value in given.items()})
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    if figures:
        lint(text.replace("\\", ""))
    return text


def page_of(template: str, **given: object) -> str:
    """A finished page or picture from a template of its own: every word of `given` is escaped.

    Args:
        template: A file of summaries/templates.
        given: Frozen dataclasses or plain values; the template sees plain copies.
    """
    page = _environment(autoescape=True).get_template(template)
    return page.render({name: _plain(value) for name, value in given.items()})


CLOSING = "Every percentage stands behind its own denominator."


def html(text: str, title: str, marking: tuple[str, ...], *, figures: bool = True, closing: str = CLOSING) -> str:
    """The Markdown document as one page: no script, nothing fetched, readable on paper and at 320 pixels.

    Args:
        figures: As in `markdown`.
        closing: The last words of the page.

    Raises:
        Refused: a percentage would stand without its denominator.
    """
    body = _with_captions(_markdown().parse(text))
    rendered = _markdown().renderer.render(body, _markdown().options, {})
    page = _environment(autoescape=True).get_template("page.html.j2")
    if figures:
        lint(re.sub(r"<[^>]*>", "", rendered))
    words = [for_terminal(word) for word in marking]
    return page.render(title=for_terminal(title), marking=words, body=rendered, closing=closing)


@cache
def _environment(*, autoescape: bool = False) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("audit_engine.summaries"),
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=None if autoescape else literal,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in ("join", "length", "upper", "first")}
    if autoescape:
        from markupsafe import Markup  # noqa: PLC0415 - jinja2's own type, needed for the finished body only

        environment.filters["finished"] = Markup
    return environment


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def _with_captions(tokens: list[Token]) -> list[Token]:
    """Tables as HTML wants them: the paragraph `Table: ...` before one is its caption, the first cell names the row."""
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        if _is_caption(tokens, at):
            inline = tokens[at + 1]
            first = (inline.children or [])[0]
            first.content = first.content.removeprefix("Table: ")
            table = tokens[at + 3]
            made += [
                _html('<div class="table" role="region" tabindex="0" aria-label="Table, scrolls sideways">\n'),
                table,
            ]
            made += [_html("<caption>"), inline, _html("</caption>\n")]
            at += 4
            continue
        token = tokens[at]
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type == "heading_open" and token.tag == "h2":
            token.attrSet("id", re.sub(r"[^a-z0-9]+", "-", tokens[at + 1].content.lower()).strip("-"))
        made.append(token)
        if token.type == "table_close":
            made.append(_html("</div>\n"))
        at += 1
    _name_rows(made)
    return made


def _is_caption(tokens: list[Token], at: int) -> bool:
    return (
        at + 3 < len(tokens)
        and tokens[at].type == "paragraph_open"
        and tokens[at + 3].type == "table_open"
        and tokens[at + 1].content.startswith("Table: ")
    )


def _name_rows(tokens: list[Token]) -> None:
    expecting, closing = False, False
    for token in tokens:
        if token.type == "tr_open":
            expecting = True
        elif token.type == "td_open" and expecting:
            token.tag, expecting, closing = "th", False, True
            token.attrSet("scope", "row")
        elif token.type == "td_close" and closing:
            token.tag, closing = "th", False
        elif token.type == "th_open":
            expecting = False


def _html(text: str) -> Token:
    return Token("html_block", "", 0, content=text)


def _plain(value: object) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
