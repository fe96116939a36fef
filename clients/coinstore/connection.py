"""One WebSocket connection: messages in, messages out, and its deadlines.

Owns: the socket, pongs that nobody asked for, the search for a dead line, the end of a connection before the venue's own.
Must not know: channels, logins, reconnection, what messages mean.
The venue ends a connection after 24 h, and one that sends no pong for 10 min. Its pings are frames every 3 min, which the
library answers (cs§9).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import NoReturn, Self

from mockex.clients.shared.clock import NS_PER_MS, ServerClock, Stopwatch
from mockex.clients.shared.connection import AcknowledgedTiming, BaseConnection, errors_by_status, first_end, open_socket
from mockex.clients.shared.socket import Socket
from mockex.clients.shared.tasks import cancel

from .error_codes import status_class
from .errors import CoinstoreError, ConnectionFailedError, ConnectionLostError, ConnectionRenewedError
from .fields import Row, parse_json
from .frames import MAX_FRAME_BYTES, pong


class PongForm(Enum):
    """How a client shows by itself that it lives. The venue counts either (cs§9)."""

    FRAME = auto()
    MESSAGE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTiming(AcknowledgedTiming):
    """How long a stream waits for what.

    `pong_every` must stay below the 10 min after which the venue gives up, `renew_after` below its 24 h. After `probe_after`
    without a message the line is asked by a ping frame, to be answered `probe_within`.
    """

    pong_every: timedelta = timedelta(minutes=3)
    pong_form: PongForm = PongForm.FRAME
    probe_after: timedelta = timedelta(seconds=60)
    probe_within: timedelta = timedelta(seconds=10)
    renew_after: timedelta = timedelta(hours=23, minutes=50)


_ERRORS = errors_by_status(class_of=status_class, family=CoinstoreError, failed=ConnectionFailedError, lost=ConnectionLostError)


class Connection(BaseConnection[StreamTiming]):
    """An open connection. `run` reads it until it ends; `close` may be called at any time."""

    __slots__ = ("_clock",)

    def __init__(self, socket: Socket, *, timing: StreamTiming, stopwatch: Stopwatch, clock: ServerClock) -> None:
        super().__init__(socket, timing=timing, stopwatch=stopwatch)
        self._clock = clock

    @classmethod
    async def open(cls, url: str, *, timing: StreamTiming, stopwatch: Stopwatch, clock: ServerClock) -> Self:
        """Connect. RateLimitError for HTTP 429, another `CoinstoreError` by status, else ConnectionFailedError."""
        socket = await open_socket(url, timing=timing, errors=_ERRORS, max_bytes=MAX_FRAME_BYTES)
        return cls(socket, timing=timing, stopwatch=stopwatch, clock=clock)

    async def run(self, on_message: Callable[[Row], None]) -> NoReturn:
        """Hand over each message until the connection ends, which is always a `CoinstoreError`.

        ConnectionLostError if the venue closes or falls silent, ConnectionRenewedError if the connection is old, and
        MalformedReplyError for a frame that is no JSON object: with one frame lost, nothing about the others is certain.
        """
        await first_end(self._read(on_message), self._show_life(), self._probe(), self._grow_old())

    async def round_trip(self) -> None:
        """As every connection's; the answer is a sign of life."""
        await super().round_trip()
        self._hear()

    async def _read(self, on_message: Callable[[Row], None]) -> NoReturn:
        while True:
            on_message(Row.of(parse_json(await self._receive()), "stream message"))

    async def _show_life(self) -> NoReturn:
        while True:
            await self._stopwatch.sleep(self._timing.pong_every)
            match self._timing.pong_form:
                case PongForm.FRAME:
                    await self._socket.pong()
                case PongForm.MESSAGE:
                    await self.send(pong(self._clock.now_ns() // NS_PER_MS))

    async def _probe(self) -> NoReturn:
        """Ask by a ping frame after silence, and give up if nothing at all comes back in time."""
        while True:
            await self._silence(self._timing.probe_after)
            answer = asyncio.ensure_future(self.round_trip())
            overdue = asyncio.ensure_future(self._stopwatch.sleep(self._timing.probe_within))
            try:
                await asyncio.wait((answer, overdue), return_when=asyncio.FIRST_COMPLETED)
                if not answer.done():
                    raise ConnectionLostError(f"no answer to a ping in {self._timing.probe_within.total_seconds():g} s")
                answer.result()
            finally:
                await cancel(answer, overdue)

    async def _grow_old(self) -> NoReturn:
        await self._stopwatch.sleep(self._timing.renew_after)
        raise ConnectionRenewedError("the connection was renewed before the venue ends it by its age")
