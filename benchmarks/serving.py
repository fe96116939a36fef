"""What benchmarks of a server share: the event loop that a serving process has, and a bare listener beside the server."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TypeVar

from mockex.server.listeners import Handler, Listener, bind_all
from mockex.server.process import fastest_loop

T = TypeVar("T")


def run_as_server(main: Callable[[], Coroutine[None, None, T]]) -> T:
    """Runs `main` on the loop of a serving process; it may also call `spare_the_collector`."""
    thresholds = gc.get_threshold()
    try:
        with asyncio.Runner(loop_factory=fastest_loop()) as runner:
            return runner.run(main())
    finally:  # what `spare_the_collector` did is not for the benchmarks after this one
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@asynccontextmanager
async def bare_listener(handler: Handler) -> AsyncIterator[str]:
    """Serves a handler of aiohttp at a port of its own. Gives the authority."""
    listener = await Listener.open(bind_all("127.0.0.1", {"bare": 0})["bare"], handler, now_ns=time.time_ns)
    try:
        yield listener.authority
    finally:
        listener.stop_accepting()
        await listener.close()
