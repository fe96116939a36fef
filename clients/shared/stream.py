"""What the streams of all clients have in common: a connection that renews itself, and the readers of what it brings.

Owns: the life of the stream, one connection from opening to its end, and the delivery of events to iterators and callbacks.
Must not know: any venue, what logs in, what is subscribed, what events mean.
Invariants: events are delivered in the order of the wire; after a reconnection, login comes before the subscriptions.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, NoReturn, TypeVar

from .clock import Stopwatch
from .connection import AcknowledgedTiming, BaseConnection
from .feed import Broadcast, EventFeed
from .lifeline import Lifeline
from .lifetime import StartedAndClosed
from .tasks import cancel, within

DEFAULT_FEED_LIMIT = 10_000

CLOSED = "the stream is closed"
CONNECTION_ENDED = "the connection ended before the answer"

EventT = TypeVar("EventT")
ConnectionT = TypeVar("ConnectionT", bound=BaseConnection[Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamErrors:
    """A client's own errors."""

    family: type[Exception]
    """Whatever ends a connection; all others are bugs."""

    lost: Callable[[str], Exception]
    """There is no connection, or it has ended."""

    overdue: Callable[[str], Exception]
    """No answer came in time."""

    overflow: Callable[[str], Exception]
    """A reader fell behind."""

    planned: type[Exception] | tuple[()] = ()
    """An end after which the next connection is made at once."""


class RenewedStream(StartedAndClosed, Generic[EventT, ConnectionT]):
    """A lasting stream. Use it as an async context manager, or call `start` and `close`."""

    def __init__(
        self, url: str, *, errors: StreamErrors, timing: AcknowledgedTiming, stopwatch: Stopwatch | None = None
    ) -> None:
        self._url = url
        self._errors = errors
        self.timing = timing
        self.stopwatch = stopwatch or Stopwatch()
        self._readers: Broadcast[EventT] = Broadcast(overflow=errors.overflow)
        self._connection: ConnectionT | None = None
        self._connections = 0
        self._lifeline = Lifeline(
            self._session,
            expected=errors.family,
            planned=errors.planned,
            on_lost=self._on_lost,
            on_end=self._on_end,
            timing=self.timing,
            stopwatch=self.stopwatch,
        )

    # --- life ---

    async def start(self) -> None:
        """Connect and log in. The first attempt is the only one: the client's error is raised, and the stream is closed.

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

    # --- readers ---

    def events(self, *, limit: int = DEFAULT_FEED_LIMIT) -> EventFeed[EventT]:
        """A new iterator over all events from now on. A reader more than `limit` events behind gets the overflow error."""
        return self._readers.feed(limit)

    def listen(self, listener: Callable[[EventT], None], *, channel: str | None = None) -> Callable[[], None]:
        """Call `listener` for every event, or for the pushes of one channel. Returns the function that ends it.

        Listeners run inside the reading of the socket: they must be quick. What they raise goes to the loop's exception
        handler and stops neither the stream nor other listeners.
        """

        def only_channel(event: EventT) -> None:
            if channel is not None and self._is_push_of(channel, event):
                listener(event)

        return self._readers.listen(listener if channel is None else only_channel)

    # --- requests ---

    @abstractmethod
    async def subscribe(self, *channels: str) -> None:
        """Subscribe and wait for every acknowledgement. While disconnected, the request waits for the next connection."""

    @abstractmethod
    async def unsubscribe(self, *channels: str) -> None:
        """End subscriptions and wait for every acknowledgement."""

    async def round_trip(self) -> None:
        """Wait until the venue has answered a ping of the WebSocket protocol: what it had sent before has been received.

        The error of a lost connection if there is none, or if it ends before the answer.
        """
        await self._must_be_connected().round_trip()

    def _must_be_open(self) -> None:
        if not self._lifeline.started:
            raise RuntimeError("start the stream first")
        if self.closed:
            raise self._errors.lost(CLOSED)

    def _must_be_connected(self) -> ConnectionT:
        if self._connection is None:
            raise self._errors.lost(CLOSED if self.closed else "the stream is not connected")
        return self._connection

    async def _in_time(self, answers: Sequence[asyncio.Future[Any]], what: str) -> None:
        """Wait for all answers, then raise the first error among them; the error of an overdue answer if time runs out."""
        patience = self.stopwatch.await_answer(self.timing.acknowledge_within)
        await within(answers, patience, lambda: self._errors.overdue(f"{what} was not acknowledged"))

    # --- the connection and its successors ---

    async def _session(self, on_open: Callable[[], None]) -> NoReturn:
        """One connection from opening to its end, which is always an exception."""
        connection = await self._connect()
        running = asyncio.create_task(self._run(connection))
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
                self._connection = None
                self._forget_connection()
                await connection.close()

    async def _establish(self, connection: ConnectionT) -> None:
        await self._log_in(connection)
        # From here on `subscribe` sends by itself; what it asked for earlier is in the list.
        self._connection = connection
        self._connections += 1
        self._on_connected(self._connections - 1)
        await self._renew()

    @abstractmethod
    async def _connect(self) -> ConnectionT:
        """A new connection, on which nothing has been sent."""

    @abstractmethod
    def _run(self, connection: ConnectionT) -> Coroutine[Any, Any, NoReturn]:
        """Its reading, until it ends."""

    @abstractmethod
    async def _log_in(self, connection: ConnectionT) -> None:
        """Whatever comes before the subscriptions. Returns when the venue has agreed."""

    @abstractmethod
    async def _renew(self) -> None:
        """Ask the new connection for all that is wanted."""

    @abstractmethod
    def _forget_connection(self) -> None:
        """It has ended, and what was asked on it is not answered any more."""

    # --- events ---

    @abstractmethod
    def _is_push_of(self, channel: str, event: EventT) -> bool:
        """True for what that channel has brought."""

    @abstractmethod
    def _on_connected(self, reconnections: int) -> None:
        """Tell it."""

    @abstractmethod
    def _on_lost(self, error: Exception) -> None:
        """Tell it. The error is one of the family."""

    @abstractmethod
    def _on_end(self, reason: Exception) -> None:
        """Fail those who wait, tell that the stream is closed, and end all feeds by the reason."""
