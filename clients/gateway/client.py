"""The client: one connection that renews itself, and the logins on it.

Owns: the connection and its successors, the list of logins, the order of the end.
Must not know: what requests and states mean.
Invariants: on each new connection every login is made anew; before the end every token is logged out.
Source: the gateway's document; gw§2, gw§12.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NoReturn

from mockex.clients.shared.clock import NowNs, Stopwatch
from mockex.clients.shared.feed import Broadcast, EventFeed
from mockex.clients.shared.lifeline import Lifeline
from mockex.clients.shared.lifetime import StartedAndClosed
from mockex.clients.shared.tasks import cancel

from .connection import Connection, GatewayTiming
from .errors import ConnectionLostError, FeedOverflowError, GatewayError
from .events import Closed, Connected, Disconnected, GatewayEvent
from .exchange import Exchange
from .frames import Login
from .session import Session

DEFAULT_FEED_LIMIT = 10_000

Listener = Callable[[GatewayEvent], None]


class GatewayClient(StartedAndClosed):
    """A lasting connection to a gateway. Use it as an async context manager, or call `start` and `close`."""

    def __init__(
        self,
        url: str,
        *,
        timing: GatewayTiming | None = None,
        stopwatch: Stopwatch | None = None,
        now: NowNs = time.time_ns,
    ) -> None:
        """`url` such as `ws://127.0.0.1:9878/ws/v1`; `now` gives Unix nanoseconds, for pings alone."""
        self._url = url
        self._now = now
        self.timing = timing or GatewayTiming()
        self.stopwatch = stopwatch or Stopwatch()
        self._readers: Broadcast[GatewayEvent] = Broadcast(overflow=FeedOverflowError)
        self._exchange = Exchange(self._readers, timing=self.timing, stopwatch=self.stopwatch)
        self._sessions: dict[Session, None] = {}
        self._connections = 0
        self._lifeline = Lifeline(
            self._session,
            expected=GatewayError,
            planned=(),
            on_lost=self._on_lost,
            on_end=self._on_end,
            timing=self.timing,
            stopwatch=self.stopwatch,
        )

    # --- life ---

    async def start(self) -> None:
        """Connect. The first attempt is the only one: its `GatewayError` is raised, and the client is closed.

        Later failures are reported as `Disconnected` events and followed by further attempts, without end.
        """
        await self._lifeline.start()

    async def close(self) -> None:
        """Log out every token, disconnect and end all feeds. Harmless to repeat. Orders stay open."""
        farewells = [asyncio.ensure_future(session.log_out()) for session in tuple(self._sessions)]
        await asyncio.gather(*farewells, return_exceptions=True)  # what is not confirmed ends with the connection
        await self._lifeline.close()

    @property
    def connected(self) -> bool:
        """True while there is a connection."""
        return self._exchange.connection is not None

    @property
    def in_transition(self) -> bool:
        """True while a connection is being made or taken down: neither connected, nor waiting to try again, nor closed."""
        return self._lifeline.started and not (self.closed or self.connected or self._lifeline.waits_to_retry)

    @property
    def closed(self) -> bool:
        """True once the client has ended for good."""
        return self._lifeline.closed

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Logins that are kept up, in the order in which they were asked for."""
        return tuple(self._sessions)

    # --- readers ---

    def events(self, *, limit: int = DEFAULT_FEED_LIMIT) -> EventFeed[GatewayEvent]:
        """A new iterator over all events from now on. A reader more than `limit` events behind gets a FeedOverflowError."""
        return self._readers.feed(limit)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for every event. Returns the function that ends it.

        Listeners run inside the reading of the socket: they must be quick. What they raise goes to the loop's exception
        handler and stops neither the client nor other listeners.
        """
        return self._readers.listen(listener)

    # --- logins ---

    async def login(self, login: Login) -> Session:
        """Log in and wait for the reply, which is an accepted intention alone: await `ready()` of what this returns.

        While disconnected, the login waits for the next connection. The error of a refusal; AlreadyLoggedInError if somebody
        else has this key at the platform.
        """
        self._must_be_open()
        session = Session(
            login,
            self._exchange,
            self._readers,
            timing=self.timing,
            stopwatch=self.stopwatch,
            forget=lambda over: self._sessions.pop(over, None),
        )
        self._sessions[session] = None
        if self.connected:
            session.begin()
        try:
            await session.accepted()
        except asyncio.CancelledError:
            with suppress(GatewayError):
                await session.log_out()
            raise
        return session

    async def ask(self, operation: str, fields: Mapping[str, object], *, token: str | None = None) -> Mapping[str, object]:
        """Any request at any time, and all fields of its reply: nothing is checked first. The error of a failure."""
        self._must_be_open()
        return (await self._exchange.ask(operation, fields, token=token)).row.raw

    async def round_trip(self) -> None:
        """Wait until the gateway has answered a ping of the WebSocket protocol: what it had sent before has been received.

        ConnectionLostError if there is no connection, or if it ends before the answer.
        """
        if self._exchange.connection is None:
            raise ConnectionLostError("the client is not connected")
        await self._exchange.connection.round_trip()

    def _must_be_open(self) -> None:
        if not self._lifeline.started:
            raise RuntimeError("start the client first")
        if self.closed:
            raise ConnectionLostError("the client is closed")

    # --- the connection and its successors ---

    async def _session(self, on_open: Callable[[], None]) -> NoReturn:
        """One connection from opening to its end, which is always an exception."""
        connection = await Connection.open(self._url, timing=self.timing, stopwatch=self.stopwatch, now=self._now)
        running = asyncio.create_task(connection.run(self._exchange.on_message))
        try:
            self._exchange.attach(connection)
            self._connections += 1
            self._readers.emit(Connected(reconnections=self._connections - 1))
            on_open()
            for session in tuple(self._sessions):
                session.begin()
            await running
            raise AssertionError("a connection ends by an exception")
        finally:
            try:
                await cancel(running)
                # Tokens are forgotten first, so that whoever learns of a lost reply finds its login offline.
                await asyncio.gather(*(session.end() for session in tuple(self._sessions)))
                await self._exchange.detach()
            finally:  # a client may be closed while it takes a connection down
                await connection.close()

    def _on_lost(self, error: Exception) -> None:
        assert isinstance(error, GatewayError)
        self._readers.emit(Disconnected(error=error))

    def _on_end(self, reason: Exception) -> None:
        for session in tuple(self._sessions):
            session.close()
        self._readers.emit(Closed())
        self._readers.end(reason)
