"""From a source to a frozen definition: every problem of the file at once, in words, with its place."""

import re
import types
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from audit_engine.definitions.sources import Route, Source, unknown_key
from audit_engine.problems import Problem, nearest
from audit_engine.safe_text import quoted

NAME_RULE = "a name of small letters, digits and underscores, starting with a letter, at most 40 characters"


class Definition(BaseModel):
    """A frozen part of a definition. Unknown keys are refused; scalars arrive as the text that was written."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True)


def _name(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value, re.ASCII):
        raise ValueError(f"{quoted(value)} is not {NAME_RULE}")
    return value


def _criterion_name(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?", value, re.ASCII):
        raise ValueError(f"{quoted(value)} is not a criterion's name: {NAME_RULE}, with at most one point inside")
    return value


def _version(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}", value, re.ASCII):
        raise ValueError(f"{quoted(value)} is not a version: write three numbers, as in 1.0.0")
    return value


def _sentence(value: object) -> object:
    if isinstance(value, str):
        value = " ".join(value.split())
        if not value:
            raise ValueError("this is empty")
    return value


def _whole_number(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"0|-?[1-9]\d{0,8}", value, re.ASCII):
        raise ValueError(f"{_shown(value)} is not a whole number")
    return int(value)


def _yes_no(value: object) -> object:
    if value not in ("yes", "no"):
        raise ValueError(f"{_shown(value)} is neither yes nor no")
    return value == "yes"


def _shown(value: object) -> str:
    return quoted(value) if isinstance(value, str) else "this"


def as_one_of(choices: Iterable[str]) -> BeforeValidator:
    """A text that must be one of the choices, refused with the nearest."""
    known = tuple(choices)

    def check(value: object) -> object:
        if value not in known:
            raise ValueError(f"{_shown(value)} is not one of {', '.join(known)}", nearest(str(value), known))
        return value

    return BeforeValidator(check)


Identifier = Annotated[str, BeforeValidator(_name)]
CriterionId = Annotated[str, BeforeValidator(_criterion_name)]
Version = Annotated[str, BeforeValidator(_version)]
Sentence = Annotated[str, BeforeValidator(_sentence), Field(max_length=2_000)]
Label = Annotated[str, BeforeValidator(_sentence), Field(max_length=200)]
WholeNumber = Annotated[int, BeforeValidator(_whole_number)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]


D = TypeVar("D", bound=Definition)


def judged(source: Source, model: type[D]) -> D | list[Problem]:
    """The definition in `source`, or every problem of its shape."""
    try:
        return model.model_validate(source.content)
    except ValidationError as error:
        return [_in_words(source, model, detail) for detail in error.errors()]


_EXPECTED = {
    "string_type": "a text", "tuple_type": "a list", "list_type": "a list", "dict_type": "a mapping",
    "model_type": "a mapping", "model_attributes_type": "a mapping",
}  # fmt: skip


def _in_words(source: Source, model: type[Definition], detail: ErrorDetails) -> Problem:
    route = _route(source, detail["loc"])
    kind = detail["type"]
    if kind == "missing":
        return source.problem(route[:-1], "D013", f"the key {quoted(str(route[-1]))} is missing here", "Add it.")
    if kind == "extra_forbidden":
        return unknown_key(source, route, sorted(_fields_at(model, route[:-1])))
    return source.problem(route, *_told(detail))


def _told(detail: ErrorDetails) -> tuple[str, str, str]:
    """Code, sentence and help for what is neither missing nor unknown."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _EXPECTED:
        return ("D014", f"expected {_EXPECTED[kind]} here", "")
    if kind == "value_error":
        error = context.get("error")
        parts = error.args if isinstance(error, ValueError) else (detail["msg"],)
        return ("D015", str(parts[0]), str(parts[1]) if len(parts) > 1 else "")
    if kind == "string_too_long":
        return ("D015", f"this text is longer than {context['max_length']:,} characters", "Shorten it.")
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        word = "at least" if kind == "too_short" else "at most"
        return ("D015", f"this list needs {word} {bound} members", "")
    return ("D015", detail["msg"].lower(), "")


def _route(source: Source, location: tuple[str | int, ...]) -> Route:
    """pydantic's location without the parts that are no key of ours; the last part may be a missing key."""
    route: Route = ()
    for part in location[:-1]:
        if (*route, part) in source.values:
            route = (*route, part)
    return (*route, location[-1]) if location else ()


def _fields_at(model: Any, route: Route) -> set[str]:
    """The keys that the model at `route` knows."""
    found: Any = model
    for step in route:
        found = _inner(found)
        if isinstance(step, str) and isinstance(found, type) and issubclass(found, BaseModel):
            fields = {field.alias or name: field for name, field in found.model_fields.items()}
            found = fields[step].annotation if step in fields else None
        else:
            arguments = [a for a in get_args(found) if a is not ...]
            found = arguments[-1] if arguments else None
    found = _inner(found)
    if isinstance(found, type) and issubclass(found, BaseModel):
        return {field.alias or name for name, field in found.model_fields.items()}
    return set()


def _inner(annotation: Any) -> Any:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _inner(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _inner(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


def repeated(source: Source, members: Iterable[tuple[Route, str]], code: str, what: str) -> list[Problem]:
    """A problem for each name that stood before."""
    seen: dict[str, Route] = {}
    problems = []
    for route, name in members:
        if name in seen:
            first = source.place(seen[name]).line
            problems.append(
                source.problem(
                    route,
                    code,
                    f"the {what} {quoted(name)} stands here twice: first on line {first}",
                    "Give one of them another name.",
                )
            )
        else:
            seen[name] = route
    return problems
