"""What in a text may tell who a child or an adult is: probable names, dates of birth, numbers, addresses.

A warning, never a bar: it looks for much rather than for little, and a person decides. Nothing is read or kept here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from audit_engine.engine.likely_names import likely_names
from audit_engine.safe_text import quoted

Kind = Literal["name", "date_of_birth", "phone", "court_number", "nhs_number", "email", "postcode"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TITLES: dict[Kind, str] = {
    "name": "name", "date_of_birth": "date of birth", "phone": "phone number", "court_number": "court case number",
    "nhs_number": "NHS number", "email": "email address", "postcode": "postcode",
}  # fmt: skip
"""What each kind is called in a sentence."""
_INSTEAD: dict[Kind, str] = {
    "name": "Say who they are to the child instead.",
    "date_of_birth": "Give the age, or the month and year, instead.",
    "phone": "Leave it out.",
    "court_number": "The reference of the audit is enough.",
    "nhs_number": "Leave it out.",
    "email": "Say whose it is instead.",
    "postcode": "Leave it out.",
}
LONG_AGO = 2
"""Years: a day further back than this, given to the day, is rather a birthday than something that was done."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text that may tell who somebody is. `text[start:end]` is it."""

    kind: Kind
    start: int
    end: int
    why: str
    """What it looks like and what to write instead, in words for whoever wrote it."""
    certain: bool = False
    """A name of somebody of this workspace, and not only probably one."""


def findings(
    text: str, known_names: Sequence[str] = (), *, not_names: frozenset[str] = frozenset(), today: date | None = None,
    typing: bool = False,
) -> tuple[Finding, ...]:  # fmt: skip
    """Everything in a text that may tell who somebody is, in order, none over another.

    Args:
        known_names: What the people of the workspace are called.
        not_names: Words of the site's own that are no names, in small letters.
        today: By which a day is long ago; where it is not given, only a day that is called a birthday counts.
        typing: The text is still being written: its last word may become another yet.
    """
    taken: list[Finding] = []
    covered = bytearray(len(text))

    def take(kind: Kind, start: int, end: int, *, certain: bool = False) -> None:
        if start < end and not any(covered[start:end]):
            covered[start:end] = b"\x01" * (end - start)
            taken.append(Finding(kind, start, end, _why(kind, text[start:end], certain=certain), certain))

    for kind, look in _LOOKS:
        for start, end in look(text):
            take(kind, start, end)
    for start, end in _births(text, today):
        take("date_of_birth", start, end)
    for one in likely_names(text, known_names, not_names, typing=typing):
        take("name", one.start, one.end, certain=one.known)
    return tuple(sorted(taken, key=lambda one: one.start))


@dataclass(frozen=True, slots=True)
class Watch:
    """What the check of notes goes by in one workspace."""

    known_names: tuple[str, ...] = ()
    """What its people are called."""
    not_names: frozenset[str] = frozenset()
    """Words of the site's own that are no names."""
    today: date | None = None

    def findings(self, text: str, *, typing: bool = False) -> tuple[Finding, ...]:
        """As the function of this name."""
        return findings(text, self.known_names, not_names=self.not_names, today=self.today, typing=typing)

    def warning(self, text: str, *, typing: bool = False) -> str:
        """The first finding in a sentence, before it of how many it is the first; empty where nothing was found."""
        found = self.findings(text, typing=typing)
        return (f"(1 of {len(found)}) " if len(found) > 1 else "") + found[0].why if found else ""


def _why(kind: Kind, said: str, *, certain: bool) -> str:
    if certain:
        return f"A name of somebody who works here: {quoted(said)}. {_INSTEAD[kind]}"
    article = "an" if kind in ("nhs_number", "email") else "a"
    return f"Looks like {article} {TITLES[kind]}: {quoted(said)}. {_INSTEAD[kind]}"


# --- addresses and numbers --------------------------------------------------------------------------------------

# Every repetition below is bounded, or is of characters that what follows it cannot be: none walks a text twice.
_MAIL_LEFT = re.compile(r"[\w.+'\-]{1,64}\Z")
_MAIL_RIGHT = re.compile(r"[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}")
_COURT = re.compile(
    r"(?<!\w)(?:[A-Z]{2}[ \-]?\d{2}[ \-]?[A-Z]{1,2}[ \-]?\d{5}|\d{4}(?:[ \-–]?\d{4}){3})(?!\w)", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\w+])(?:(?:\+44|0044)(?: ?\(0\))?|\(?0(?=\d{2}))(?:[ ()\-]{0,3}\d){9,10}(?!\d)")
_TEN_DIGITS = re.compile(r"(?<![\w\-])\d{3}[ \-]?\d{3}[ \-]?\d{4}(?![\w])")
_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? ?\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2}(?!\w)", re.IGNORECASE)
_NHS_SAID = re.compile(r"\bNHS\b", re.IGNORECASE)
_NEAR = 25
"""Characters between a number or a day and the word that says what it is."""


def _emails(text: str) -> Iterator[tuple[int, int]]:
    at = text.find("@")
    while at >= 0:
        left = _MAIL_LEFT.search(text[max(at - 64, 0) : at])
        right = _MAIL_RIGHT.match(text, at + 1)
        if left is not None and right is not None:
            yield at - len(left[0]), right.end()
        at = text.find("@", at + 1)


def _courts(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _COURT.finditer(text))


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        national = digits.removeprefix("00").removeprefix("44").removeprefix("0")
        if len(national) in (9, 10) and national[0] in "1235789":
            yield found.span()


def _nhs_numbers(text: str) -> Iterator[tuple[int, int]]:
    for found in _TEN_DIGITS.finditer(text):
        digits = [int(one) for one in found[0] if one.isdecimal()]
        said = _NHS_SAID.search(text[max(found.start() - _NEAR, 0) : found.start()])
        if said or is_nhs_number(digits):
            yield found.span()


def is_nhs_number(digits: Sequence[int]) -> bool:
    """Whether ten digits bear the check digit of an NHS number: weights 10 to 2, what is left of 11."""
    check = 11 - sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return len(set(digits)) > 1 and (0 if check == 11 else check) == digits[9]


def _postcodes(text: str) -> Iterator[tuple[int, int]]:
    for found in _POSTCODE.finditer(text):
        if found[0].isupper() or " " in found[0]:
            yield found.span()


_LOOKS: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    ("email", _emails), ("court_number", _courts), ("phone", _phones), ("nhs_number", _nhs_numbers),
    ("postcode", _postcodes),
)  # fmt: skip
"""In the order of their right to what two of them find."""

# --- dates of birth ---------------------------------------------------------------------------------------------

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = re.compile(
    r"(?<![\w./\-])(?:"
    r"(?P<y1>\d{4})-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})"
    r"|(?P<d2>\d{1,2})[./\-](?P<m2>\d{1,2})(?:[./\-](?P<y2>\d{4}|\d{2}))?"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m3>{_MONTH})(?:,? (?P<y3>\d{{4}}|\d{{2}}))?"
    rf"|(?P<m4>{_MONTH}) (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y4>\d{{4}}))?"
    r")(?![\w])",
    re.IGNORECASE,
)
_BIRTH_BEFORE = re.compile(r"\b(?:born|birth|birthday|birthdate|d\. ?o\. ?b|dob)\b[^\d\n]*\Z", re.IGNORECASE)
_BIRTH_AFTER = re.compile(r"[\s(,]{0,3}(?:d\. ?o\. ?b|dob|birth|birthday|is (?:his|her|their|the child's) birthday)\b")


def _births(text: str, today: date | None) -> Iterator[tuple[int, int]]:
    for found in _DAY.finditer(text):
        day, month, year = (_part(found, name) for name in ("d", "m", "y"))
        if not (_is_day(day) and _is_month(month)):
            continue
        called = _BIRTH_BEFORE.search(text[max(found.start() - _NEAR, 0) : found.start()])
        if called or _BIRTH_AFTER.match(text, found.end()) or _is_long_ago(year, today):
            yield found.start(), found.start() + len(found[0].rstrip("."))


def _part(found: re.Match[str], name: str) -> str | None:
    return next((found[f"{name}{n}"] for n in (1, 2, 3, 4) if found[f"{name}{n}"]), None)


def _is_day(day: str | None) -> bool:
    return day is not None and 1 <= int(day) <= 31


def _is_month(month: str | None) -> bool:
    return month is not None and (month[:3].lower() in _MONTHS or (month.isdecimal() and 1 <= int(month) <= 12))


def _is_long_ago(year: str | None, today: date | None) -> bool:
    """Whether a year, of a day that was given in full, is further back than what an audit looks at."""
    if year is None or today is None:
        return False
    whole = int(year)
    if len(year) == 2:
        whole += 2000 if whole <= today.year % 100 else 1900
    return 1900 <= whole < today.year - LONG_AGO
