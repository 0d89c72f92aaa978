"""A workflow's conditions as people say them: `selected_for_moderation` is "it is selected for moderation"."""

from collections.abc import Iterable, Mapping, Sequence

from audit_engine.definitions.conditions import Call, Condition, Constant, Listing, Name, Tree
from audit_engine.definitions.workflow_names import NOT_ENDED, in_words

_COMPARED = {
    "_==_": "is", "_!=_": "is not", "_<_": "is less than", "_<=_": "is at most", "_>_": "is more than",
    "_>=_": "is at least",
}  # fmt: skip
_OPPOSITE = {"_==_": "_!=_", "_!=_": "_==_", "_<_": "_>=_", "_<=_": "_>_", "_>_": "_<=_", "_>=_": "_<_"}
_RECKONED = {"_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%"}
_VERBS = (" is ", " was ")


def condition_in_words(condition: Condition, titles: Mapping[str, str], links: Mapping[str, str] | None = None) -> str:
    """What a condition asks, to go on from 'if'.

    Args:
        titles: The stages' titles, by their names.
        links: What hangs on links is called, by their names, to go on in a sentence; without it, their names.
    """
    return _Words(titles, links or {}).said(condition.tree)


def with_article(words: str) -> str:
    """`an action`, `a challenge`."""
    return f"{'an' if words[:1].lower() in 'aeiou' else 'a'} {words}"


class _Words:
    """Says one tree. `holds` False says the opposite, so that nobody reads 'not: it is not'."""

    def __init__(self, titles: Mapping[str, str], links: Mapping[str, str]) -> None:
        self._titles, self._links = titles, links

    def said(self, tree: Tree, holds: bool = True) -> str:
        if isinstance(tree, Name):
            return self._yes_no(tree.path, holds)
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
        mixed = mixed or (isinstance(part, Call) and part.function in ("@in", "!_") and self._is_list(words))
        return (
            f"({words})" if mixed or (isinstance(part, Call) and part.function == "!_" and " or " in words) else words
        )

    @staticmethod
    def _is_list(words: str) -> bool:
        """Whether what is said would run into what stands beside it."""
        return " has ended or " in words or " has ended and " in words or (" as " in words and " or " in words)

    def _one_of(self, tree: Call, holds: bool) -> str:
        member, among = tree.arguments
        if isinstance(among, Name):
            return f"{_thing(among.path)} {'has' if holds else 'does not have'} {self._value(member)}"
        if isinstance(member, Name) and isinstance(among, Listing):
            told = self._kept(member.path, among.members, holds)
            if told is not None:
                return told
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
            return self._yes_no(left.path, right.value == (function == "_==_"))
        if isinstance(left, Name) and function in ("_==_", "_!=_"):
            told = self._kept(left.path, (right,), function == "_==_")
            if told is not None:
                return told
        return f"{self._value(left)} {_COMPARED[function]} {self._value(right)}"

    def _kept(self, name: str, among: Sequence[Tree], holds: bool) -> str | None:
        """Something recorded, or how something ended, that is one of these words; None for any other name."""
        words = [one.value for one in among if isinstance(one, Constant) and isinstance(one.value, str)]
        if len(words) != len(among) or not words:
            return None
        first, _, rest = name.partition(".")
        if first == "record":
            return f"the {_plain(rest)} is {'' if holds else 'not '}recorded as {_or(map(_plain, words))}"
        return self._ended(first, words, holds) if rest == "ended" else None

    def _ended(self, link: str, words: Sequence[str], holds: bool) -> str:
        """How the one that ended last ended; `none` among the words says that none has."""
        title, ends = self._link(link), [_plain(word) for word in words if word != NOT_ENDED]
        parts = []
        if len(ends) < len(words):
            parts.append(f"no {title} has ended" if holds else f"{with_article(title)} has ended")
        if ends:
            parts.append(f"the last {title} {'ended' if holds else 'has not ended'} as {_or(ends)}")
        return (" or " if holds else " and ").join(parts)

    def _link(self, name: str) -> str:
        return self._links.get(name, _plain(name))

    def _yes_no(self, name: str, holds: bool) -> str:
        """A name that is so or is not."""
        first, _, rest = name.partition(".")
        verb = {"open": "is open", "opened": "was opened"}.get(rest)
        if verb is None or first in ("escalation", "facts"):
            return _yes_no(name, holds)
        return f"{with_article(self._link(first)) if holds else f'no {self._link(first)}'} {verb}"

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


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)


def _plain(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")
