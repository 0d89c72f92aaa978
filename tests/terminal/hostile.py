"""Texts that would steer a terminal, and their way into a workspace past every door."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

PAYLOADS = (
    # A title, a clipboard, a link, a question answered into our input, whole other languages.
    "\x1b]0;PWNED-TITLE\x07", "\x1b]2;PWNED-TITLE\x1b\\", "\x1b]52;c;UFdORUQ=\x07",
    "\x1b]8;;https://x.example\x07a\x1b]8;;\x07",
    "\x1b[2J\x1b[H", "\x1b[6n", "\x1b[c", "\x1b[21t", "\x1bP$q q\x1b\\", "\x1b]unterminated", "\x1bc", "\x1b[?1049l",
    "\x1b[?1000h", "\x1b[?2004l", "\x1b[201~1", "\x1b[8m hidden \x1b[0m", "\x1b[31mred",
    "\x1b_Gf=100;AAAA\x1b\\", "\x1b^pm\x1b\\",
    "\x1b[5;5r", "\x1b(0lqqk", "\x1b]1337;File=inline=1:AAAA\x07", "\x1bk PWNED-TITLE\x1b\\",
    # The same in one byte, and every other control.
    "\x9b2J", "\x9d0;PWNED-TITLE\x9c", "\x90q\x9c", "\x07\x07", "a\x08\x08\x08b", "over\rwritten",
    "\x0b\x0c", "nul\x00nul", "\x7f",
    # What a framework may read as its own marks.
    "[/b]", "[bold red]x", "[@click=app.quit]here[/]", "[link=https://x.example]y[/link]", "[", "[[",
    "\\[/]", "{{7*7}}",
    # What turns text round, or hides it.
    "\u202egnp.exe", "\u2066\u2067x\u2069", "\u200bzero\u200d\ufeffwidth", "soft\xadhyphen",
    "line\u2028sep\u2029", "\U000e0041tag",
    "e" + "\u0301" * 500, "\ue000private",
)  # fmt: skip
LITERAL = ("[/b]", "[bold red]x", "[@click=app.quit]here[/]", "[link=https://x.example]y[/link]", "{{7*7}}")
"""Harmless once they are not obeyed: they stand on the screen as they were typed."""
_MARK = re.compile(r"HOSTILE(\d\d)")


def mark(number: int) -> str:
    """Words that stand for a payload until `poison`. Another number, another payload, round and round."""
    return f"t{number:02} HOSTILE{number % len(PAYLOADS):02} t{number:02}"


def poison(database: Path) -> int:
    """Put the payloads where their marks are, behind the back of every rule; how many cells changed."""
    changed = 0
    with closing(sqlite3.connect(database, isolation_level=None)) as opened:
        opened.create_function("poisoned", 1, _poisoned)
        opened.execute("PRAGMA ignore_check_constraints = ON")
        for (trigger,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            opened.execute(f'DROP TRIGGER "{trigger}"')
        for (table,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for _, column, *_ in opened.execute(f'PRAGMA table_info("{table}")').fetchall():
                marked = f"""UPDATE "{table}" SET "{column}" = poisoned("{column}") WHERE "{column}" LIKE '%HOSTILE%'"""
                changed += opened.execute(marked).rowcount
    return changed


def _poisoned(text: str) -> str:
    inside_json = text[:1] in "{["
    return _MARK.sub(lambda m: json.dumps(PAYLOADS[int(m[1])])[1:-1] if inside_json else PAYLOADS[int(m[1])], text)
