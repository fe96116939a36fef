"""One WebSocket connection: frames in, requests out, and the heartbeat.

Owns: the socket, inflation of frames, detection of silence.
Must not know: channels, logins, reconnection.
Source: OKCoin Japan v3 document, "Connection".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

import orjson
import websockets
from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.tasks import cancel
from websockets.asyncio.client import ClientConnection, connect

from .error_codes import error_class
from .errors import ConnectionFailedError, ConnectionLostError, OkcoinError
from .events import MAX_FRAME_BYTES, PONG, inflate
from .fields import parse_json
from .vocabulary import StreamOp

_PING = "ping"
_NS_PER_US = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTiming:
    """How long a stream waits for what.

    The venue closes a connection that carries nothing for 30 s, so `heartbeat_after` must stay below that. It allows
    one connection per second, so `first_retry` should not be shorter.
    """

    connect_within: timedelta = timedelta(seconds=10)
    acknowledge_within: timedelta = timedelta(seconds=10)
    heartbeat_after: timedelta = timedelta(seconds=15)
    pong_within: timedelta = timedelta(seconds=10)
    first_retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(seconds=60)
    close_within: timedelta = timedelta(seconds=1)

    def retry_delay(self, failures: int) -> timedelta:
        """Wait before the next attempt, after so many failures in a row: doubles each time, up to the longest."""
        doublings = min(failures, 32)  # far beyond any sensible longest delay, and no overflow
        return min(self.first_retry * (1 << doublings), self.longest_retry)


class Connection:
    """An open connection. `run` reads it until it ends; `close` may be called at any time."""

    __slots__ = ("_heard", "_heard_at_ns", "_socket", "_stopwatch", "_timing")

    def __init__(self, socket: ClientConnection, *, timing: StreamTiming, stopwatch: Stopwatch) -> None:
        self._socket = socket
        self._timing = timing
        self._stopwatch = stopwatch
        self._heard = 0  # frames so far
        self._heard_at_ns = stopwatch.monotonic_ns()

    @classmethod
    async def open(cls, url: str, *, timing: StreamTiming, stopwatch: Stopwatch) -> Connection:
        """Connect. RateLimitError for HTTP 429, another `OkcoinError` by status, else ConnectionFailedError."""
        try:
            socket = await connect(
                url,
                compression=None,  # the venue deflates by itself; permessage-deflate would do it twice
                ping_interval=None,  # its heartbeat is a text message, see `_beat`
                open_timeout=timing.connect_within.total_seconds(),
                close_timeout=timing.close_within.total_seconds(),
                max_size=MAX_FRAME_BYTES,
            )
        except websockets.InvalidStatus as error:
            status = error.response.status_code
            refusal = error_class(None, status)
            kind = refusal if refusal is not OkcoinError else ConnectionFailedError
            raise kind(f"the upgrade was answered with HTTP {status}", http_status=status) from error
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            raise ConnectionFailedError(f"no connection to {url}: {error}") from error
        return cls(socket, timing=timing, stopwatch=stopwatch)

    async def request(self, op: StreamOp, args: Sequence[str]) -> None:
        """Send one request. ConnectionLostError if the connection has ended."""
        await self._send(orjson.dumps({"op": op, "args": args}).decode())

    async def run(self, on_payload: Callable[[object], None]) -> NoReturn:
        """Hand over each JSON message until the connection ends, which is always an `OkcoinError`.

        ConnectionLostError if the venue closes or falls silent, MalformedReplyError for a frame that cannot be read:
        with one frame lost, nothing that builds on the others is certain.
        """
        tasks = [asyncio.create_task(self._read(on_payload)), asyncio.create_task(self._beat())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            raise AssertionError("a connection ends by an exception")
        finally:
            await cancel(*tasks)

    async def round_trip(self) -> None:
        """Wait for the answer to a ping of the WebSocket protocol. ConnectionLostError if the connection ends before it.

        What the venue had written before its answer has been received by then. It says nothing about the heartbeat, which is
        the venue's own.
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

    async def _read(self, on_payload: Callable[[object], None]) -> NoReturn:
        while True:
            try:
                message = await self._socket.recv()
            except websockets.ConnectionClosed as closed:
                raise _lost(closed) from closed
            self._heard += 1
            self._heard_at_ns = self._stopwatch.monotonic_ns()
            text = inflate(message)
            if text != PONG:
                on_payload(parse_json(text))

    async def _beat(self) -> NoReturn:
        """Ask with a text `ping` after silence, and give up if nothing at all comes back in time.

        Any frame counts as a sign of life, not only `pong`: both show that the line works. Whoever waits for longer than a
        silence lasts asks again meanwhile, because the venue ends a connection on which nothing is asked.
        """
        while True:
            await self._silence()
            heard_before, patience = self._heard, self._timing.pong_within
            while self._heard == heard_before:
                if patience <= timedelta():
                    raise ConnectionLostError("no answer to the heartbeat")
                await self._send(_PING)
                span = min(patience, self._timing.heartbeat_after)
                await self._stopwatch.sleep(span)
                patience -= span

    async def _silence(self) -> None:
        """Return once nothing has been heard for `heartbeat_after`."""
        while (left := self._timing.heartbeat_after - self.quiet_for) > timedelta():
            await self._stopwatch.sleep(left)

    @property
    def quiet_for(self) -> timedelta:
        """How long nothing has been heard."""
        return timedelta(microseconds=(self._stopwatch.monotonic_ns() - self._heard_at_ns) // _NS_PER_US)

    async def _send(self, text: str) -> None:
        try:
            await self._socket.send(text)
        except websockets.ConnectionClosed as closed:
            raise _lost(closed) from closed


def _lost(closed: websockets.ConnectionClosed) -> ConnectionLostError:
    if closed.rcvd is None:
        return ConnectionLostError("the connection broke")
    return ConnectionLostError(closed.rcvd.reason or "the venue closed the connection", code=closed.rcvd.code)
