"""A person's terminal window: tmux, with a server of its own that nobody else shares."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import pytest

PATIENCE = 30.0
"""Seconds until a screen that does not come is a failure."""
PAUSE = 0.02
"""Seconds between two looks at the screen."""
_RUN = """
exec 3>&2 2>/dev/null
sh -c 'echo $$ > "$0" && exec "$@"' "$0.pid" "$@" 2>&3 3>&-
echo $? > "$0.code"
exec cat > /dev/null
"""
"""Runs a program and writes down its number and how it ended. The window stays as the program left it, without a
word of the shell's own."""


def require_tmux() -> None:
    """Skip where a person has no tmux; fail where everything must be tested."""
    if shutil.which("tmux") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("tmux is not installed: no test of the real terminal could run")
        pytest.skip("tmux is not installed")


@dataclass
class Terminal:
    """One window. Use it in a `with`: whatever runs in it ends with it."""

    folder: Path
    """Where its commands run, and where it writes down every byte that they send."""
    name: str = field(default_factory=lambda: f"audit-test-{uuid4().hex}")
    started: bool = False

    def __enter__(self) -> Self:
        require_tmux()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    # --- the program ------------------------------------------------------------------------------------------

    def start(
        self, command: Sequence[str], size: tuple[int, int] = (80, 24), *, env: Mapping[str, str] | None = None
    ) -> None:
        """Run a command in the window."""
        width, height = size
        settings = [
            "set -g status off", "set -g allow-rename on", "set -s set-clipboard on",
            "set -s escape-time 0", "set -g history-limit 5000", "set -g default-terminal screen-256color",
            "set -g exit-empty off",
        ]  # fmt: skip
        config = self.folder / "tmux.conf"
        config.write_text("\n".join(settings) + "\n")
        given = [f"{name}={value}" for name, value in (env or {}).items()]
        for left in (self._file("pid"), self._file("code")):
            left.unlink(missing_ok=True)
        # `cat` is the first to run, so that the bytes of the program's very first picture are written down too.
        self._ask("-f", str(config), "new-session", "-d", "-x", str(width), "-y", str(height), "cat")
        self.started = True
        self._ask("resize-window", "-x", str(width), "-y", str(height))
        self._file("bytes").write_bytes(b"")
        self._ask("pipe-pane", f"exec cat >> '{self.folder / self.name}.bytes'")
        run = ["sh", "-c", _RUN, str(self.folder / self.name)]
        self._ask("respawn-pane", "-k", "-c", str(self.folder), "env", *given, *run, *command)

    def pid(self) -> int:
        """Of the program."""
        return int(self._file("pid").read_text())

    def signal(self, number: signal.Signals) -> None:
        """Send the program, and nobody else, a signal."""
        os.kill(self.pid(), number)

    def kill9(self) -> None:
        """The machine takes the program away, without a word."""
        self.signal(signal.SIGKILL)
        self.ended()

    def ended(self) -> int:
        """Wait for the end of the program; its exit code, or 128 and the number of the signal that ended it."""
        self.until(lambda: self._file("code").exists() and self._file("code").read_text() != "", "it did not end")
        return int(self._file("code").read_text())

    def close(self) -> None:
        """End the window and whatever still runs in it."""
        if self.started:
            self.started = False
            self._ask("kill-server")

    # --- what a person does -----------------------------------------------------------------------------------

    def keys(self, *names: str) -> None:
        """Keys as tmux names them: `e`, `Enter`, `Escape`, `C-q`."""
        self._ask("send-keys", "--", *names)

    def type(self, text: str) -> None:
        """Letters, exactly these."""
        self._ask("send-keys", "-l", "--", text)

    def raw(self, typed: bytes) -> None:
        """Bytes, as a keyboard of bad intent would send them."""
        self._ask("send-keys", "-H", *(f"{one:02x}" for one in typed))

    def paste(self, text: str) -> None:
        """Paste as a terminal does: between the marks of a paste, where the program asked for them."""
        # From a file: an argument could not be this long. Its name is not `paste`, which a listing would show.
        file = self.folder / "given.txt"
        file.write_bytes(text.encode())
        self._ask("load-buffer", "-b", "given", str(file))
        self._ask("paste-buffer", "-p", "-r", "-d", "-b", "given")

    def resize(self, width: int, height: int) -> None:
        """Pull at the window's corner."""
        self._ask("resize-window", "-x", str(width), "-y", str(height))

    # --- what a person sees -----------------------------------------------------------------------------------

    def screen(self) -> str:
        """What stands on the screen."""
        return self._ask("capture-pane", "-p")

    def screen_with_escapes(self) -> str:
        """The same with its colours."""
        return self._ask("capture-pane", "-p", "-e")

    def everything(self) -> str:
        """What stands on the screen and what was rolled out of it."""
        return self._ask("capture-pane", "-p", "-S", "-")

    def wait_for(self, *words: str, patience: float = PATIENCE) -> str:
        """The screen, once it holds all these words. Long lines may be broken between words."""
        seen = ""

        def there() -> bool:
            nonlocal seen
            seen = self.screen()
            flat = " ".join(seen.split())
            return all(" ".join(one.split()) in flat for one in words)

        self.until(there, f"{words} never came", patience)
        return seen

    def wait_gone(self, *words: str, patience: float = PATIENCE) -> str:
        """The screen, once it holds none of these words."""
        self.until(lambda: not any(one in self.screen() for one in words), f"{words} did not go", patience)
        return self.screen()

    def moved(self, *names: str) -> str:
        """The screen, once these keys have made it another."""
        before = self.screen()
        self.keys(*names)
        self.until(lambda: self.screen() != before, f"{names} changed nothing")
        return self.screen()

    def until(self, so: Callable[[], bool], else_: str, patience: float = PATIENCE) -> None:
        """Look again and again until it is so; fail with the screen when it never is."""
        deadline = time.monotonic() + patience
        while not so():
            if time.monotonic() > deadline:
                pytest.fail(f"{else_}. The screen:\n{self.screen()}")
            time.sleep(PAUSE)

    def title(self) -> str:
        """Of the window, which a program can set."""
        return self.told("#{pane_title}")

    def clipboard(self) -> list[str]:
        """What programs put into the clipboard."""
        names = self._ask("list-buffers", "-F", "#{buffer_name}").split()
        return [self._ask("show-buffer", "-b", name) for name in names]

    def cursor(self) -> tuple[int, int]:
        """Column and row, from 0."""
        column, row = self.told("#{cursor_x},#{cursor_y}").split(",")
        return int(column), int(row)

    def sent(self) -> bytes:
        """Every byte that the program sent to the terminal so far."""
        return self._file("bytes").read_bytes()

    def told(self, format_: str) -> str:
        """What tmux knows of the window."""
        return self._ask("display-message", "-p", format_).strip("\n")

    # --- tmux -------------------------------------------------------------------------------------------------

    def _file(self, kind: str) -> Path:
        return self.folder / f"{self.name}.{kind}"

    def _ask(self, *arguments: str) -> str:
        here = {**os.environ, "LC_ALL": "C.UTF-8"}
        here.pop("TMUX", None)
        done = subprocess.run(["tmux", "-L", self.name, *arguments], env=here, capture_output=True, check=False)
        if done.returncode:
            pytest.fail(f"tmux {json.dumps(arguments[:3])}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode(errors="replace")
