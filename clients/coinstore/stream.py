"""The stream: a connection that renews itself.

Owns: login, subscriptions and their acknowledgements, requests for candles, and the delivery of typed events.
Must not know: what readers do with events, how sessions follow each other (`shared.lifeline`).
Invariants: events are delivered in the order of the wire; after a reconnection, login comes before the subscriptions, and
every wanted channel is subscribed again.
Source: Coinstore document, "Websocket"; cs§9.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any, NoReturn, assert_never

from mockex.clients.shared.clock import NS_PER_MS, ServerClock, Stopwatch
from mockex.clients.shared.fields import epoch_seconds
from mockex.clients.shared.stream import CLOSED, CONNECTION_ENDED, RenewedStream, StreamErrors
from mockex.clients.shared.tasks import fail

from . import channels as names
from . import frames
from .commands import Command, Commands
from .connection import Connection, StreamTiming
from .errors import (
    CoinstoreError,
    ConnectionLostError,
    ConnectionRenewedError,
    FeedOverflowError,
    MalformedReplyError,
    RequestTimeoutError,
)
from .events import (
    ChannelRefused,
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    FramesLost,
    Push,
    StreamEvent,
    Subscribed,
    decode_push,
)
from .fields import Row
from .market_models import Candles, decode_candles
from .signing import Credentials
from .vocabulary import Interval, StreamOp

#: What one request for candles may bring (cs§9.4).
MOST_CANDLES = 200

_ERRORS = StreamErrors(
    family=CoinstoreError,
    lost=ConnectionLostError,
    overdue=RequestTimeoutError,
    overflow=FeedOverflowError,
    planned=ConnectionRenewedError,
)


class CoinstoreStream(RenewedStream[StreamEvent, Connection]):
    """A lasting stream. Use it as an async context manager, or call `start` and `close`."""

    timing: StreamTiming

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials | None = None,
        login_channels: Sequence[str] = (),
        clock: ServerClock | None = None,
        timing: StreamTiming | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        """With `credentials` every connection logs in before it subscribes; the login itself may name private channels."""
        super().__init__(url, errors=_ERRORS, timing=timing or StreamTiming(), stopwatch=stopwatch)
        self._credentials = credentials
        self._login_channels = tuple(login_channels)
        self._clock = clock or ServerClock()
        self._commands = Commands()
        self._counter = frames.FrameCounter()
        self._wanted: dict[str, int | None] = {}  # channels with the size of their history
        self._acknowledgements: dict[str, asyncio.Future[None]] = {}
        self._established: asyncio.Future[str] | None = None  # once there is a connection, its greeting

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels that are subscribed, or will be on the next connection."""
        return tuple(self._wanted)

    # --- requests ---

    async def subscribe(self, *channels: str, size: int | None = None) -> None:
        """Subscribe, one command for each channel, and wait for every acknowledgement. `size` is of the history of trades.

        Raises the venue's error for the first channel refused; the others stand. RequestTimeoutError if an answer is missing:
        that channel is given up. While disconnected, the request waits for the next connection. ConnectionLostError if the
        stream is closed.
        """
        self._must_be_open()
        answers = []
        for channel in channels:
            self._wanted[channel] = size
            answers.append(self._acknowledgement(channel))
        for channel in channels:
            await self._send_subscription(channel)
        try:
            await self._in_time(answers, "subscribe")
        except RequestTimeoutError:
            for channel, answer in zip(channels, answers, strict=True):
                if not answer.done():
                    self._wanted.pop(channel, None)
                    self._acknowledgements.pop(channel, None)
                    self._commands.abandon_subscription(channel)
            raise

    async def unsubscribe(self, *channels: str) -> None:
        """End subscriptions and wait for every acknowledgement. RequestTimeoutError if an answer is missing."""
        sent = []
        for channel in channels:
            self._wanted.pop(channel, None)
            self._acknowledgements.pop(channel, None)
            if self._connection is not None:
                command = self._commands.issue(StreamOp.UNSUBSCRIBE, channel)
                sent.append(command)
                await self._send(frames.unsubscribe(channel, command_id=self._commands.id_of(command)))
        await self._answers(sent, "unsubscribe")

    async def subscriptions(self) -> tuple[frames.Subscription, ...]:
        """What the venue sends to this connection, by its own account. ConnectionLostError if there is none."""
        command = self._issue(StreamOp.LIST)
        await self._send(frames.list_subscriptions(command_id=self._commands.id_of(command)))
        await self._answers([command], "list")
        outcome = command.answer.result()
        if not isinstance(outcome, tuple):
            raise MalformedReplyError("a list of subscriptions was answered without one")
        return outcome

    async def candles(
        self, pair: names.Pair, interval: Interval, *, end: datetime | None = None, limit: int = MOST_CANDLES
    ) -> Candles:
        """The newest candles, or those that begin before `end`. ValueError for a naive datetime.

        ConnectionLostError if there is no connection or it ends, RequestTimeoutError if no answer comes.
        """
        channel = names.candles(pair, interval)
        end_s = None if end is None else epoch_seconds(end)
        command = self._issue(StreamOp.REQUEST, channel)
        command_id = self._commands.id_of(command)
        await self._send(frames.request_candles(channel, command_id=command_id, end_s=end_s, limit=limit))
        await self._answers([command], "request")
        outcome = command.answer.result()
        if not isinstance(outcome, Candles):
            raise MalformedReplyError("a request for candles was answered without them")
        return outcome

    def _issue(self, op: StreamOp, channel: str | None = None) -> Command:
        self._must_be_open()
        self._must_be_connected()
        return self._commands.issue(op, channel)

    def _acknowledgement(self, channel: str) -> asyncio.Future[None]:
        if channel not in self._acknowledgements:
            self._acknowledgements[channel] = asyncio.get_running_loop().create_future()
        return self._acknowledgements[channel]

    async def _send_subscription(self, channel: str) -> None:
        if self._connection is None or channel not in self._wanted:
            return  # subscriptions are sent when a connection opens
        command = self._commands.issue(StreamOp.SUBSCRIBE, channel)
        message = frames.subscribe(channel, command_id=self._commands.id_of(command), size=self._wanted[channel])
        await self._send(message)

    async def _send(self, message: frames.Message) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            await connection.send(message)
        except ConnectionLostError:
            return  # the reader notices too, and tells all who wait

    async def _answers(self, commands: Sequence[Command], what: str) -> None:
        try:
            await self._in_time([command.answer for command in commands], what)
        finally:
            for command in commands:
                self._commands.abandon(command)

    # --- the connection and its successors ---

    async def _connect(self) -> Connection:
        connection = await Connection.open(self._url, timing=self.timing, stopwatch=self.stopwatch, clock=self._clock)
        self._counter = frames.FrameCounter()
        self._established = asyncio.get_running_loop().create_future()
        return connection

    def _run(self, connection: Connection) -> Coroutine[Any, Any, NoReturn]:
        return connection.run(self._on_message)

    async def _log_in(self, connection: Connection) -> None:
        """The venue greets first."""
        assert self._established is not None, "set with the connection"
        await self._in_time([self._established], "connection")
        if self._credentials is not None:
            command = self._commands.issue(StreamOp.LOGIN)
            at_ms = self._clock.now_ns() // NS_PER_MS
            await connection.send(frames.login(self._credentials, channels=self._login_channels, at_ms=at_ms))
            await self._answers([command], "login")

    async def _renew(self) -> None:
        for channel in tuple(self._wanted):
            await self._send_subscription(channel)

    def _forget_connection(self) -> None:
        self._established = None
        for command in self._commands.connection_lost():
            if command.op is StreamOp.UNSUBSCRIBE and not command.answer.done():
                command.answer.set_result(None)  # the next connection will not have the channel
            else:
                fail(command.answer, ConnectionLostError(CONNECTION_ENDED))

    def _is_push_of(self, channel: str, event: StreamEvent) -> bool:
        return isinstance(event, Push) and names.same(event.channel, channel)

    def _on_connected(self, reconnections: int) -> None:
        assert self._established is not None, "the venue has greeted"
        self._readers.emit(Connected(reconnections=reconnections, sid=self._established.result()))

    def _on_lost(self, error: Exception) -> None:
        assert isinstance(error, CoinstoreError)
        self._readers.emit(Disconnected(error=error))

    def _on_end(self, reason: Exception) -> None:
        for answer in self._acknowledgements.values():
            fail(answer, ConnectionLostError(CLOSED))
        self._acknowledgements.clear()
        self._readers.emit(Closed())
        self._readers.end(reason)

    # --- frames ---

    def _on_message(self, row: Row) -> None:
        try:
            gap = self._counter.take(row)
            if gap is not None:
                self._commands.frames_lost()
                self._readers.emit(FramesLost(first=gap[0], last=gap[1]))
            self._on_frame(frames.decode_frame(row))
        except MalformedReplyError as error:
            self._readers.emit(ErrorReported(error=error))

    def _on_frame(self, frame: frames.Frame) -> None:
        match frame:
            case frames.Established():
                if self._established is not None and not self._established.done():
                    self._established.set_result(frame.sid)
            case frames.Echo():
                self._commands.echo(frame.op, frame.command_id)
            case frames.Answer():
                self._on_answer(frame)
            case frames.Data(type="kline") if frame.row.has("item"):
                self._on_candles(frame.row)
            case frames.Data():
                self._readers.emit(decode_push(frame.type, frame.row))
            case _:
                assert_never(frame)

    def _on_answer(self, answer: frames.Answer) -> None:
        command = self._commands.take(answer.op)
        if command is None:
            # A success that nobody waits for came too late: it has been reported as missing already.
            if answer.error is not None:
                self._readers.emit(ErrorReported(error=answer.error))
            return
        if answer.error is not None:
            fail(command.answer, answer.error)
        elif not command.answer.done():
            command.answer.set_result(answer.subscriptions)
        if command.op is StreamOp.SUBSCRIBE and command.channel is not None:
            self._on_subscribed(command.channel, answer.error)

    def _on_subscribed(self, channel: str, error: CoinstoreError | None) -> None:
        acknowledgement = self._acknowledgements.pop(channel, None)
        if error is not None:
            self._wanted.pop(channel, None)
            if acknowledgement is not None:
                fail(acknowledgement, error)
            self._readers.emit(ChannelRefused(channel=channel, error=error))
            return
        if acknowledgement is not None and not acknowledgement.done():
            acknowledgement.set_result(None)
        self._readers.emit(Subscribed(channel=channel))

    def _on_candles(self, row: Row) -> None:
        command = self._commands.take_request(row.text("channel"))
        if command is None or command.answer.done():
            return  # it came too late, and has been reported as missing
        try:
            command.answer.set_result(decode_candles(row))
        except MalformedReplyError as error:
            fail(command.answer, error)
