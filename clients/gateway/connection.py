"""One WebSocket connection: messages in, messages out, and its heartbeat.

Owns: the socket, pings and the wait for their answers.
Must not know: tokens, requests, reconnection, what messages mean but for the answer to a ping.
The gateway closes a socket after 15 s without a text frame, and pings of the WebSocket protocol do not count (gw§2): hence
these are messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn, Self

from mockex.clients.shared.clock import NS_PER_MS, NowNs, Stopwatch
from mockex.clients.shared.connection import BaseConnection, ConnectionTiming, first_end, open_socket
from mockex.clients.shared.socket import Socket, SocketErrors
from mockex.clients.shared.tasks import within

from .errors import ConnectionFailedError, ConnectionLostError
from .fields import Row, parse_json
from .frames import MAX_FRAME_BYTES, ping


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayTiming(ConnectionTiming):
    """How long is waited for what (gw§12). `ping_every` must stay below the 15 s after which a silent socket is closed.

    `repeat_login_after`: before another login while the gateway has not missed the older connection. `trouble_within`: how long
    an error before the first READY may last. `logout_within`: for each token at the end. `reply_follows_push_within`: then a
    push is taken for the reply to a cancellation, which the service may owe.
    """

    answer_within: timedelta = timedelta(seconds=10)
    ping_every: timedelta = timedelta(seconds=5)
    pong_within: timedelta = timedelta(seconds=10)
    repeat_login_after: timedelta = timedelta(seconds=16)
    trouble_within: timedelta = timedelta(seconds=30)
    logout_within: timedelta = timedelta(seconds=2)
    reply_follows_push_within: timedelta = timedelta(seconds=1)


_ERRORS = SocketErrors(
    refused=lambda status, text: ConnectionFailedError(text, code=status),
    failed=ConnectionFailedError,
    lost=lambda text, code: ConnectionLostError(text, code=code),
)


class Connection(BaseConnection[GatewayTiming]):
    """An open connection. `run` reads it until it ends; `close` may be called at any time."""

    __slots__ = ("_answer", "_asked", "_last_stamp", "_now", "_stamps")

    def __init__(self, socket: Socket, *, timing: GatewayTiming, stopwatch: Stopwatch, now: NowNs) -> None:
        super().__init__(socket, timing=timing, stopwatch=stopwatch)
        self._now = now
        self._last_stamp = 0
        self._stamps: list[int] = []  # of pings without an answer, oldest first
        self._asked = asyncio.Event()  # set while there are such
        self._answer: asyncio.Future[None] | None = None

    @classmethod
    async def open(cls, url: str, *, timing: GatewayTiming, stopwatch: Stopwatch, now: NowNs) -> Self:
        """Connect. ConnectionFailedError if that fails, with the HTTP status if there was one."""
        socket = await open_socket(url, timing=timing, errors=_ERRORS, max_bytes=MAX_FRAME_BYTES)
        return cls(socket, timing=timing, stopwatch=stopwatch, now=now)

    async def run(self, on_message: Callable[[Row], None]) -> NoReturn:
        """Hand over each message until the connection ends, which is always a `GatewayError`.

        ConnectionLostError if the gateway closes or answers no ping, and MalformedReplyError for a frame that is no JSON
        object: with one frame lost, nothing about the others is certain.
        """
        await first_end(self._read(on_message), self._beat(), self._watch())

    def on_pong(self, stamp: int) -> None:
        """An answer came, also to all pings before. One that answers no ping says nothing."""
        if stamp not in self._stamps:
            return
        del self._stamps[: self._stamps.index(stamp) + 1]
        if not self._stamps:
            self._asked.clear()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    async def _read(self, on_message: Callable[[Row], None]) -> NoReturn:
        while True:
            on_message(Row.of(parse_json(await self._receive()), "frame"))

    async def _beat(self) -> NoReturn:
        """Pings go on while one is unanswered: the gateway counts them as signs of life."""
        while True:
            await self._stopwatch.sleep(self._timing.ping_every)
            # Each has a number of its own, whatever the clock does: an answer belongs to one ping.
            self._last_stamp = max(self._now() // NS_PER_MS, self._last_stamp + 1)
            self._stamps.append(self._last_stamp)
            self._asked.set()
            await self.send(ping(self._last_stamp))

    async def _watch(self) -> NoReturn:
        """Time runs from the oldest unanswered ping, or from the answer to another while it was out."""
        while True:
            await self._asked.wait()
            self._answer = asyncio.get_running_loop().create_future()
            await within([self._answer], self._stopwatch.await_answer(self._timing.pong_within), self._silent)

    def _silent(self) -> ConnectionLostError:
        return ConnectionLostError(f"no answer to a ping in {self._timing.pong_within.total_seconds():g} s")
