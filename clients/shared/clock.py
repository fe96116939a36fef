"""Time as a client sees it: the venue's time for signatures, and waiting for the stream.

Owns: the correction between the local clock and the venue's clock; the way to wait.
Must not know: HTTP, WebSocket, any endpoint.
Both parts are injectable, so a test needs no real waiting. Instants are integers of nanoseconds, spans are `timedelta`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

NowNs = Callable[[], int]
Sleep = Callable[[timedelta], Awaitable[None]]

NS_PER_US = 1_000
NS_PER_MS = 1_000_000


async def sleep(span: timedelta) -> None:
    """Real waiting."""
    await asyncio.sleep(span.total_seconds())


class ServerClock:
    """The local clock plus a correction towards the venue's clock: signatures carry the venue's time."""

    __slots__ = ("_now", "_offset_ns")

    def __init__(self, now: NowNs = time.time_ns) -> None:
        self._now = now
        self._offset_ns = 0

    @property
    def offset_ns(self) -> int:
        """Venue time minus local time."""
        return self._offset_ns

    def local_ns(self) -> int:
        """Unix nanoseconds of the local clock, uncorrected."""
        return self._now()

    def now_ns(self) -> int:
        """Unix nanoseconds of the venue's clock, as far as known."""
        return self._now() + self._offset_ns

    def correct(self, *, server_ns: int, asked_ns: int, answered_ns: int) -> None:
        """Take the venue's answer as the time half way between question and answer (both local)."""
        self._offset_ns = server_ns - (asked_ns + answered_ns) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopwatch:
    """How a stream measures silence and waits. `monotonic_ns` needs no defined origin.

    `sleep` paces the stream: heartbeats, the time before another attempt. `sleep_for_answer` goes by the venue: it bounds the
    wait for an answer to something sent, and keeps requests apart; None means: as `sleep`. A program that moves time by hand
    may let real time do both.
    """

    monotonic_ns: NowNs = time.monotonic_ns
    sleep: Sleep = sleep
    sleep_for_answer: Sleep | None = None

    async def await_answer(self, span: timedelta) -> None:
        """Returns when an answer is overdue."""
        await (self.sleep_for_answer or self.sleep)(span)

    async def await_turn(self, span: timedelta) -> None:
        """Returns when the venue may be asked again."""
        await (self.sleep_for_answer or self.sleep)(span)
