"""The stream: a connection that renews itself.

Owns: login, subscriptions and their acknowledgements, reconnection with growing delays, and the delivery of typed events
to iterators and callbacks.
Must not know: what readers do with events.
Invariants: events are delivered in the order of the wire; after a reconnection, login comes before the subscriptions, and
every wanted channel is subscribed again.
Source: OKCoin Japan v3 document, "WebSocket".
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, NoReturn, assert_never

from mockex.clients.shared.clock import ServerClock, Stopwatch
from mockex.clients.shared.stream import CLOSED, RenewedStream, StreamErrors

from . import channels as names
from .connection import Connection, StreamTiming
from .errors import (
    AuthenticationError,
    ConnectionLostError,
    FeedOverflowError,
    MalformedReplyError,
    OkcoinError,
    RequestTimeoutError,
)
from .events import (
    Acknowledged,
    ChannelRefused,
    Closed,
    Connected,
    Data,
    Disconnected,
    ErrorReported,
    LoggedIn,
    Push,
    Refused,
    StreamEvent,
    decode_frame,
    decode_push,
)
from .signing import Credentials, login_args
from .subscriptions import Answer, Subscriptions, settle
from .vocabulary import StreamOp

_ERRORS = StreamErrors(family=OkcoinError, lost=ConnectionLostError, overdue=RequestTimeoutError, overflow=FeedOverflowError)


class OkcoinStream(RenewedStream[StreamEvent, Connection]):
    """A lasting stream. Use it as an async context manager, or call `start` and `close`."""

    timing: StreamTiming

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials | None = None,
        clock: ServerClock | None = None,
        timing: StreamTiming | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        """With `credentials` every connection logs in before it subscribes."""
        super().__init__(url, errors=_ERRORS, timing=timing or StreamTiming(), stopwatch=stopwatch)
        self._credentials = credentials
        self._clock = clock or ServerClock()
        self._subscriptions = Subscriptions()
        self._login: Answer | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels that are subscribed, or will be on the next connection."""
        return self._subscriptions.wanted

    # --- requests ---

    async def subscribe(self, *channels: str) -> None:
        """Subscribe and wait for every acknowledgement.

        Raises the venue's error for the first channel refused; the others stand. RequestTimeoutError if an answer is
        missing: that channel is given up. While disconnected, the request waits for the next connection.
        ConnectionLostError if the stream is closed.
        """
        self._must_be_open()
        answers = self._subscriptions.want(channels)
        await self._send(StreamOp.SUBSCRIBE, channels)
        await self._await_subscribed(channels, answers)

    async def unsubscribe(self, *channels: str) -> None:
        """End subscriptions and wait for every acknowledgement. RequestTimeoutError if an answer is missing."""
        self._subscriptions.give_up(channels)
        await self._end_subscriptions(channels)

    async def resubscribe(self, *channels: str) -> None:
        """End subscriptions and start them again, for a fresh first message. The channels stay wanted throughout."""
        await self._end_subscriptions(channels)
        await self.subscribe(*channels)

    async def _end_subscriptions(self, channels: Sequence[str]) -> None:
        if self._connection is None:
            return
        answers = self._subscriptions.expect_end(channels)
        await self._send(StreamOp.UNSUBSCRIBE, channels)
        await self._in_time(answers, "unsubscribe")

    async def _await_subscribed(self, channels: Sequence[str], answers: Sequence[Answer]) -> None:
        try:
            await self._in_time(answers, "subscribe")
        except RequestTimeoutError:
            pairs = zip(channels, answers, strict=True)
            self._subscriptions.give_up(channel for channel, answer in pairs if not answer.done())
            raise

    async def _send(self, op: StreamOp, channels: Iterable[str]) -> None:
        connection = self._connection
        if connection is None:
            return  # subscriptions are sent when a connection opens
        try:
            for batch in names.requests(channels):
                await connection.request(op, batch)
        except ConnectionLostError:
            return  # the reader notices too, and the next connection renews

    # --- the connection and its successors ---

    async def _connect(self) -> Connection:
        return await Connection.open(self._url, timing=self.timing, stopwatch=self.stopwatch)

    def _run(self, connection: Connection) -> Coroutine[Any, Any, NoReturn]:
        return connection.run(self._on_payload)

    async def _log_in(self, connection: Connection) -> None:
        if self._credentials is not None:
            self._login = asyncio.get_running_loop().create_future()
            await connection.request(StreamOp.LOGIN, login_args(self._credentials, at_ns=self._clock.now_ns()))
            await self._in_time([self._login], "login")

    async def _renew(self) -> None:
        await self._send(StreamOp.SUBSCRIBE, self._subscriptions.renew())

    def _forget_connection(self) -> None:
        self._login = None
        self._subscriptions.connection_lost()

    def _is_push_of(self, channel: str, event: StreamEvent) -> bool:
        return isinstance(event, Push) and names.same(event.channel, channel)

    def _on_connected(self, reconnections: int) -> None:
        self._readers.emit(Connected(reconnections=reconnections))

    def _on_lost(self, error: Exception) -> None:
        assert isinstance(error, OkcoinError)
        self._readers.emit(Disconnected(error=error))

    def _on_end(self, reason: Exception) -> None:
        self._subscriptions.fail_all(ConnectionLostError(CLOSED))
        self._readers.emit(Closed())
        self._readers.end(reason)

    # --- frames ---

    def _on_payload(self, payload: object) -> None:
        try:
            frame = decode_frame(payload)
        except MalformedReplyError as error:
            self._readers.emit(ErrorReported(error=error))
            return
        match frame:
            case Data():
                self._on_data(frame)
            case Acknowledged():
                self._subscriptions.acknowledge(frame.op, frame.channel)
            case LoggedIn():
                self._on_login(None if frame.success else AuthenticationError("login refused"))
            case Refused():
                self._on_refusal(frame.error)
            case _:
                assert_never(frame)

    def _on_data(self, data: Data) -> None:
        for row in data.rows:
            try:
                event: StreamEvent = decode_push(data, row)
            except MalformedReplyError as error:
                event = ErrorReported(error=error)
            self._readers.emit(event)

    def _on_login(self, error: OkcoinError | None) -> None:
        if self._login is not None:
            settle(self._login, error)

    def _on_refusal(self, error: OkcoinError) -> None:
        if self._login is not None and not self._login.done():
            self._on_login(error)
            return
        refused = self._subscriptions.refuse(error)
        for channel in refused:
            self._readers.emit(ChannelRefused(channel=channel, error=error))
        if not refused:
            self._readers.emit(ErrorReported(error=error))
