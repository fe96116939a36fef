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

from mockex.clients.shared.clock import NS_PER_MS, ServerClock, Stopwatch
from mockex.clients.shared.connection import AcknowledgedTiming, BaseConnection, errors_by_status, first_end, open_socket
from mockex.clients.shared.socket import Socket
from mockex.clients.shared.tasks import cancel, within

from .error_codes import status_class
from .errors import ConnectionFailedError, ConnectionLostError, KtxError
from .fields import Row, parse_json
from .frames import MAX_FRAME_BYTES, ping


class PingForm(Enum):
    """How a client shows that it lives, and finds out whether the venue does: frames as in the samples, or JSON (ktx§8)."""

    FRAME = auto()
    MESSAGE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTiming(AcknowledgedTiming):
    """How long a stream waits for what. `ping_every` must stay below the 30 s after which a user stream is closed."""

    ping_every: timedelta = timedelta(seconds=20)
    pong_within: timedelta = timedelta(seconds=5)
    ping_form: PingForm = PingForm.FRAME


_ERRORS = errors_by_status(class_of=status_class, family=KtxError, failed=ConnectionFailedError, lost=ConnectionLostError)


class Connection(BaseConnection[StreamTiming]):
    """An open connection. `run` reads it until it ends; `close` may be called at any time."""

    __slots__ = ("_clock", "_pong")

    def __init__(self, socket: Socket, *, timing: StreamTiming, stopwatch: Stopwatch, clock: ServerClock) -> None:
        super().__init__(socket, timing=timing, stopwatch=stopwatch)
        self._clock = clock
        self._pong: asyncio.Future[None] | None = None

    @classmethod
    async def open(
        cls, url: str, *, headers: Mapping[str, str], timing: StreamTiming, stopwatch: Stopwatch, clock: ServerClock
    ) -> Self:
        """Connect. An error by HTTP status if the upgrade is refused with one, else ConnectionFailedError."""
        socket = await open_socket(url, timing=timing, errors=_ERRORS, max_bytes=MAX_FRAME_BYTES, headers=headers)
        return cls(socket, timing=timing, stopwatch=stopwatch, clock=clock)

    async def run(self, on_message: Callable[[Row], None]) -> NoReturn:
        """Hand over each message until the connection ends, which is always a `KtxError`.

        ConnectionLostError if the venue closes or answers no ping, and MalformedReplyError for a frame that is no JSON object:
        with one frame lost, nothing about the others is certain.
        """
        await first_end(self._read(on_message), self._beat())

    async def round_trip(self) -> None:
        """As every connection's; the answer is a sign of life."""
        await super().round_trip()
        self._hear()

    def on_pong(self) -> None:
        """The answer to a ping that was a message has come."""
        if self._pong is not None and not self._pong.done():
            self._pong.set_result(None)

    async def _read(self, on_message: Callable[[Row], None]) -> NoReturn:
        while True:
            on_message(Row.of(parse_json(await self._receive()), "stream message"))

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
