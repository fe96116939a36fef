"""Time in the hands of whoever drives the client: a clock that can be set off, and a stopwatch that is moved by hand.

Owns both, and the order in which waits end. Must not know streams or requests.
Invariant: real time never ends a wait of the stopwatch; `sleep_for_answer` alone is real.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from .clock import Stopwatch, sleep

_NS_PER_MS = 1_000_000

#: Turns of the loop in which everything begins that has nothing to wait for. The longest chain of tasks and callbacks in the
#: client, from a frame in a socket to the request that it provokes, takes about a dozen.
_TURNS = 50


async def turns() -> None:
    """Let everything run that need not wait: callbacks, woken tasks, sockets with something to read."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


class OffsetClock:
    """The machine's clock, off by a settable number of milliseconds."""

    def __init__(self, offset_ms: int) -> None:
        self.offset_ms = offset_ms

    def now_ns(self) -> int:
        """Unix nanoseconds."""
        return time.time_ns() + self.offset_ms * _NS_PER_MS


class HandDrivenTime:
    """A stopwatch that only `elapse` moves."""

    def __init__(self) -> None:
        self._now_ns = 0
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []  # a heap, by due time and then by age
        self._ages = itertools.count()

    def stopwatch(self) -> Stopwatch:
        """For streams."""
        return Stopwatch(monotonic_ns=lambda: self._now_ns, sleep=self._sleep, sleep_for_answer=sleep)

    async def elapse(self, ms: int, work_off: Callable[[], Awaitable[None]]) -> None:
        """Move time on. Waits end in the order in which they are due, each at its own moment.

        `work_off` is awaited after each moment, before time moves on: what begins there may wait anew, for less than is left.
        """
        target_ns = self._now_ns + ms * _NS_PER_MS
        while self._sleepers and self._sleepers[0][0] <= target_ns:
            self._now_ns = max(self._now_ns, self._sleepers[0][0])
            if self._end_waits():
                await work_off()
        self._now_ns = target_ns
        await work_off()

    def _end_waits(self) -> bool:
        """False if nobody waited any more for what was due."""
        ended = False
        while self._sleepers and self._sleepers[0][0] <= self._now_ns:
            _, _, waiting = heapq.heappop(self._sleepers)
            if not waiting.done():
                waiting.set_result(None)
                ended = True
        return ended

    async def _sleep(self, span: timedelta) -> None:
        if span <= timedelta():
            await asyncio.sleep(0)
            return
        due_ns = self._now_ns + span // timedelta(microseconds=1) * 1_000
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (due_ns, next(self._ages), waiting))
        await waiting
