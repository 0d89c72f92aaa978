"""From a source to a frozen definition: every problem of the file at once, in words, with its place."""

import re
import types
from collections.abc import Iterable, Sized
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from audit_engine.definitions.sources import Route, Source, unknown_key
from audit_engine.problems import Problem, nearest
from audit_engine.safe_text import quoted

NAME_RULE = "a name of small letters, digits and underscores, starting with a letter, at most 40 characters"
KEPT_WORDS = frozenset({"in", "true", "false", "null"})
"""Words the condition language keeps for itself: a condition could never speak of a thing called so."""


class Definition(BaseModel):
    """A frozen part of a definition. Unknown keys are refused; scalars arrive as the text that was written."""

    # What judges a kind of file is built when the first of them is read: most commands read a few kinds.
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True, defer_build=True
    )


def _name(value: object) -> object:
    if isinstance(value, str):
        _refuse_lookalikes(value)
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value, re.ASCII):
            raise ValueError(f"{quoted(value)} is not {NAME_RULE}", _name_like(value))
        if value in KEPT_WORDS:
            raise ValueError(f"'{value}' cannot be a name: conditions keep this word for themselves", "Choose another.")
    return value


def _criterion_name(value: object) -> object:
    if isinstance(value, str):
        _refuse_lookalikes(value)
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?", value, re.ASCII):
            message = (
                f"{quoted(value)} is not a criterion's name: small letters, digits and underscores, one point inside"
            )
            raise ValueError(message, "Write it like safe.risk_identified.")
        if KEPT_WORDS & set(value.split(".")):
            raise ValueError(
                f"'{value}' cannot be a name: conditions keep a word of it for themselves", "Choose another."
            )
    return value


def _rule_name(value: object) -> object:
    if isinstance(value, str):
        _refuse_lookalikes(value)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", value, re.ASCII):
            message = f"{quoted(value)} is not a rule's name: letters, digits and underscores, at most 40 characters"
            raise ValueError(message, "Write it like L1.")
    return value


def _refuse_lookalikes(name: str) -> None:
    """Letters of other alphabets look like ours and are not: two names on paper would be one, and here two."""
    other = next((character for character in name if not character.isascii()), None)
    if other is not None:
        message = f"{quoted(name)} holds {quoted(other)} (U+{ord(other):04X}), which is not one of the letters a to z"
        raise ValueError(message, "Delete it and type the name again, in plain letters.")


def _name_like(written: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", written.lower()).strip("_")[:40]
    return f"Write it like '{name}'." if re.fullmatch(r"[a-z][a-z0-9_]*", name) else "Write it like 'risk_identified'."


def _version(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}", value, re.ASCII):
        raise ValueError(f"{quoted(value)} is not a version", "Write three numbers, as in 1.0.0.")
    return value


def _sentence(value: object) -> object:
    if isinstance(value, str):
        value = " ".join(value.split())
        if not value:
            raise ValueError(_EMPTY, "Write something here; only a key that may be left out can go with its line.")
    return value


def _label(value: object) -> object:
    value = _sentence(value)
    if isinstance(value, str) and ("%" in value or "％" in value):
        message = f"{quoted(value)} holds a per cent sign, which in a summary belongs to figures only"
        raise ValueError(message, "Write 'per cent', or say it without a number.")
    return value


def _whole_number(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"0|-?[1-9]\d{0,8}", value, re.ASCII):
        raise ValueError(f"{_shown(value)} is not a whole number", "Write digits only, as in 80.")
    return int(value)


def _yes_no(value: object) -> object:
    if value not in ("yes", "no"):
        raise ValueError(f"{_shown(value)} is neither yes nor no", "Write yes or no.")
    return value == "yes"


def iso_day(text: str) -> date | None:
    """The day written as 2024-10-09, or None: weeks and other ways to write a day are none of ours."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


def _day(value: object) -> object:
    day = iso_day(value) if isinstance(value, str) else None
    if day is None:
        raise ValueError(f"{_shown(value)} is not a day", "Write it like 2024-10-09.")
    return day


def _shown(value: object) -> str:
    return quoted(value) if isinstance(value, str) else "this"


def _one_of(value: object, known: tuple[str, ...]) -> str:
    close = nearest(value, known) if isinstance(value, str) else ""
    return close if close.startswith("Did") else "Write one of these."


def as_one_of(choices: Iterable[str]) -> BeforeValidator:
    """A text that must be one of the choices, refused with the nearest."""
    known = tuple(choices)

    def check(value: object) -> object:
        if value not in known:
            if len(known) == 1:
                raise ValueError(f"{_shown(value)} cannot stand here", f"Write {known[0]}.")
            raise ValueError(f"{_shown(value)} is not one of {', '.join(known)}", _one_of(value, known))
        return value

    return BeforeValidator(check)


Identifier = Annotated[str, BeforeValidator(_name)]
CriterionId = Annotated[str, BeforeValidator(_criterion_name)]
RuleName = Annotated[str, BeforeValidator(_rule_name)]
Version = Annotated[str, BeforeValidator(_version)]
Sentence = Annotated[str, BeforeValidator(_sentence), Field(max_length=2_000)]
Line = Annotated[str, BeforeValidator(_sentence), Field(max_length=200)]
"""One line in somebody else's words: a column of another system, a place in a record."""
Label = Annotated[str, BeforeValidator(_label), Field(max_length=200)]
"""What something is called here, in documents too."""
WholeNumber = Annotated[int, BeforeValidator(_whole_number)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Day = Annotated[date, BeforeValidator(_day)]


D = TypeVar("D", bound=Definition)


def judged(source: Source, model: type[D]) -> D | list[Problem]:
    """The definition in `source`, or every problem of its shape."""
    try:
        return model.model_validate(source.content)
    except ValidationError as error:
        details = error.errors()
        return [_in_words(source, model, detail) for detail in details if not _told_already(detail, details)]


def _told_already(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list that seems short only because a member is wrong; a key that is missing only because it is misspelt."""
    if detail["type"] == "too_short":
        return len(detail["input"]) >= int(detail["ctx"]["min_length"])
    if detail["type"] == "missing":
        beside = [d["loc"] for d in details if d["type"] == "extra_forbidden" and d["loc"][:-1] == detail["loc"][:-1]]
        return any(get_close_matches(str(loc[-1]), [str(detail["loc"][-1])]) for loc in beside)
    return False


_EMPTY = "nothing is written here"
_EXPECTED = {
    "string_type": ("a text", "Write it after the colon, with quotes around it if it begins with [ or {."),
    "tuple_type": ("a list", "Write each member on a line of its own, after '- '."),
    "dict_type": ("keys with values", "Write lines of 'key: value' under it, further in."),
    "model_type": ("keys with values", "Write lines of 'key: value' under it, further in."),
}


def _in_words(source: Source, model: type[Definition], detail: ErrorDetails) -> Problem:
    route = _route(source, detail["loc"])
    kind = detail["type"]
    if kind == "missing":
        return source.problem(
            route[:-1], "D013", f"the key {quoted(str(route[-1]))} is missing here", f"Add a line '{route[-1]}: ...'."
        )
    if kind == "extra_forbidden":
        return unknown_key(source, route, sorted(_fields_at(model, route[:-1])))
    return source.problem(route, *_told(detail))


def _told(detail: ErrorDetails) -> tuple[str, str, str]:
    """Code, sentence and help for what is neither missing nor unknown."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _EXPECTED:
        expected, how = _EXPECTED[kind]
        return ("D014", f"{expected} should stand here, and this is {_kind_of(detail['input'])}", how)
    if kind == "value_error":
        error = context.get("error")
        parts = error.args if isinstance(error, ValueError) else (detail["msg"],)
        return ("D015", str(parts[0]), str(parts[-1]))
    if kind in ("too_short", "too_long"):
        return _wrong_number(detail["input"], context.get("min_length"), context.get("max_length"))
    return ("D015", "this cannot be used here", "See the reference for what belongs here.")


def _wrong_number(written: Sized, least: int | None, most: int | None) -> tuple[str, str, str]:
    if isinstance(written, str):
        return ("D015", f"this text is longer than {most:,} characters", "Shorten it.")
    members = len(written)
    has = "1 member" if members == 1 else f"{members:,} members" if members else "no members"
    if least is not None:
        return ("D015", f"this list has {has}, and needs at least {least}", "Add to it.")
    return ("D015", f"this list has {has}, and may have at most {most}", "Take some out, or split it in two.")


def _kind_of(written: object) -> str:
    if isinstance(written, list | tuple):
        return "a list"
    return "keys with values" if isinstance(written, dict) else "a text" if written else "empty"


def _route(source: Source, location: tuple[str | int, ...]) -> Route:
    """pydantic's location without the parts that are no key of ours; the last part may be a missing key."""
    route: Route = ()
    for part in location[:-1]:
        if (*route, part) in source.values:
            route = (*route, part)
    return (*route, location[-1]) if location else ()


def _fields_at(model: Any, route: Route) -> set[str]:
    """The keys that the models at `route` know: of each shape, where several may stand there."""
    found = _shapes(model)
    for step in route:
        inner: list[Any] = []
        for shape in found:
            if isinstance(step, str) and isinstance(shape, type) and issubclass(shape, BaseModel):
                fields = {field.alias or name: field for name, field in shape.model_fields.items()}
                inner += _shapes(fields[step].annotation) if step in fields else []
            else:
                arguments = [a for a in get_args(shape) if a is not ...]
                inner += _shapes(arguments[-1]) if arguments else []
        found = inner
    models = [shape for shape in found if isinstance(shape, type) and issubclass(shape, BaseModel)]
    return {field.alias or name for shape in models for name, field in shape.model_fields.items()}


def _shapes(annotation: Any) -> list[Any]:
    """What may stand at a place, without what only says how it is checked."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _shapes(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [shape for one in get_args(annotation) for shape in _shapes(one)]
    return [] if annotation is type(None) else [annotation]


def repeated(source: Source, members: Iterable[tuple[Route, str]], code: str, what: str) -> list[Problem]:
    """A problem for each name that stood before."""
    seen: dict[str, Route] = {}
    problems = []
    for route, name in members:
        if name in seen:
            first = source.place(seen[name]).line
            named_here = route[-1:] in (("id",), ("name",))
            problems.append(
                source.problem(
                    route,
                    code,
                    f"the {what} {quoted(name)} stands here twice: first on line {first}",
                    "Give one of them another name." if named_here else "Take one of them out.",
                )
            )
        else:
            seen[name] = route
    return problems
