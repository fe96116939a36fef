"""A connection that renews itself: one session after the other, with growing delays in between.

Owns: the task that runs sessions, the wait between them, the first attempt and the end.
Must not know: sockets, messages, what a session does.
Invariant: the first attempt is the only one that can fail to its caller; later failures are told and followed by another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from .clock import Stopwatch
from .tasks import cancel

#: One connection from opening to its end, which is always an exception. It calls its argument once it is open.
Session = Callable[[Callable[[], None]], Awaitable[NoReturn]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryTiming:
    """How long to wait before another attempt."""

    first_retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(seconds=60)

    def retry_delay(self, failures: int) -> timedelta:
        """Wait after so many failures in a row: doubles each time, up to the longest."""
        doublings = min(failures, 32)  # far beyond any sensible longest delay, and no overflow
        return min(self.first_retry * (1 << doublings), self.longest_retry)


class Lifeline:
    """Sessions in a row. `start` and `close` it once."""

    def __init__(
        self,
        session: Session,
        *,
        expected: type[Exception],
        planned: type[Exception] | tuple[()],
        on_lost: Callable[[Exception], None],
        on_end: Callable[[Exception], None],
        timing: RetryTiming,
        stopwatch: Stopwatch,
    ) -> None:
        """`expected` errors end a session and are told to `on_lost`; after a `planned` one the next session starts at once.

        `on_end` is called once, with StopAsyncIteration, or with the error that is none of the expected.
        """
        self._session = session
        self._expected = expected
        self._planned = planned
        self._on_lost = on_lost
        self._on_end = on_end
        self._timing = timing
        self._stopwatch = stopwatch
        self._runner: asyncio.Task[None] | None = None
        self._failures = 0  # attempts since a session was open
        self.waits_to_retry = False
        self.closed = False

    @property
    def started(self) -> bool:
        """True from `start` on."""
        return self._runner is not None

    async def start(self) -> None:
        """Open the first session. Its error is raised, and the lifeline is closed."""
        if self._runner is not None:
            raise RuntimeError("a stream starts once")
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._runner = asyncio.create_task(self._run(opened))
        try:
            await opened
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End the session and all further ones. Harmless to repeat."""
        if self._runner is not None:
            await cancel(self._runner)
        self._finish(StopAsyncIteration())

    async def _run(self, opened: asyncio.Future[None]) -> None:
        def on_open() -> None:
            self._failures = 0
            if not opened.done():
                opened.set_result(None)

        try:
            while True:
                self._failures += 1
                try:
                    await self._session(on_open)
                except self._expected as error:
                    if not opened.done():
                        opened.set_exception(error)
                        return
                    self._on_lost(error)
                    if isinstance(error, self._planned) and self._failures == 0:
                        continue
                self.waits_to_retry = True
                await self._stopwatch.sleep(self._timing.retry_delay(self._failures))
                self.waits_to_retry = False
        except Exception as bug:
            if not opened.done():
                opened.set_exception(bug)
            self._finish(bug)
            raise

    def _finish(self, reason: Exception) -> None:
        if not self.closed:
            self.closed = True
            self._on_end(reason)
