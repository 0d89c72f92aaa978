"""Every key of every screen, as a table: bindings, footer and help are made of it, and clashes are found in it.

Two rules hold everywhere. A digit is a grade, or an answer of a list, and never anything else. `Esc` goes one step
out, always.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a person can do on a screen, and how."""

    id: str
    """Stable: `workbench.note`. A file of one's own keys will name it."""
    keys: tuple[str, ...]
    """As textual names them: `e`, `down`, `right_square_bracket`."""
    action: str
    """The screen's method, without `action_`; with its argument in brackets."""
    says: str
    """What it does, for the help."""
    hint: str = ""
    """In a word or two, for the footer; empty: it is not shown there."""
    shown: str = ""
    """How the keys are written; made of `keys` when empty."""
    mode: str = "list"
    """`list`, `note` (while a note is written) or `any`."""

    @property
    def modes(self) -> frozenset[str]:
        """The modes it stands for."""
        return frozenset({"list", "note"} if self.mode == "any" else {self.mode})


def _digits(screen: str, says: str, hint: str) -> tuple[Key, ...]:
    first = Key(f"{screen}.grade_1", ("1",), "grade(1)", says, hint, "1-9")
    return (first, *(Key(f"{screen}.grade_{n}", (str(n),), f"grade({n})", "") for n in range(2, 10)))


def _moving(screen: str) -> tuple[Key, ...]:
    return (
        Key(f"{screen}.down", ("j", "down"), "go(1)", "the next line", shown="j, down"),
        Key(f"{screen}.up", ("k", "up"), "go(-1)", "the line before", shown="k, up"),
        Key(f"{screen}.page_down", ("pagedown",), "page(1)", "a page down", shown="PgDn"),
        Key(f"{screen}.page_up", ("pageup",), "page(-1)", "a page up", shown="PgUp"),
        Key(f"{screen}.first", ("home",), "end(0)", "the first line", shown="Home"),
        Key(f"{screen}.last", ("end", "G"), "end(1)", "the last line", shown="End, G"),
    )


HELP = Key("help", ("question_mark",), "help", "this list; type to search it, Enter does what a line says", "help", "?")
LEAVE = Key("quit", ("ctrl+q",), "app.leave", "leave the program; everything is saved", shown="ctrl+q", mode="any")
BACK = ("q", "escape")

_WRITTEN: Mapping[str, tuple[Key, ...]] = {
    "queue": (
        HELP,
        Key("queue.open", ("enter",), "open", "open what the line is about", "open", "Enter"),
        Key("queue.next_to_do", ("right_square_bracket",), "next_to_do(1)", "the next that waits for you", "next", "]"),
        Key("queue.last_to_do", ("left_square_bracket",), "next_to_do(-1)", "the one before that", shown="["),
        Key("queue.filter", ("slash",), "filter", "show only what holds these words", "filter", "/"),
        Key("queue.go_to", ("g",), "go_to", "an audit, an action, anything that is yours to see, by its reference"),
        Key("queue.steps", ("w",), "steps", "what can happen to it, and why not", "what next"),
        Key("queue.history", ("h",), "history", "its story", "history"),
        Key("queue.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", "escalate", "!"),
        Key("queue.reread", ("r",), "reread", "read the queue again"),
        Key("queue.copy", ("Y",), "copy", "copy the reference, and nothing else"),
        Key("queue.unfilter", ("escape",), "unfilter", "show everything again", shown="Esc"),
        *_moving("queue"),
        Key("queue.leave", ("q",), "app.leave", "leave the program", "leave"),
    ),
    "workbench": (
        HELP,
        *_digits("workbench", "give this grade; the best is 1", "grade"),
        Key("workbench.leave_out", ("0",), "leave_out", "does not apply, or cannot be told", "n/a"),
        Key("workbench.note", ("e", "enter"), "note", "write the note", "note", "e"),
        Key("workbench.answers", ("a",), "answers", "answer its questions, where it has some", "questions"),
        Key("workbench.pointer", ("p",), "pointer", "say where in the record the evidence is", "where"),
        Key("workbench.evidence", ("v",), "evidence", "say whether evidence was found"),
        Key("workbench.undo", ("u",), "undo", "take the newest answer back", "undo"),
        Key("workbench.next", ("right_square_bracket",), "next_open(1)", "the next open question", "next open", "]"),
        Key("workbench.before", ("left_square_bracket",), "next_open(-1)", "the open question before", shown="["),
        Key("workbench.submit", ("s",), "check", "check, and submit", "submit"),
        Key("workbench.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", "risk", "!"),
        Key("workbench.go_to", ("g",), "go_to", "go to a question by its number or name"),
        Key("workbench.find", ("slash",), "find", "find words in questions and notes", shown="/"),
        Key("workbench.again", ("n",), "find_again(1)", "the next that was found"),
        Key("workbench.again_up", ("N",), "find_again(-1)", "the one found before"),
        Key("workbench.flag", ("m",), "flag", "mark it: come back to it"),
        Key("workbench.descriptors", ("d",), "descriptors", "the whole question, full screen"),
        Key("workbench.history", ("h",), "history", "the story of this question"),
        Key("workbench.steps", ("w",), "steps", "what can happen to the audit, and why not"),
        Key("workbench.copy", ("Y",), "copy", "copy the reference, and nothing else"),
        *_moving("workbench"),
        Key("workbench.back", BACK, "back", "back to the queue", "back", "q, Esc"),
        Key("workbench.done", ("escape",), "note_done", "done: save it and go on", "save it, go on", "Esc", "note"),
    ),
    "asked": (
        HELP,
        *(Key(f"asked.{n}", (str(n),), f"choose({n})", "give this answer; 0 is the tenth" if n == 1 else "",
              "answers" if n == 1 else "", "1-9") for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)),
        Key("asked.take", ("enter",), "take", "take the grade the answers suggest, and go back", "take grade", "Enter"),
        Key("asked.add", ("plus",), "add", "name one more member: each child, each visit", "name one", "+"),
        Key("asked.remove", ("minus",), "remove", "take out the member where you are", "take out", "-"),
        Key("asked.next", ("right_square_bracket",), "next_open(1)", "the next open question", "next open", "]"),
        Key("asked.before", ("left_square_bracket",), "next_open(-1)", "the open question before", shown="["),
        Key("asked.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", shown="!"),
        *_moving("asked"),
        Key("asked.back", BACK, "back", "back to all questions", "back", "q, Esc"),
    ),
    "check": (
        HELP,
        *_digits("check", "choose another overall grade", "overall"),
        Key("check.accept", ("S",), "send", "submit, with the overall grade that is shown", "submit"),
        Key("check.feedback", ("F",), "feedback", "who gave feedback, or why nobody did", "feedback"),
        Key("check.together", ("t",), "together", "whether it was made together with the practitioner", "together"),
        Key("check.go", ("enter",), "open", "go to the line", "go to it", "Enter"),
        Key("check.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", shown="!"),
        Key("check.steps", ("w",), "steps", "what can happen to the audit, and why not"),
        *_moving("check"),
        Key("check.back", BACK, "back", "back to the questions", "back", "q, Esc"),
    ),
    "lock": (
        HELP,
        *_digits("lock", "choose the overall grade", "overall"),
        Key("lock.lock", ("L",), "send", "lock your grades and see the auditor's", "lock"),
        Key("lock.go", ("enter",), "open", "go to the line", "go to it", "Enter"),
        Key("lock.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", shown="!"),
        Key("lock.steps", ("w",), "steps", "what can happen to the audit, and why not"),
        *_moving("lock"),
        Key("lock.back", BACK, "back", "back to the questions", "back", "q, Esc"),
    ),
    "compare": (
        HELP,
        Key("compare.auditor", ("a",), "decide('auditor')", "the auditor's answer stands", "auditor's"),
        Key("compare.mine", ("y",), "decide('moderator')", "yours stands", "yours"),
        *_digits("compare", "another grade stands", "other"),
        Key("compare.next", ("right_square_bracket",), "next_open(1)", "the next without a decision", "next open", "]"),
        Key("compare.before", ("left_square_bracket",), "next_open(-1)", "the one before without one", shown="["),
        Key("compare.finish", ("f",), "check", "the overall grade, then make it final", "finish"),
        Key("compare.return", ("R",), "return_it", "return it to the auditor, with your questions", "return"),
        Key("compare.side", ("tab",), "side", "the other's note (narrow windows)", shown="Tab"),
        Key("compare.descriptors", ("d",), "descriptors", "the whole question, full screen"),
        Key("compare.history", ("h",), "history", "the story of this question"),
        Key("compare.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", shown="!"),
        Key("compare.steps", ("w",), "steps", "what can happen to the audit, and why not"),
        *_moving("compare"),
        Key("compare.back", BACK, "back", "back to the queue", "back", "q, Esc"),
    ),
    "finish": (
        HELP,
        *_digits("finish", "choose the overall grade", "overall"),
        Key("finish.finalise", ("S",), "send", "make the grades final", "make final"),
        Key("finish.go", ("enter",), "open", "go to the line", "go to it", "Enter"),
        Key("finish.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", shown="!"),
        Key("finish.steps", ("w",), "steps", "what can happen to the audit, and why not"),
        *_moving("finish"),
        Key("finish.back", BACK, "back", "back to the comparison", "back", "q, Esc"),
    ),
    "reading": (
        HELP,
        Key("reading.accept", ("a",), "answer('accepted')", "accept what was found", "accept"),
        Key("reading.challenge", ("c",), "answer('challenged')", "challenge it, with your reasons", "challenge"),
        Key("reading.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", "risk", "!"),
        Key("reading.history", ("h",), "history", "the audit's story"),
        *_moving("reading"),
        Key("reading.back", BACK, "back", "back to the queue", "back", "q, Esc"),
    ),
    "steps": (
        HELP,
        Key("steps.do", ("enter",), "open", "do what the line says", "do it", "Enter"),
        Key("steps.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", "risk", "!"),
        Key("steps.history", ("h",), "history", "the audit's story", "history"),
        *_moving("steps"),
        Key("steps.back", BACK, "back", "back", "back", "q, Esc"),
    ),
    "matter": (
        HELP,
        Key("matter.do", ("enter",), "open", "do what the line says", "do it", "Enter"),
        Key("matter.history", ("h",), "history", "its story", "history"),
        Key("matter.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: where to say so", shown="!"),
        Key("matter.copy", ("Y",), "copy", "copy the reference, and nothing else"),
        *_moving("matter"),
        Key("matter.back", BACK, "back", "back", "back", "q, Esc"),
    ),
    "history": (
        HELP,
        Key("history.escalate", ("exclamation_mark",), "escalate", "a child may be at risk: raise it", "risk", "!"),
        *_moving("history"),
        Key("history.back", BACK, "back", "back", "back", "q, Esc"),
    ),
    "help": (
        Key("help.do", ("enter",), "run", "do what the line says", "do it", "Enter", "note"),
        Key("help.down", ("down",), "go(1)", "the next line", mode="note"),
        Key("help.up", ("up",), "go(-1)", "the line before", mode="note"),
        Key("help.page_down", ("pagedown",), "page(1)", "a page down", shown="PgDn", mode="note"),
        Key("help.page_up", ("pageup",), "page(-1)", "a page up", shown="PgUp", mode="note"),
        Key("help.back", ("escape",), "back", "back", "back", "Esc", "note"),
    ),
    "prompt": (
        Key("prompt.give", ("enter",), "give", "give what was written", "done", "Enter", "note"),
        Key("prompt.back", ("escape",), "back", "back", "back", "Esc", "note"),
    ),
    "long_prompt": (
        Key("long_prompt.done", ("escape",), "back", "done writing, or back", "when done", "Esc", "note"),
        Key("long_prompt.give", ("enter",), "give", "send what was written", "sends it", "Enter"),
        Key("long_prompt.write", ("e",), "write", "go on writing", "go on writing"),
        Key("long_prompt.back", BACK, "leave_it", "leave it; what was written is kept", "leave it (it is kept)", "Esc"),
    ),
    "choosing": (
        *(Key(f"choosing.{n}", (str(n),), f"choose('{n}')", "" if n else "choose this one", "chooses" if not n else "",
              "a digit") for n in range(10)),
        Key("choosing.give", ("enter",), "give", "done, where several may be marked"),
        Key("choosing.down", ("j", "down"), "scroll(1)", "see the rest of a long list", shown="j, down"),
        Key("choosing.up", ("k", "up"), "scroll(-1)", "see the beginning again", shown="k, up"),
        Key("choosing.back", BACK, "back", "back", "back", "Esc, q"),
    ),
    "two_texts": (
        Key("two_texts.mine", ("m",), "choose('mine')", "yours stands", "use mine"),
        Key("two_texts.theirs", ("t",), "choose('theirs')", "what stands already stays", "keep theirs"),
        Key("two_texts.down", ("j", "down"), "scroll(1)", "see the rest of long texts", shown="j, down"),
        Key("two_texts.up", ("k", "up"), "scroll(-1)", "see the beginning again", shown="k, up"),
        Key("two_texts.back", BACK, "back", "go on writing", "go on writing", "Esc, q"),
    ),
    "whole": (
        HELP,
        *_moving("whole"),
        Key("whole.back", (*BACK, "d"), "back", "back", "back", "q, Esc"),
    ),
}  # fmt: skip


def _blind(workbench: tuple[Key, ...]) -> Iterator[Key]:
    """The keys of a moderator who has not locked: the auditor's, but locking in place of submitting."""
    for key in workbench:
        mine = key if key is HELP else replace(key, id=key.id.replace("workbench.", "blind."))
        if key.action == "check":
            told = "check, lock your grades, see the auditor's"
            yield replace(mine, keys=("L", "s"), says=told, hint="lock", shown="L")
        elif key.action == "undo":
            yield replace(mine, says="blind answers stand until they are given again", hint="")
        else:
            yield mine


KEYMAP: Mapping[str, tuple[Key, ...]] = {**_WRITTEN, "blind": tuple(_blind(_WRITTEN["workbench"]))}


def bindings(screen: str) -> list[Binding]:
    """The bindings of one screen. Priority: a key is done with before the next is looked at, see `tui.app`."""
    return [
        Binding(name, key.action, key.says, show=False, id=key.id if place == 0 else f"{key.id}.{place}", priority=True)
        for key in (*KEYMAP[screen], LEAVE)
        for place, name in enumerate(key.keys)
    ]


def modes_of(screen: str) -> Mapping[str, frozenset[str]]:
    """Action, without its argument -> the modes in which it can be done: `list`, `note`."""
    found: dict[str, frozenset[str]] = {}
    for key in KEYMAP.get(screen, ()):
        action = key.action.partition("(")[0]
        found[action] = found.get(action, frozenset()) | key.modes
    return found


def written(key: Key) -> str:
    """How a key is written for people."""
    return key.shown or ", ".join(key.keys)


def hints(screen: str, mode: str = "list", without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """What the footer offers: the key and a word, the most wanted first. `without`: actions that make no sense now."""
    for key in KEYMAP.get(screen, ()):
        if key.hint and mode in key.modes and key.action.partition("(")[0] not in without:
            yield written(key), key.hint


def clashes() -> list[str]:
    """Keys that would mean two things on one screen in one mode, ids given twice, digits that are no answer."""
    found = []
    ids = [key.id for keys in KEYMAP.values() for key in keys if key is not HELP]
    found += [f"the id {one} is given twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    for screen, keys in KEYMAP.items():
        taken: dict[tuple[str, str], str] = {}
        for key in (*keys, LEAVE):
            for name in key.keys:
                for mode in sorted(key.modes):
                    other = taken.setdefault((name, mode), key.id)
                    if other != key.id:
                        found.append(f"on the screen {screen}, {name} means both {other} and {key.id}")
                if name.isdecimal() and not key.action.startswith(("grade(", "leave_out", "choose(")):
                    found.append(f"on the screen {screen}, the digit {name} is no answer but {key.id}")
    return found
