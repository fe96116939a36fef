"""One WebSocket connection: messages in, messages out, and its heartbeat.

Owns: the socket, pings and the wait for their answers.
Must not know: streams, logins, reconnection, what messages mean but for the answer to a ping.
The venue closes a user stream after 30 s without a heartbeat; the samples send ping frames every 30 s, and the Python one gives
up 5 s later (ktx§8).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import NoReturn, Self

import orjson
from mockex.clients.shared.clock import NS_PER_MS, NS_PER_US, ServerClock, Stopwatch
from mockex.clients.shared.lifeline import RetryTiming
from mockex.clients.shared.socket import Socket, SocketErrors
from mockex.clients.shared.tasks import cancel, within

from .error_codes import status_class
from .errors import ConnectionFailedError, ConnectionLostError, KtxError
from .fields import Row, parse_json
from .frames import MAX_FRAME_BYTES, Message, ping


class PingForm(Enum):
    """How a client shows that it lives, and finds out whether the venue does: frames as in the samples, or JSON (ktx§8)."""

    FRAME = auto()
    MESSAGE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTiming(RetryTiming):
    """How long a stream waits for what. `ping_every` must stay below the 30 s after which a user stream is closed."""

    connect_within: timedelta = timedelta(seconds=10)
    acknowledge_within: timedelta = timedelta(seconds=10)
    close_within: timedelta = timedelta(seconds=1)
    ping_every: timedelta = timedelta(seconds=20)
    pong_within: timedelta = timedelta(seconds=5)
    ping_form: PingForm = PingForm.FRAME


def _refused(status: int, text: str) -> KtxError:
    kind = status_class(status)
    return (ConnectionFailedError if kind is KtxError else kind)(text, http_status=status)


_ERRORS = SocketErrors(
    refused=_refused,
    failed=ConnectionFailedError,
    lost=lambda text, code: ConnectionLostError(text, code=code),
)


class Connection:
    """An open connection. `run` reads it until it ends; `close` may be called at any time."""

    __slots__ = ("_clock", "_heard_at_ns", "_pong", "_socket", "_stopwatch", "_timing")

    def __init__(self, socket: Socket, *, timing: StreamTiming, stopwatch: Stopwatch, clock: ServerClock) -> None:
        self._socket = socket
        self._timing = timing
        self._stopwatch = stopwatch
        self._clock = clock
        self._pong: asyncio.Future[None] | None = None
        self._heard_at_ns = stopwatch.monotonic_ns()

    @classmethod
    async def open(
        cls, url: str, *, headers: Mapping[str, str], timing: StreamTiming, stopwatch: Stopwatch, clock: ServerClock
    ) -> Self:
        """Connect. An error by HTTP status if the upgrade is refused with one, else ConnectionFailedError."""
        socket = await Socket.open(
            url,
            errors=_ERRORS,
            connect_within=timing.connect_within,
            close_within=timing.close_within,
            max_bytes=MAX_FRAME_BYTES,
            headers=headers,
        )
        return cls(socket, timing=timing, stopwatch=stopwatch, clock=clock)

    async def send(self, message: Message) -> None:
        """Send one JSON message. ConnectionLostError if the connection has ended."""
        await self._socket.send(orjson.dumps(message).decode())

    async def run(self, on_message: Callable[[Row], None]) -> NoReturn:
        """Hand over each message until the connection ends, which is always a `KtxError`.

        ConnectionLostError if the venue closes or answers no ping, and MalformedReplyError for a frame that is no JSON object:
        with one frame lost, nothing about the others is certain.
        """
        tasks = [asyncio.create_task(self._read(on_message)), asyncio.create_task(self._beat())]
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

    @property
    def quiet_for(self) -> timedelta:
        """How long nothing has been heard, the answers to pings included."""
        return timedelta(microseconds=(self._stopwatch.monotonic_ns() - self._heard_at_ns) // NS_PER_US)

    def on_pong(self) -> None:
        """The answer to a ping that was a message has come."""
        if self._pong is not None and not self._pong.done():
            self._pong.set_result(None)

    async def close(self) -> None:
        """Close the socket. Harmless to repeat."""
        await self._socket.close()

    async def _read(self, on_message: Callable[[Row], None]) -> NoReturn:
        while True:
            frame = await self._socket.receive()
            self._heard_at_ns = self._stopwatch.monotonic_ns()
            on_message(Row.of(parse_json(frame), "stream message"))

    async def _beat(self) -> NoReturn:
        while True:
            await self._stopwatch.sleep(self._timing.ping_every)
            answer = asyncio.ensure_future(self._ping())
            try:
                await within([answer], self._stopwatch.sleep(self._timing.pong_within), self._silent)
            finally:
                await cancel(answer)

    async def _ping(self) -> None:
        if self._timing.ping_form is PingForm.FRAME:
            await self.round_trip()
            return
        self._pong = asyncio.get_running_loop().create_future()
        await self.send(ping(self._clock.now_ns() // NS_PER_MS))
        await self._pong

    def _silent(self) -> ConnectionLostError:
        return ConnectionLostError(f"no answer to a ping in {self._timing.pong_within.total_seconds():g} s")
