"""One WebSocket connection: frames in, requests out, and the heartbeat.

Owns: the socket, inflation of frames, detection of silence.
Must not know: channels, logins, reconnection.
Source: OKCoin Japan v3 document, "Connection".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn, Self

from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.connection import AcknowledgedTiming, BaseConnection, errors_by_status, first_end, open_socket
from mockex.clients.shared.socket import Socket

from .error_codes import error_class
from .errors import ConnectionFailedError, ConnectionLostError, OkcoinError
from .events import MAX_FRAME_BYTES, PONG, inflate
from .fields import parse_json
from .vocabulary import StreamOp

_PING = "ping"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTiming(AcknowledgedTiming):
    """How long a stream waits for what.

    The venue closes a connection that carries nothing for 30 s, so `heartbeat_after` must stay below that. It allows
    one connection per second, so `first_retry` should not be shorter.
    """

    heartbeat_after: timedelta = timedelta(seconds=15)
    pong_within: timedelta = timedelta(seconds=10)


_ERRORS = errors_by_status(
    class_of=lambda status: error_class(None, status),
    family=OkcoinError,
    failed=ConnectionFailedError,
    lost=ConnectionLostError,
)


class Connection(BaseConnection[StreamTiming]):
    """An open connection. `run` reads it until it ends; `close` may be called at any time.

    The venue deflates frames by itself. Its heartbeat is a text message: answers to pings of the WebSocket protocol say
    nothing about it.
    """

    __slots__ = ("_heard",)

    def __init__(self, socket: Socket, *, timing: StreamTiming, stopwatch: Stopwatch) -> None:
        super().__init__(socket, timing=timing, stopwatch=stopwatch)
        self._heard = 0  # frames so far

    @classmethod
    async def open(cls, url: str, *, timing: StreamTiming, stopwatch: Stopwatch) -> Self:
        """Connect. RateLimitError for HTTP 429, another `OkcoinError` by status, else ConnectionFailedError."""
        socket = await open_socket(url, timing=timing, errors=_ERRORS, max_bytes=MAX_FRAME_BYTES)
        return cls(socket, timing=timing, stopwatch=stopwatch)

    async def request(self, op: StreamOp, args: Sequence[str]) -> None:
        """Send one request. ConnectionLostError if the connection has ended."""
        await self.send({"op": op, "args": args})

    async def run(self, on_payload: Callable[[object], None]) -> NoReturn:
        """Hand over each JSON message until the connection ends, which is always an `OkcoinError`.

        ConnectionLostError if the venue closes or falls silent, MalformedReplyError for a frame that cannot be read:
        with one frame lost, nothing that builds on the others is certain.
        """
        await first_end(self._read(on_payload), self._beat())

    async def _read(self, on_payload: Callable[[object], None]) -> NoReturn:
        while True:
            text = inflate(await self._receive())
            self._heard += 1
            if text != PONG:
                on_payload(parse_json(text))

    async def _beat(self) -> NoReturn:
        """Ask with a text `ping` after silence, and give up if nothing at all comes back in time.

        Any frame counts as a sign of life, not only `pong`: both show that the line works. Whoever waits for longer than a
        silence lasts asks again meanwhile, because the venue ends a connection on which nothing is asked.
        """
        while True:
            await self._silence(self._timing.heartbeat_after)
            heard_before, patience = self._heard, self._timing.pong_within
            while self._heard == heard_before:
                if patience <= timedelta():
                    raise ConnectionLostError("no answer to the heartbeat")
                await self._socket.send(_PING)
                span = min(patience, self._timing.heartbeat_after)
                await self._stopwatch.sleep(span)
                patience -= span
