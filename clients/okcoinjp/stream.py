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
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import NoReturn, Self, assert_never

from mockex.clients.shared.clock import ServerClock, Stopwatch
from mockex.clients.shared.feed import Broadcast, EventFeed
from mockex.clients.shared.tasks import cancel, within

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

DEFAULT_FEED_LIMIT = 10_000

_CLOSED = "the stream is closed"

Listener = Callable[[StreamEvent], None]


class OkcoinStream:
    """A lasting stream. Use it as an async context manager, or call `start` and `close`."""

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
        self._url = url
        self._credentials = credentials
        self._clock = clock or ServerClock()
        self.timing = timing or StreamTiming()
        self.stopwatch = stopwatch or Stopwatch()
        self._subscriptions = Subscriptions()
        self._readers: Broadcast[StreamEvent] = Broadcast(overflow=FeedOverflowError)
        self._connection: Connection | None = None
        self._connections = 0
        self._waits_to_retry = False
        self._login: Answer | None = None
        self._runner: asyncio.Task[None] | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- life ---

    async def start(self) -> None:
        """Connect and log in. The first attempt is the only one: its `OkcoinError` is raised, and the stream is closed.

        Later failures are reported as `Disconnected` events and followed by further attempts, without end.
        """
        if self._runner is not None:
            raise RuntimeError("a stream starts once")
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._runner = asyncio.create_task(self._run(opened))
        try:
            await opened
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Disconnect and end all feeds. Harmless to repeat."""
        if self._runner is not None:
            await cancel(self._runner)
        self._finish(StopAsyncIteration())

    @property
    def connected(self) -> bool:
        """True while there is a connection that is logged in, if it has to be."""
        return self._connection is not None

    @property
    def in_transition(self) -> bool:
        """True while a connection is being made or taken down: neither connected, nor waiting to try again, nor closed."""
        return self._runner is not None and not (self._closed or self.connected or self._waits_to_retry)

    @property
    def quiet_for(self) -> timedelta:
        """How long nothing has been heard on the present connection; zero without one."""
        return timedelta() if self._connection is None else self._connection.quiet_for

    @property
    def closed(self) -> bool:
        """True once the stream has ended for good."""
        return self._closed

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels that are subscribed, or will be on the next connection."""
        return self._subscriptions.wanted

    # --- readers ---

    def events(self, *, limit: int = DEFAULT_FEED_LIMIT) -> EventFeed[StreamEvent]:
        """A new iterator over all events from now on. A reader more than `limit` events behind gets an error."""
        return self._readers.feed(limit)

    def listen(self, listener: Listener, *, channel: str | None = None) -> Callable[[], None]:
        """Call `listener` for every event, or for the pushes of one channel. Returns the function that ends it.

        Listeners run inside the reading of the socket: they must be quick. What they raise goes to the loop's exception
        handler and stops neither the stream nor other listeners.
        """

        def only_channel(event: StreamEvent) -> None:
            if isinstance(event, Push) and channel is not None and names.same(event.channel, channel):
                listener(event)

        return self._readers.listen(listener if channel is None else only_channel)

    # --- requests ---

    async def subscribe(self, *channels: str) -> None:
        """Subscribe and wait for every acknowledgement.

        Raises the venue's error for the first channel refused; the others stand. RequestTimeoutError if an answer is
        missing: that channel is given up. While disconnected, the request waits for the next connection.
        ConnectionLostError if the stream is closed.
        """
        if self._runner is None:
            raise RuntimeError("start the stream first")
        if self._closed:
            raise ConnectionLostError(_CLOSED)
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

    async def round_trip(self) -> None:
        """Wait until the venue has answered a ping of the WebSocket protocol: what it had sent before has been received.

        ConnectionLostError if there is no connection, or if it ends before the answer.
        """
        if self._connection is None:
            raise ConnectionLostError("the stream is not connected")
        await self._connection.round_trip()

    async def _end_subscriptions(self, channels: Sequence[str]) -> None:
        if self._connection is None:
            return
        answers = self._subscriptions.expect_end(channels)
        await self._send(StreamOp.UNSUBSCRIBE, channels)
        await self._answered(answers, "unsubscribe")

    async def _await_subscribed(self, channels: Sequence[str], answers: Sequence[Answer]) -> None:
        try:
            await self._answered(answers, "subscribe")
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

    async def _answered(self, answers: Sequence[Answer], what: str) -> None:
        """Wait for all answers, then raise the first error among them. RequestTimeoutError if time runs out."""
        patience = self.stopwatch.await_answer(self.timing.acknowledge_within)
        await within(answers, patience, lambda: RequestTimeoutError(f"{what} was not acknowledged"))

    # --- the connection and its successors ---

    async def _run(self, opened: asyncio.Future[None]) -> None:
        failures = 0
        try:
            while True:
                connections_before = self._connections
                try:
                    await self._session(opened)
                except OkcoinError as error:
                    if not opened.done():
                        opened.set_exception(error)
                        return
                    self._emit(Disconnected(error=error))
                failures = 0 if self._connections > connections_before else failures + 1
                self._waits_to_retry = True
                await self.stopwatch.sleep(self.timing.retry_delay(failures))
                self._waits_to_retry = False
        except Exception as bug:
            if not opened.done():
                opened.set_exception(bug)
            self._finish(bug)
            raise

    async def _session(self, opened: asyncio.Future[None]) -> NoReturn:
        """One connection from opening to its end, which is always an exception."""
        connection = await Connection.open(self._url, timing=self.timing, stopwatch=self.stopwatch)
        running = asyncio.create_task(connection.run(self._on_payload))
        establishing = asyncio.create_task(self._establish(connection))
        try:
            await asyncio.wait({running, establishing}, return_when=asyncio.FIRST_COMPLETED)
            # Both may have ended: a refused login outranks the close that follows it.
            (establishing if establishing.done() else running).result()
            if not opened.done():
                opened.set_result(None)
            await running
            raise AssertionError("a connection ends by an exception")
        finally:
            try:
                await cancel(running, establishing)
            finally:  # a stream may be closed while it takes a connection down
                self._connection = None
                self._login = None
                self._subscriptions.connection_lost()
                await connection.close()

    async def _establish(self, connection: Connection) -> None:
        if self._credentials is not None:
            self._login = asyncio.get_running_loop().create_future()
            await connection.request(StreamOp.LOGIN, login_args(self._credentials, at_ns=self._clock.now_ns()))
            await self._answered([self._login], "login")
        # From here on `subscribe` sends by itself; what it asked for earlier is in the list.
        self._connection = connection
        self._connections += 1
        self._emit(Connected(reconnections=self._connections - 1))
        await self._send(StreamOp.SUBSCRIBE, self._subscriptions.renew())

    def _finish(self, reason: Exception) -> None:
        if self._closed:
            return
        self._closed = True
        self._subscriptions.fail_all(ConnectionLostError(_CLOSED))
        self._emit(Closed())
        self._readers.end(reason)

    # --- frames ---

    def _on_payload(self, payload: object) -> None:
        try:
            frame = decode_frame(payload)
        except MalformedReplyError as error:
            self._emit(ErrorReported(error=error))
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
            self._emit(event)

    def _on_login(self, error: OkcoinError | None) -> None:
        if self._login is not None:
            settle(self._login, error)

    def _on_refusal(self, error: OkcoinError) -> None:
        if self._login is not None and not self._login.done():
            self._on_login(error)
            return
        refused = self._subscriptions.refuse(error)
        for channel in refused:
            self._emit(ChannelRefused(channel=channel, error=error))
        if not refused:
            self._emit(ErrorReported(error=error))

    def _emit(self, event: StreamEvent) -> None:
        self._readers.emit(event)
