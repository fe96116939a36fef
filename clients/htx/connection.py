"""One WebSocket connection: frames in, messages out, and the watch over silence.

Owns: the socket, inflation of frames, detection of silence.
Must not know: topics, logins, reconnection, what messages mean.
Source: HTX document, "Websocket Market Data - Heartbeat and Connection"; htx§5, htx§6.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

import orjson
import websockets
from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.tasks import cancel
from websockets.asyncio.client import ClientConnection, connect

from .error_codes import status_class
from .errors import ConnectionFailedError, ConnectionLostError, HtxError
from .fields import parse_json
from .frames import MAX_FRAME_BYTES, Message, inflate

_NS_PER_US = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTiming:
    """How long a stream waits for what.

    The venue pings every 5 s on the market sockets and every 20 s on the account socket, so `silent_for` should be some
    multiple of that. It answers one request for data per 100 ms and connection.
    """

    connect_within: timedelta = timedelta(seconds=10)
    acknowledge_within: timedelta = timedelta(seconds=10)
    silent_for: timedelta = timedelta(seconds=15)
    request_spacing: timedelta = timedelta(milliseconds=100)
    first_retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(seconds=60)
    close_within: timedelta = timedelta(seconds=1)

    def retry_delay(self, failures: int) -> timedelta:
        """Wait before the next attempt, after so many failures in a row: doubles each time, up to the longest."""
        doublings = min(failures, 32)  # far beyond any sensible longest delay, and no overflow
        return min(self.first_retry * (1 << doublings), self.longest_retry)


#: For the market sockets, and for the account socket with its slower heartbeat.
MARKET_TIMING = StreamTiming()
ACCOUNT_TIMING = StreamTiming(silent_for=timedelta(seconds=60))


class Connection:
    """An open connection. `run` reads it until it ends; `close` may be called at any time."""

    __slots__ = ("_heard_at_ns", "_socket", "_stopwatch", "_timing")

    def __init__(self, socket: ClientConnection, *, timing: StreamTiming, stopwatch: Stopwatch) -> None:
        self._socket = socket
        self._timing = timing
        self._stopwatch = stopwatch
        self._heard_at_ns = stopwatch.monotonic_ns()

    @classmethod
    async def open(cls, url: str, *, timing: StreamTiming, stopwatch: Stopwatch) -> Connection:
        """Connect. RateLimitError for HTTP 429, another `HtxError` by status, else ConnectionFailedError."""
        try:
            socket = await connect(
                url,
                compression=None,  # the venue compresses by itself; permessage-deflate would do it twice
                ping_interval=None,  # the venue's heartbeat is a message of its own
                open_timeout=timing.connect_within.total_seconds(),
                close_timeout=timing.close_within.total_seconds(),
                max_size=MAX_FRAME_BYTES,
            )
        except websockets.InvalidStatus as error:
            status = error.response.status_code
            refusal = status_class(status)
            kind = refusal if refusal is not HtxError else ConnectionFailedError
            raise kind(f"the upgrade was answered with HTTP {status}", http_status=status) from error
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            raise ConnectionFailedError(f"no connection to {url}: {error}") from error
        return cls(socket, timing=timing, stopwatch=stopwatch)

    async def send(self, message: Message) -> None:
        """Send one JSON message as text. ConnectionLostError if the connection has ended."""
        try:
            await self._socket.send(orjson.dumps(message).decode())
        except websockets.ConnectionClosed as closed:
            raise _lost(closed) from closed

    async def run(self, on_payload: Callable[[object], Message | None]) -> NoReturn:
        """Hand over each JSON message, and send what is returned for it, until the connection ends by an `HtxError`.

        ConnectionLostError if the venue closes or falls silent, MalformedReplyError for a frame that cannot be read:
        with one frame lost, nothing that builds on the others is certain.
        """
        tasks = [asyncio.create_task(self._read(on_payload)), asyncio.create_task(self._watch())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            raise AssertionError("a connection ends by an exception")
        finally:
            await cancel(*tasks)

    async def round_trip(self) -> None:
        """Wait for the answer to a ping of the WebSocket protocol. ConnectionLostError if the connection ends before it.

        What the venue had written before its answer has been received by then.
        """
        try:
            await asyncio.shield(await self._socket.ping())  # the future belongs to the socket, also after a cancellation
        except websockets.ConnectionClosed as closed:
            raise _lost(closed) from closed

    async def close(self) -> None:
        """Close the socket. Harmless to repeat. A cancellation cuts the wait for the venue short, not the closing."""
        try:
            await self._socket.close()
        except asyncio.CancelledError:
            self._socket.transport.abort()
            raise

    async def _read(self, on_payload: Callable[[object], Message | None]) -> NoReturn:
        while True:
            try:
                message = await self._socket.recv()
            except websockets.ConnectionClosed as closed:
                raise _lost(closed) from closed
            self._heard_at_ns = self._stopwatch.monotonic_ns()
            reply = on_payload(parse_json(inflate(message)))
            if reply is not None:
                await self.send(reply)

    async def _watch(self) -> NoReturn:
        """Give up once nothing at all, not even a ping of the venue, has been heard for `silent_for`."""
        while (left := self._timing.silent_for - self.quiet_for) > timedelta():
            await self._stopwatch.sleep(left)
        raise ConnectionLostError(f"nothing was heard for {self._timing.silent_for.total_seconds():g} s")

    @property
    def quiet_for(self) -> timedelta:
        """How long nothing has been heard."""
        return timedelta(microseconds=(self._stopwatch.monotonic_ns() - self._heard_at_ns) // _NS_PER_US)


def _lost(closed: websockets.ConnectionClosed) -> ConnectionLostError:
    if closed.rcvd is None:
        return ConnectionLostError("the connection broke")
    return ConnectionLostError(closed.rcvd.reason or "the venue closed the connection", code=closed.rcvd.code)
