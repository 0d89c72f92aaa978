"""One lane for everything that is asked of the database: one thread, in the order it was asked."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Lane:
    """The thread on which everything is read and saved."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lane")

    async def ask(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one call after every call already asked.

        Shielded: what was asked for is done even when its screen, or the program, is left first.
        """
        return await asyncio.shield(asyncio.wrap_future(self._thread.submit(partial(call, *args, **kwargs))))

    def ask_last(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one call after every call already asked, and wait for it here: on the way out, without a loop."""
        return self._thread.submit(partial(call, *args, **kwargs)).result()

    def close(self) -> None:
        """Wait until everything that was asked is done."""
        self._thread.shutdown(wait=True)
