"""One WebSocket connection: frames in, messages out, and the watch over silence.

Owns: the socket, inflation of frames, detection of silence.
Must not know: topics, logins, reconnection, what messages mean.
Source: HTX document, "Websocket Market Data - Heartbeat and Connection"; htx§5, htx§6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn, Self

from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.connection import AcknowledgedTiming, BaseConnection, errors_by_status, first_end, open_socket

from .error_codes import status_class
from .errors import ConnectionFailedError, ConnectionLostError, HtxError
from .fields import parse_json
from .frames import MAX_FRAME_BYTES, Message, inflate


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTiming(AcknowledgedTiming):
    """How long a stream waits for what.

    The venue pings every 5 s on the market sockets and every 20 s on the account socket, so `silent_for` should be some
    multiple of that. It answers one request for data per 100 ms and connection.
    """

    silent_for: timedelta = timedelta(seconds=15)
    request_spacing: timedelta = timedelta(milliseconds=100)


#: For the market sockets, and for the account socket with its slower heartbeat.
MARKET_TIMING = StreamTiming()
ACCOUNT_TIMING = StreamTiming(silent_for=timedelta(seconds=60))

_ERRORS = errors_by_status(class_of=status_class, family=HtxError, failed=ConnectionFailedError, lost=ConnectionLostError)


class Connection(BaseConnection[StreamTiming]):
    """An open connection. `run` reads it until it ends; `close` may be called at any time.

    The venue compresses frames by itself, and its heartbeat is a message of its own.
    """

    __slots__ = ()

    @classmethod
    async def open(cls, url: str, *, timing: StreamTiming, stopwatch: Stopwatch) -> Self:
        """Connect. RateLimitError for HTTP 429, another `HtxError` by status, else ConnectionFailedError."""
        socket = await open_socket(url, timing=timing, errors=_ERRORS, max_bytes=MAX_FRAME_BYTES)
        return cls(socket, timing=timing, stopwatch=stopwatch)

    async def run(self, on_payload: Callable[[object], Message | None]) -> NoReturn:
        """Hand over each JSON message, and send what is returned for it, until the connection ends by an `HtxError`.

        ConnectionLostError if the venue closes or falls silent, MalformedReplyError for a frame that cannot be read:
        with one frame lost, nothing that builds on the others is certain.
        """
        await first_end(self._read(on_payload), self._watch())

    async def _read(self, on_payload: Callable[[object], Message | None]) -> NoReturn:
        while True:
            reply = on_payload(parse_json(inflate(await self._receive())))
            if reply is not None:
                await self.send(reply)

    async def _watch(self) -> NoReturn:
        """Give up once nothing at all, not even a ping of the venue, has been heard for `silent_for`."""
        await self._silence(self._timing.silent_for)
        raise ConnectionLostError(f"nothing was heard for {self._timing.silent_for.total_seconds():g} s")
