"""A stream, of market data or of the user: a connection that renews itself.

Owns: both logins, subscriptions and their acknowledgements, and the delivery of typed events.
Must not know: what readers do with events, how sessions follow each other (`shared.lifeline`).
Invariants: events are delivered in the order of the wire; after a reconnection, login comes before the subscriptions, and
every wanted stream is subscribed again.
Source: KTX document, "Market Data Streams" and "User Data Streams"; ktx§8, ktx§9.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from types import TracebackType
from typing import NoReturn, Self, assert_never
from urllib.parse import urlsplit

from mockex.clients.shared.clock import NS_PER_MS, ServerClock, Stopwatch
from mockex.clients.shared.feed import Broadcast, EventFeed
from mockex.clients.shared.fields import MS
from mockex.clients.shared.lifeline import Lifeline
from mockex.clients.shared.tasks import cancel, fail, within

from . import frames
from .connection import Connection, StreamTiming
from .errors import ConnectionLostError, FeedOverflowError, KtxError, MalformedReplyError, RequestTimeoutError
from .events import (
    ChannelRefused,
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    Push,
    StreamEvent,
    Subscribed,
    decode_push,
)
from .fields import Row
from .rest import DEFAULT_EXPIRY
from .signing import Credentials, signed_headers
from .vocabulary import Profile, StreamMethod

DEFAULT_FEED_LIMIT = 10_000

_CLOSED = "the stream is closed"

Listener = Callable[[StreamEvent], None]


class LoginWay(Enum):
    """The two documented ways into a user stream: a LOGIN, or the headers of a private request on the upgrade (ktx§9).

    Nothing answers the headers: if they are wrong, the upgrade has another HTTP status, or the connection ends early.
    """

    MESSAGE = auto()
    HEADERS = auto()


@dataclass(eq=False, slots=True, kw_only=True)
class _Command:
    """One command, until it is answered. A login has no id and no channel."""

    method: StreamMethod
    id: int | None
    channel: str | None
    answer: asyncio.Future[None] = field(repr=False)


class KtxStream:
    """A lasting stream. Use it as an async context manager, or call `start` and `close`.

    With credentials it is the user's, whose three streams flow by themselves after the login: there is nothing to subscribe.
    """

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials | None = None,
        login: LoginWay = LoginWay.MESSAGE,
        profile: Profile = Profile.GEN1,
        clock: ServerClock | None = None,
        timing: StreamTiming | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        self._url = url
        self._credentials = credentials
        self._login = login
        self._profile = profile
        self._clock = clock or ServerClock()
        self.timing = timing or StreamTiming()
        self.stopwatch = stopwatch or Stopwatch()
        self._readers: Broadcast[StreamEvent] = Broadcast(overflow=FeedOverflowError)
        self._ids = itertools.count(1)
        self._unanswered: list[_Command] = []  # in the order sent
        self._wanted: dict[str, asyncio.Future[None]] = {}  # streams, with what their subscribers wait for
        self._connection: Connection | None = None
        self._opening: Connection | None = None  # the same one, from before its login on
        self._connections = 0
        self._lifeline = Lifeline(
            self._session,
            expected=KtxError,
            planned=(),
            on_lost=self._on_lost,
            on_end=self._on_end,
            timing=self.timing,
            stopwatch=self.stopwatch,
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- life ---

    async def start(self) -> None:
        """Connect and log in. The first attempt is the only one: its `KtxError` is raised, and the stream is closed.

        Later failures are reported as `Disconnected` events and followed by further attempts, without end.
        """
        await self._lifeline.start()

    async def close(self) -> None:
        """Disconnect and end all feeds. Harmless to repeat."""
        await self._lifeline.close()

    @property
    def connected(self) -> bool:
        """True while there is a connection that is logged in, if it has to be."""
        return self._connection is not None

    @property
    def in_transition(self) -> bool:
        """True while a connection is being made or taken down: neither connected, nor waiting to try again, nor closed."""
        return self._lifeline.started and not (self.closed or self.connected or self._lifeline.waits_to_retry)

    @property
    def quiet_for(self) -> timedelta:
        """How long nothing has been heard on the present connection; zero without one."""
        return timedelta() if self._connection is None else self._connection.quiet_for

    @property
    def closed(self) -> bool:
        """True once the stream has ended for good."""
        return self._lifeline.closed

    @property
    def channels(self) -> tuple[str, ...]:
        """Streams that are subscribed, or will be on the next connection."""
        return tuple(self._wanted)

    # --- readers ---

    def events(self, *, limit: int = DEFAULT_FEED_LIMIT) -> EventFeed[StreamEvent]:
        """A new iterator over all events from now on. A reader more than `limit` events behind gets a FeedOverflowError."""
        return self._readers.feed(limit)

    def listen(self, listener: Listener, *, channel: str | None = None) -> Callable[[], None]:
        """Call `listener` for every event, or for the pushes of one stream. Returns the function that ends it.

        Listeners run inside the reading of the socket: they must be quick. What they raise goes to the loop's exception
        handler and stops neither the stream nor other listeners.
        """

        def only_channel(event: StreamEvent) -> None:
            if isinstance(event, Push) and event.channel == channel:
                listener(event)

        return self._readers.listen(listener if channel is None else only_channel)

    # --- requests ---

    async def subscribe(self, *channels: str) -> None:
        """Subscribe, one command for each stream, and wait for every acknowledgement.

        Raises the venue's error for the first stream refused; the others stand. RequestTimeoutError if an answer is missing:
        that stream is given up. While disconnected, the request waits for the next connection. ConnectionLostError if the
        stream is closed.
        """
        self._must_be_open()
        answers = []
        for channel in channels:
            waiting = self._wanted.get(channel)
            if waiting is None or waiting.done():
                waiting = self._wanted[channel] = asyncio.get_running_loop().create_future()
            answers.append(waiting)
            await self._send_subscription(channel)
        try:
            await self._in_time(answers, "subscribe")
        except RequestTimeoutError:
            for channel, answer in zip(channels, answers, strict=True):
                if not answer.done():
                    self._wanted.pop(channel, None)
                    self._abandon(channel)
            raise

    async def unsubscribe(self, *channels: str) -> None:
        """End subscriptions and wait for every acknowledgement. RequestTimeoutError if an answer is missing."""
        self._must_be_open()
        sent = []
        for channel in channels:
            waiting = self._wanted.pop(channel, None)
            if waiting is not None:
                fail(waiting, ConnectionLostError(f"{channel} was unsubscribed before its acknowledgement"))
            if self._connection is not None:
                sent.append(await self._issue(self._connection, StreamMethod.UNSUBSCRIBE, channel))
        try:
            await self._in_time([command.answer for command in sent], "unsubscribe")
        finally:
            self._unanswered = [command for command in self._unanswered if command not in sent]

    async def round_trip(self) -> None:
        """Wait until the venue has answered a ping of the WebSocket protocol: what it had sent before has been received.

        ConnectionLostError if there is no connection, or if it ends before the answer.
        """
        if self._connection is None:
            raise ConnectionLostError("the stream is not connected")
        await self._connection.round_trip()

    def _must_be_open(self) -> None:
        if not self._lifeline.started:
            raise RuntimeError("start the stream first")
        if self.closed:
            raise ConnectionLostError(_CLOSED)

    async def _send_subscription(self, channel: str) -> None:
        # Without a connection there is nothing to send: the next one asks for what is wanted then.
        if self._connection is not None and channel in self._wanted:
            await self._issue(self._connection, StreamMethod.SUBSCRIBE, channel)

    async def _issue(self, connection: Connection, method: StreamMethod, channel: str | None = None) -> _Command:
        command_id = None if channel is None else next(self._ids)
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        command = _Command(method=method, id=command_id, channel=channel, answer=answer)
        self._unanswered.append(command)
        with suppress(ConnectionLostError):  # the reader notices too, and tells all who wait
            await connection.send(self._message(command))
        return command

    def _message(self, command: _Command) -> frames.Message:
        if command.channel is None or command.id is None:
            assert self._credentials is not None, "only a login has no channel"
            return frames.login(self._credentials)
        spell = frames.subscribe if command.method is StreamMethod.SUBSCRIBE else frames.unsubscribe
        return spell(command.channel, command_id=command.id)

    def _abandon(self, channel: str) -> None:
        self._unanswered = [command for command in self._unanswered if command.channel != channel]

    async def _in_time(self, answers: Sequence[asyncio.Future[None]], what: str) -> None:
        patience = self.stopwatch.await_answer(self.timing.acknowledge_within)
        await within(answers, patience, lambda: RequestTimeoutError(f"{what} was not acknowledged"))

    # --- the connection and its successors ---

    async def _session(self, on_open: Callable[[], None]) -> NoReturn:
        """One connection from opening to its end, which is always an exception."""
        connection = await Connection.open(
            self._url, headers=self._upgrade_headers(), timing=self.timing, stopwatch=self.stopwatch, clock=self._clock
        )
        self._opening = connection
        running = asyncio.create_task(connection.run(self._on_message))
        establishing = asyncio.create_task(self._establish(connection))
        try:
            await asyncio.wait({running, establishing}, return_when=asyncio.FIRST_COMPLETED)
            # Both may have ended: a refused login outranks the close that follows it.
            (establishing if establishing.done() else running).result()
            on_open()
            await running
            raise AssertionError("a connection ends by an exception")
        finally:
            try:
                await cancel(running, establishing)
            finally:  # a stream may be closed while it takes a connection down
                self._connection = self._opening = None
                self._forget_commands()
                await connection.close()

    def _upgrade_headers(self) -> dict[str, str]:
        if self._credentials is None or self._login is LoginWay.MESSAGE:
            return {}
        query = urlsplit(self._url).query
        expires_ms = self._clock.now_ns() // NS_PER_MS + DEFAULT_EXPIRY // MS
        return signed_headers(self._credentials, message=query.encode(), expires_ms=expires_ms, profile=self._profile)

    async def _establish(self, connection: Connection) -> None:
        if self._credentials is not None and self._login is LoginWay.MESSAGE:
            command = await self._issue(connection, StreamMethod.LOGIN)
            await self._in_time([command.answer], "login")
        # From here on `subscribe` sends by itself; what it asked for earlier is in the list.
        self._connection = connection
        self._connections += 1
        self._readers.emit(Connected(reconnections=self._connections - 1))
        for channel in tuple(self._wanted):
            await self._send_subscription(channel)

    def _forget_commands(self) -> None:
        for command in self._unanswered:
            if command.method is StreamMethod.UNSUBSCRIBE and not command.answer.done():
                command.answer.set_result(None)  # the next connection will not have the stream
            else:
                fail(command.answer, ConnectionLostError("the connection ended before the answer"))
        self._unanswered.clear()

    def _on_lost(self, error: Exception) -> None:
        assert isinstance(error, KtxError)
        self._readers.emit(Disconnected(error=error))

    def _on_end(self, reason: Exception) -> None:
        for answer in self._wanted.values():
            fail(answer, ConnectionLostError(_CLOSED))
        self._readers.emit(Closed())
        self._readers.end(reason)

    # --- frames ---

    def _on_message(self, row: Row) -> None:
        channel = None
        try:
            frame = frames.decode_frame(row, profile=self._profile)
            channel = frame.stream if isinstance(frame, frames.Data) else None
            self._on_frame(frame)
        except MalformedReplyError as error:
            self._readers.emit(ErrorReported(error=error, channel=channel))

    def _on_frame(self, frame: frames.Frame) -> None:
        match frame:
            case frames.Answer():
                self._on_answer(frame)
            case frames.Pong():
                if self._opening is not None:
                    self._opening.on_pong()
            case frames.Data():
                self._take_login()
                self._readers.emit(decode_push(frame))
            case _:
                assert_never(frame)

    def _take_login(self) -> None:
        """Data on a user stream shows that the login succeeded: the document knows no answer to it (ktx§9)."""
        for command in self._unanswered:
            if command.method is StreamMethod.LOGIN:
                self._settle(command, None)
                return

    def _on_answer(self, answer: frames.Answer) -> None:
        command = self._command_of(answer.command_id)
        if command is not None:
            self._settle(command, answer.error)
        elif answer.error is not None:
            self._readers.emit(ErrorReported(error=answer.error))
        # A success that nobody waits for came too late: it has been reported as missing already.

    def _command_of(self, command_id: int | None) -> _Command | None:
        """An answer without an id is that to a login, or to a command that the venue could not read: the oldest one."""
        if command_id is None:
            return next(iter(self._unanswered), None)
        return next((command for command in self._unanswered if command.id == command_id), None)

    def _settle(self, command: _Command, error: KtxError | None) -> None:
        self._unanswered.remove(command)
        if error is not None:
            fail(command.answer, error)
        elif not command.answer.done():
            command.answer.set_result(None)
        if command.method is StreamMethod.SUBSCRIBE and command.channel is not None:
            self._on_subscribed(command.channel, error)

    def _on_subscribed(self, channel: str, error: KtxError | None) -> None:
        if error is not None:
            waiting = self._wanted.pop(channel, None)
            if waiting is not None:
                fail(waiting, error)
            self._readers.emit(ChannelRefused(channel=channel, error=error))
            return
        waiting = self._wanted.get(channel)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        self._readers.emit(Subscribed(channel=channel))
