"""The stream: a connection that renews itself.

Owns: login, subscriptions and their acknowledgements, requests for data, reconnection with growing delays, and the delivery of
typed events to iterators and callbacks.
Must not know: what readers do with events, how a kind of socket spells its messages (`frames.Dialect`).
Invariants: events are delivered in the order of the wire; after a reconnection, login comes before the subscriptions, and
every wanted topic is subscribed again.
Source: HTX document, "Websocket Market Data" and "Websocket Account and Order".
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn, assert_never

from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.stream import CLOSED, CONNECTION_ENDED, RenewedStream, StreamErrors

from . import channels as names
from .connection import Connection, StreamTiming
from .errors import ConnectionLostError, FeedOverflowError, HtxError, MalformedReplyError, RequestTimeoutError
from .events import (
    AnswerValue,
    ChannelRefused,
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    Push,
    StreamEvent,
    Subscribed,
)
from .fields import epoch_seconds
from .frames import Acknowledged, Answer, Data, Dialect, LoggedIn, Message, Ping, Refused
from .subscriptions import Acknowledgement, Subscriptions, settle
from .vocabulary import StreamOp

_NS_PER_US = 1_000

_ERRORS = StreamErrors(family=HtxError, lost=ConnectionLostError, overdue=RequestTimeoutError, overflow=FeedOverflowError)


class HtxStream(RenewedStream[StreamEvent, Connection]):
    """A lasting stream. Use it as an async context manager, or call `start` and `close`."""

    timing: StreamTiming

    def __init__(
        self, url: str, dialect: Dialect, *, timing: StreamTiming | None = None, stopwatch: Stopwatch | None = None
    ) -> None:
        """`dialect` is a `MarketDialect` for `/ws` and `/feed`, an `AccountDialect` for `/ws/v2`."""
        super().__init__(url, errors=_ERRORS, timing=timing or StreamTiming(), stopwatch=stopwatch)
        self._dialect = dialect
        self._subscriptions = Subscriptions()
        self._login: Acknowledgement | None = None
        self._request_turn = asyncio.Lock()
        self._next_request_ns: int | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """Topics that are subscribed, or will be on the next connection."""
        return self._subscriptions.wanted

    # --- requests ---

    async def subscribe(self, *channels: str) -> None:
        """Subscribe and wait for every acknowledgement.

        Raises the venue's error for the first topic refused; the others stand. RequestTimeoutError if an answer is
        missing: that topic is given up. While disconnected, the request waits for the next connection.
        ConnectionLostError if the stream is closed.
        """
        self._must_be_open()
        answers = self._subscriptions.want(channels)
        await self._send_each(StreamOp.SUBSCRIBE, channels)
        await self._await_subscribed(channels, answers)

    async def unsubscribe(self, *channels: str) -> None:
        """End subscriptions and wait for every acknowledgement. RequestTimeoutError if an answer is missing."""
        self._subscriptions.give_up(channels)
        if self._connection is None:
            return
        answers = self._subscriptions.expect_end(channels)
        await self._send_each(StreamOp.UNSUBSCRIBE, channels)
        await self._in_time(answers, "unsubscribe")

    async def request(self, channel: str, *, start: datetime | None = None, end: datetime | None = None) -> AnswerValue:
        """Ask a market socket for the present data of a topic; `start` and `end` bound candles.

        Requests wait for their turn: the venue answers one per 100 ms. Raises the venue's error for a refusal,
        ConnectionLostError if there is no connection or it ends, RequestTimeoutError if no answer comes, ValueError for a naive
        datetime and on the account socket.
        """
        bounds: dict[str, int] = {}
        if start is not None:
            bounds["from"] = epoch_seconds(start)
        if end is not None:
            bounds["to"] = epoch_seconds(end)
        async with self._request_turn:
            await self._wait_for_turn()
            connection = self._must_be_connected()
            request_id, answer = self._subscriptions.expect_answer()
            try:
                await connection.send(self._dialect.request(channel, request_id, bounds))
            except BaseException:
                self._subscriptions.abandon(request_id)
                raise
        try:
            await self._in_time([answer], f"request of {channel}")
        finally:
            self._subscriptions.abandon(request_id)
        return answer.result()

    async def _wait_for_turn(self) -> None:
        now_ns = self.stopwatch.monotonic_ns()
        if self._next_request_ns is not None and now_ns < self._next_request_ns:
            await self.stopwatch.await_turn(timedelta(microseconds=-(-(self._next_request_ns - now_ns) // _NS_PER_US)))
        spacing_ns = self.timing.request_spacing // timedelta(microseconds=1) * _NS_PER_US
        self._next_request_ns = self.stopwatch.monotonic_ns() + spacing_ns

    async def _await_subscribed(self, channels: Sequence[str], answers: Sequence[Acknowledgement]) -> None:
        try:
            await self._in_time(answers, "subscribe")
        except RequestTimeoutError:
            pairs = zip(channels, answers, strict=True)
            self._subscriptions.give_up(channel for channel, answer in pairs if not answer.done())
            raise

    async def _send_each(self, op: StreamOp, channels: Iterable[str]) -> None:
        """One message for each topic: how the venue answers a list of them is not documented for every socket."""
        connection = self._connection
        if connection is None:
            return  # subscriptions are sent when a connection opens
        try:
            for channel in channels:
                await connection.send(self._dialect.subscription(op, channel, self._subscriptions.new_id(op, channel)))
        except ConnectionLostError:
            return  # the reader notices too, and the next connection renews

    # --- the connection and its successors ---

    async def _connect(self) -> Connection:
        return await Connection.open(self._url, timing=self.timing, stopwatch=self.stopwatch)

    def _run(self, connection: Connection) -> Coroutine[Any, Any, NoReturn]:
        return connection.run(self._on_payload)

    async def _log_in(self, connection: Connection) -> None:
        login = self._dialect.login()
        if login is not None:
            self._login = asyncio.get_running_loop().create_future()
            await connection.send(login)
            await self._in_time([self._login], "login")

    async def _renew(self) -> None:
        await self._send_each(StreamOp.SUBSCRIBE, self._subscriptions.renew())

    def _forget_connection(self) -> None:
        self._login = None
        self._subscriptions.connection_lost(ConnectionLostError(CONNECTION_ENDED))

    def _is_push_of(self, channel: str, event: StreamEvent) -> bool:
        return isinstance(event, Push) and names.same(event.channel, channel)

    def _on_connected(self, reconnections: int) -> None:
        self._readers.emit(Connected(reconnections=reconnections))

    def _on_lost(self, error: Exception) -> None:
        assert isinstance(error, HtxError)
        self._readers.emit(Disconnected(error=error))

    def _on_end(self, reason: Exception) -> None:
        self._subscriptions.fail_all(ConnectionLostError(CLOSED))
        self._readers.emit(Closed())
        self._readers.end(reason)

    # --- frames ---

    def _on_payload(self, payload: object) -> Message | None:
        """Take in one message. Returns what must be sent for it at once."""
        try:
            frame = self._dialect.decode(payload)
        except MalformedReplyError as error:
            self._readers.emit(ErrorReported(error=error))
            return None
        match frame:
            case Ping():
                return self._dialect.pong(frame)
            case Data():
                self._on_data(frame)
            case Acknowledged():
                for channel in self._subscriptions.acknowledge(frame.op, frame.channel):
                    if frame.op is StreamOp.SUBSCRIBE:
                        self._readers.emit(Subscribed(channel=channel))
            case LoggedIn():
                if self._login is not None:
                    settle(self._login, frame.error)
            case Answer():
                self._on_answer(frame)
            case Refused():
                self._on_refusal(frame)
            case _:
                assert_never(frame)
        return None

    def _on_data(self, data: Data) -> None:
        try:
            event: StreamEvent = Push(channel=data.channel, value=self._dialect.decode_push(data))
        except MalformedReplyError as error:
            event = ErrorReported(error=error)
        self._readers.emit(event)

    def _on_answer(self, answer: Answer) -> None:
        value: AnswerValue | HtxError
        try:
            value = self._dialect.decode_answer(answer)
        except MalformedReplyError as error:
            value = error
        # One that nobody waits for came too late: it has been reported as missing already.
        self._subscriptions.answer(answer.request_id, value)

    def _on_refusal(self, refusal: Refused) -> None:
        if self._login is not None and not self._login.done():
            settle(self._login, refusal.error)
            return
        refused = self._subscriptions.refuse(
            refusal.error, request_id=refusal.request_id, op=refusal.op, channel=refusal.channel
        )
        if refused is None:
            self._readers.emit(ErrorReported(error=refusal.error))
            return
        for op, channel in refused:
            if op is StreamOp.SUBSCRIBE:
                self._readers.emit(ChannelRefused(channel=channel, error=refusal.error))
