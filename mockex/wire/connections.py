"""One WebSocket connection as the venue sees it: who it is, what waits to be sent, and whether it is to be closed.

Knows no socket. The server is told through `wake` that something waits; it takes everything at once with `drain`.
A connection that reads too slowly gathers frames here until its bound; then it is closed the way its venue does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mockex.core.clock import Timer, VirtualClock
from mockex.wire.credentials import Credential
from mockex.wire.messages import Frame
from mockex.wire.recording import Recorder, Side

if TYPE_CHECKING:
    from mockex.wire.heartbeat import Heartbeat, Keepalive


class Session(Protocol):
    """What a venue keeps for one connection alone."""

    def own(self, frame: Frame) -> Frame:
        """A message to this client as it alone gets it, such as with a number of its own. Control frames stay what they are."""


class CloseOrder(NamedTuple):
    """How a connection is to end. RFC 6455 section 7.4; codes from 4000 are a venue's own."""

    code: int
    reason: str


GONE = CloseOrder(1006, "")
"""Ended without a close frame. The code is never on the wire (RFC 6455, 7.4.1)."""


def _nobody_listens(_: Connection) -> None:
    """For connections that nobody writes to a socket."""


class Connection:
    """`closing` set means: send what is queued, then close. `backlog_bytes` is what the server has not got rid of yet.

    `wake` is called in the middle of a fan-out: it may note the connection for later, but neither drain nor end it.
    `make_room` is called before a reader is held to be slow, and may drain: a jump of time brings more in one go than may wait,
    and nobody had a moment to read it. Whoever writes to a socket sets it.
    For fault plans: `guard` gets every frame in the place of the queue, and sends what is to be sent as checked; while
    `stalled` nothing leaves, not even a close frame; `close_after`: how to close once the client's message was dealt with.
    `session`: what the venue keeps for it, where it does; it sees every message before a fault plan may lose it.
    `heartbeat` asks the client whether it is there, `keepalive` pings it, where the venue does; set by whoever opens the
    connection, and ends with it.
    """

    __slots__ = (
        "_end_known",
        "_idle_timer",
        "_queue",
        "backlog_bytes",
        "close_after",
        "closed",
        "closing",
        "connection_id",
        "credential",
        "guard",
        "heartbeat",
        "host",
        "keepalive",
        "last_sent_ns",
        "make_room",
        "now_ns",
        "opened_ns",
        "peer_ip",
        "queued_bytes",
        "recorder",
        "session",
        "slow_reader",
        "socket_name",
        "stalled",
        "topics",
        "wake",
    )

    def __init__(
        self,
        connection_id: int,
        socket_name: str,
        peer_ip: str,
        clock: VirtualClock,
        *,
        slow_reader: SlowReaderRule,
        wake: Callable[[Connection], None] = _nobody_listens,
        recorder: Recorder | None = None,
        host: str = "",
    ) -> None:
        """`recorder` None: nobody will ever record it. `host`: the Host header of the upgrade as received, port included."""
        self.connection_id = connection_id
        self.socket_name = socket_name
        self.peer_ip = peer_ip
        self.host = host
        self.now_ns = clock.now_ns
        self.opened_ns = clock.now_ns()
        self.last_sent_ns = self.opened_ns
        self.credential: Credential | None = None
        self.topics: dict[object, None] = {}
        self.slow_reader = slow_reader
        self.wake = wake
        self.make_room: Callable[[Connection], None] = _nobody_listens
        self.closing: CloseOrder | None = None
        self.close_after: CloseOrder | None = None
        self.stalled = False
        self.guard: Callable[[Connection, Frame], None] | None = None
        self.heartbeat: Heartbeat | None = None
        self.keepalive: Keepalive | None = None
        self.session: Session | None = None
        self.closed = False
        self.queued_bytes = 0
        self.backlog_bytes = 0
        self.recorder = Recorder(clock.now_ns) if recorder is None else recorder
        self._end_known = False
        self._queue: list[Frame] = []
        self._idle_timer: Timer | None = None

    def log_in(self, credential: Credential) -> None:
        """From now on the connection is that key's."""
        self.credential = credential
        self.recorder.logged_in(self.connection_id, credential)

    def send(self, frame: Frame, *, checked: bool = False) -> None:
        """Queues a frame. Nothing is queued on a connection that is closing. `checked`: the guard has let it pass."""
        if self.closing is not None or self.closed:
            return
        if not checked:
            if self.session is not None and not frame.is_control:
                frame = self.session.own(frame)
            if self.guard is not None:
                self.guard(self, frame)
                return
        size = len(frame.wire)
        if self.queued_bytes + self.backlog_bytes + size > self.slow_reader.max_bytes:
            self.make_room(self)
            if self.queued_bytes + self.backlog_bytes + size > self.slow_reader.max_bytes:
                self._give_up()
                return
        queue = self._queue
        queue.append(frame)
        self.queued_bytes += size
        self.last_sent_ns = self.now_ns()
        if len(queue) == 1:
            self.wake(self)

    def _give_up(self) -> None:
        """The reader is too slow: only the venue's farewell is still sent."""
        farewell = self.slow_reader.farewell
        self._queue = [] if farewell is None else [farewell]
        self.queued_bytes = 0 if farewell is None else len(farewell.wire)
        self.close(self.slow_reader.close)

    def close(self, order: CloseOrder) -> None:
        """Ends the connection once what is queued has been sent."""
        if self.closing is None and not self.closed:
            self.closing = order
            self.wake(self)

    def put_control(self, frame: Frame) -> None:
        """Queues a control frame that cannot leave at once. It counts as no message; without room for it, it is forgotten."""
        if self.closing is None and self.queued_bytes + self.backlog_bytes + len(frame.wire) <= self.slow_reader.max_bytes:
            self._queue.append(frame)
            self.queued_bytes += len(frame.wire)

    def drain(self) -> list[Frame]:
        """Everything that waits, oldest first; the caller sends it."""
        queue, self._queue = self._queue, []
        self.queued_bytes = 0
        return queue

    def watch_silence(self, clock: VirtualClock, timeout_ns: int, order: CloseOrder, farewell: Frame | None) -> None:
        """Closes the connection once nothing has been sent on it for `timeout_ns`. `farewell` is sent first.

        One timer per connection, moved on when it fires instead of at every frame.
        """

        def look() -> None:
            if self.closed or self.closing is not None:
                return
            due_ns = self.last_sent_ns + timeout_ns
            if clock.now_ns() >= due_ns:
                if farewell is not None:
                    self.send(farewell)
                self.close(order)
            else:
                self._idle_timer = clock.call_at(due_ns, look)

        self._idle_timer = clock.call_at(self.last_sent_ns + timeout_ns, look)

    def note_sent(self, frames: Iterable[Frame]) -> None:
        """These were handed to the socket, in this order."""
        for frame in frames:
            if frame.is_control:
                continue
            self.recorder.said(self.connection_id, frame.message, None if frame.push is None else frame.push.channel)

    def ended(self, by: Side, order: CloseOrder) -> None:
        """How the socket ended, from whoever sees it first; what is said later does not count."""
        if not self._end_known:
            self._end_known = True
            self.recorder.closed(self.connection_id, by, *order)

    def end(self) -> None:
        """The socket is gone."""
        self.closed = True
        self._queue.clear()
        self.queued_bytes = 0
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        for watch in (self.heartbeat, self.keepalive):
            if watch is not None:
                watch.stop()


class SlowReaderRule(NamedTuple):
    """How much may wait for one connection, and how the venue drops a reader that lets more pile up."""

    max_bytes: int
    close: CloseOrder
    farewell: Frame | None = None
