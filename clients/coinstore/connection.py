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

import orjson
from mockex.clients.shared.clock import NS_PER_MS, NS_PER_US, ServerClock, Stopwatch
from mockex.clients.shared.lifeline import RetryTiming
from mockex.clients.shared.socket import Socket, SocketErrors
from mockex.clients.shared.tasks import cancel

from .error_codes import status_class
from .errors import CoinstoreError, ConnectionFailedError, ConnectionLostError, ConnectionRenewedError
from .fields import Row, parse_json
from .frames import MAX_FRAME_BYTES, Message, pong


class PongForm(Enum):
    """How a client shows by itself that it lives. The venue counts either (cs§9)."""

    FRAME = auto()
    MESSAGE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTiming(RetryTiming):
    """How long a stream waits for what.

    `pong_every` must stay below the 10 min after which the venue gives up, `renew_after` below its 24 h. After `probe_after`
    without a message the line is asked by a ping frame, to be answered `probe_within`.
    """

    connect_within: timedelta = timedelta(seconds=10)
    acknowledge_within: timedelta = timedelta(seconds=10)
    close_within: timedelta = timedelta(seconds=1)
    pong_every: timedelta = timedelta(minutes=3)
    pong_form: PongForm = PongForm.FRAME
    probe_after: timedelta = timedelta(seconds=60)
    probe_within: timedelta = timedelta(seconds=10)
    renew_after: timedelta = timedelta(hours=23, minutes=50)


def _refused(status: int, text: str) -> CoinstoreError:
    kind = status_class(status)
    return (ConnectionFailedError if kind is CoinstoreError else kind)(text, http_status=status)


_ERRORS = SocketErrors(
    refused=_refused,
    failed=ConnectionFailedError,
    lost=lambda text, code: ConnectionLostError(text, code=code),
)


class Connection:
    """An open connection. `run` reads it until it ends; `close` may be called at any time."""

    __slots__ = ("_clock", "_heard_at_ns", "_socket", "_stopwatch", "_timing")

    def __init__(self, socket: Socket, *, timing: StreamTiming, stopwatch: Stopwatch, clock: ServerClock) -> None:
        self._socket = socket
        self._timing = timing
        self._stopwatch = stopwatch
        self._clock = clock
        self._heard_at_ns = stopwatch.monotonic_ns()

    @classmethod
    async def open(cls, url: str, *, timing: StreamTiming, stopwatch: Stopwatch, clock: ServerClock) -> Self:
        """Connect. RateLimitError for HTTP 429, another `CoinstoreError` by status, else ConnectionFailedError."""
        socket = await Socket.open(
            url,
            errors=_ERRORS,
            connect_within=timing.connect_within,
            close_within=timing.close_within,
            max_bytes=MAX_FRAME_BYTES,
        )
        return cls(socket, timing=timing, stopwatch=stopwatch, clock=clock)

    async def send(self, message: Message) -> None:
        """Send one JSON message. ConnectionLostError if the connection has ended."""
        await self._socket.send(orjson.dumps(message).decode())

    async def run(self, on_message: Callable[[Row], None]) -> NoReturn:
        """Hand over each message until the connection ends, which is always a `CoinstoreError`.

        ConnectionLostError if the venue closes or falls silent, ConnectionRenewedError if the connection is old, and
        MalformedReplyError for a frame that is no JSON object: with one frame lost, nothing about the others is certain.
        """
        tasks = [
            asyncio.create_task(self._read(on_message)),
            asyncio.create_task(self._show_life()),
            asyncio.create_task(self._probe()),
            asyncio.create_task(self._grow_old()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            raise AssertionError("a connection ends by an exception")
        finally:
            await cancel(*tasks)

    async def round_trip(self) -> None:
        """Wait for the answer to a ping frame. ConnectionLostError if the connection ends before it.

        What the venue had written before its answer has been received by then.
        """
        await self._socket.round_trip()
        self._heard_at_ns = self._stopwatch.monotonic_ns()

    async def close(self) -> None:
        """Close the socket. Harmless to repeat."""
        await self._socket.close()

    async def _read(self, on_message: Callable[[Row], None]) -> NoReturn:
        while True:
            frame = await self._socket.receive()
            self._heard_at_ns = self._stopwatch.monotonic_ns()
            on_message(Row.of(parse_json(frame), "stream message"))

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
            while (left := self._timing.probe_after - self.quiet_for) > timedelta():
                await self._stopwatch.sleep(left)
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

    @property
    def quiet_for(self) -> timedelta:
        """How long nothing has been heard, the answers to pings included."""
        return timedelta(microseconds=(self._stopwatch.monotonic_ns() - self._heard_at_ns) // NS_PER_US)
