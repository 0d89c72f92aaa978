"""A workflow's conditions as people say them: `selected_for_moderation` is "it is selected for moderation"."""

from collections.abc import Mapping

from audit_engine.definitions.conditions import Call, Condition, Constant, Listing, Name, Tree
from audit_engine.definitions.workflow_names import in_words

_COMPARED = {
    "_==_": "is", "_!=_": "is not", "_<_": "is less than", "_<=_": "is at most", "_>_": "is more than",
    "_>=_": "is at least",
}  # fmt: skip
_OPPOSITE = {"_==_": "_!=_", "_!=_": "_==_", "_<_": "_>=_", "_<=_": "_>_", "_>_": "_<=_", "_>=_": "_<_"}
_RECKONED = {"_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%"}
_VERBS = (" is ", " was ")


def condition_in_words(condition: Condition, titles: Mapping[str, str]) -> str:
    """What a condition asks, to go on from 'if'.

    Args:
        titles: The stages' titles, by their names.
    """
    return _Words(titles).said(condition.tree)


class _Words:
    """Says one tree. `holds` False says the opposite, so that nobody reads 'not: it is not'."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles

    def said(self, tree: Tree, holds: bool = True) -> str:
        if isinstance(tree, Name):
            return _yes_no(tree.path, holds)
        if not isinstance(tree, Call):
            return self._value(tree) if holds else f"not {self._value(tree)}"
        if tree.function == "!_":
            return self.said(tree.arguments[0], not holds)
        if tree.function in ("_&&_", "_||_"):
            return self._joined(tree, holds)
        if tree.function == "@in":
            return self._one_of(tree, holds)
        return self._compared(tree, holds)

    def _joined(self, tree: Call, holds: bool) -> str:
        # Not (a and b) is: not a, or not b.
        word = "and" if (tree.function == "_&&_") == holds else "or"
        return f" {word} ".join(self._in_brackets(part, tree.function, holds) for part in tree.arguments)

    def _in_brackets(self, part: Tree, beside: str, holds: bool) -> str:
        words = self.said(part, holds)
        mixed = isinstance(part, Call) and part.function in ("_&&_", "_||_") and part.function != beside
        return (
            f"({words})" if mixed or (isinstance(part, Call) and part.function == "!_" and " or " in words) else words
        )

    def _one_of(self, tree: Call, holds: bool) -> str:
        member, among = tree.arguments
        if isinstance(among, Name):
            return f"{_thing(among.path)} {'has' if holds else 'does not have'} {self._value(member)}"
        stated = isinstance(member, Name) and member.path == "stage"
        options = among.members if isinstance(among, Listing) else (among,)
        listed = " or ".join(self._stage(one) if stated else self._value(one) for one in options)
        thing, verb = ("it", "is at") if stated else (self._value(member), "is")
        return f"{thing} {verb if holds else verb.replace('is', 'is not', 1)} {listed}"

    def _compared(self, tree: Call, holds: bool) -> str:
        function = tree.function if holds else _OPPOSITE.get(tree.function, tree.function)
        if function not in _COMPARED:
            return self._value(tree)
        left, right = tree.arguments
        if isinstance(left, Name) and left.path == "stage":
            return f"it {_COMPARED[function]} at {self._stage(right)}"
        if isinstance(left, Name) and isinstance(right, Constant) and isinstance(right.value, bool):
            return _yes_no(left.path, right.value == (function == "_==_"))
        return f"{self._value(left)} {_COMPARED[function]} {self._value(right)}"

    def _stage(self, tree: Tree) -> str:
        if isinstance(tree, Constant) and isinstance(tree.value, str):
            return f"'{self._titles.get(tree.value, tree.value)}'"
        return self._value(tree)

    def _value(self, tree: Tree) -> str:
        if isinstance(tree, Name):
            return _thing(tree.path)
        if isinstance(tree, Constant):
            return f"'{tree.value}'" if isinstance(tree.value, str) else _number(tree.value)
        if isinstance(tree, Listing):
            return " or ".join(map(self._value, tree.members))
        return self._worked_out(tree) if isinstance(tree, Call) else "something else"

    def _worked_out(self, tree: Call) -> str:
        if tree.function == "size":
            return f"how many {self._value(tree.arguments[0])} has"
        if tree.function == "-_":
            return f"-{self._value(tree.arguments[0])}"
        if tree.function in _RECKONED:
            return f"({f' {_RECKONED[tree.function]} '.join(map(self._value, tree.arguments))})"
        return f"({self.said(tree)})"


def _number(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _thing(name: str) -> str:
    """A name that has a value: what the practitioner answered."""
    if name.startswith("facts."):
        return f"the fact '{_plain(name.removeprefix('facts.'))}'"
    words = in_words(name)
    return f"the {_plain(name)}" if words.startswith("whether ") else words


def _yes_no(name: str, holds: bool) -> str:
    """A name that is so or is not."""
    words = in_words(name)
    if not words.startswith("whether "):
        return f"{_thing(name)} is {'yes' if holds else 'no'}"
    sentence = words.removeprefix("whether ")
    if holds:
        return sentence
    verb = next((verb for verb in _VERBS if verb in sentence), None)
    return f"it is not so that {sentence}" if verb is None else sentence.replace(verb, f"{verb}not ", 1)


def _plain(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")
