"""WebSocket between aiohttp and the wire: aiohttp shakes hands and reads, the writing is ours.

Owns when frames leave and how a socket ends. Knows no venue: it takes encoded frames off a `Connection` and hands it messages.

- Everything queued for a connection in one pass of the event loop leaves in one write, whoever queued it.
- What the transport cannot get rid of stays in the connection's queue, where the venue's bound for slow readers counts it.
  One slow reader costs the others nothing but a look at its transport every few milliseconds.
- A socket ends with a close frame, then waits a short while for the peer's, then is cut off. RFC 6455 section 7.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from aiohttp import WebSocketError, WSCloseCode, WSMsgType, web

from mockex.server.http import SERVER_NAME, http_date
from mockex.server.wallclock import WorldTime
from mockex.wire.connections import GONE, CloseOrder, Connection
from mockex.wire.messages import PONG, Frame
from mockex.wire.recording import Side

logger = logging.getLogger("mockex.server")

HIGH_WATER_BYTES = 65_536
"""With more than this in the transport, further frames wait in their connection."""

GRACE_SECONDS = 1.0
"""How long a peer may take to answer a close frame."""

_FAREWELL_SECONDS = 0.5  # for WebSocket clients to answer a close frame when the server stops
_RETRY_SECONDS = 0.005
_LINGER_SECONDS = 0.02

_NS_PER_SECOND = 1_000_000_000
_CLOSE_OPCODE = 0x88  # final, close
_NO_STATUS = 1005  # stands for "no code"; never on the wire (RFC 6455, 7.4.1)
_MAX_REASON_BYTES = 123  # a control frame carries at most 125 bytes, two of them the code (5.5)
_FAILED = CloseOrder(WSCloseCode.INTERNAL_ERROR, "")


def close_frame(order: CloseOrder) -> bytes:
    """The unmasked close frame of `order`. A reason that is too long is cut between characters."""
    if order.code == _NO_STATUS:
        return bytes((_CLOSE_OPCODE, 0))
    reason = order.reason.encode("utf-8")[:_MAX_REASON_BYTES].decode("utf-8", "ignore").encode("utf-8")
    return bytes((_CLOSE_OPCODE, 2 + len(reason))) + order.code.to_bytes(2, "big") + reason


class SocketWriter:
    """Writes one connection's frames to its transport."""

    __slots__ = ("_close_sent", "_connection", "_loop", "_transport")

    def __init__(self, connection: Connection, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._transport = transport
        self._loop = loop
        self._close_sent = False

    def flush(self) -> bool:
        """Sends what is queued, in one write. True if the peer reads too slowly, so that this is to be tried again soon."""
        transport, connection = self._transport, self._connection
        if transport.is_closing() or self._close_sent:
            connection.drain()
            return False
        if connection.stalled:
            return False  # whoever ends the stall wakes it
        if connection.closing is not None:
            self._say_farewell(connection.closing)
            return False
        if connection.backlog_bytes and self._is_congested():
            return True
        wire = self._take()
        if wire:
            transport.write(wire)
        return self._is_congested()

    def _take(self) -> bytes:
        """All that is queued, from now on as good as sent."""
        frames = self._connection.drain()
        if self._connection.recorder.on:
            self._connection.note_sent(frames)
        return frames[0].wire if len(frames) == 1 else b"".join([frame.wire for frame in frames])

    def _say_farewell(self, order: CloseOrder) -> None:
        """What is queued, then the close frame, then nothing more."""
        self._close_sent = True
        last_words = self._take()
        self._connection.ended(Side.SERVER, order)
        self._loop.call_later(GRACE_SECONDS, self._transport.abort)
        if order.code == GONE.code:
            self._transport.write(last_words)
            self._transport.close()
        else:
            self._transport.write(last_words + close_frame(order))

    def abort(self) -> None:
        """Cuts the peer off."""
        self._connection.ended(Side.SERVER, GONE)
        self._transport.abort()

    def _is_congested(self) -> bool:
        """Also tells the connection, whose bound counts what it queues together with what lies here."""
        backlog_bytes = self._transport.get_write_buffer_size()
        congested = backlog_bytes > HIGH_WATER_BYTES
        self._connection.backlog_bytes = backlog_bytes if congested else 0
        return congested


class Outbox:
    """All open sockets of a server, and which of them have something to send."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._writers: dict[Connection, SocketWriter] = {}
        self._waiting: dict[Connection, None] = {}
        self._pass_scheduled = False
        self._congested: dict[Connection, None] = {}
        self._retry: asyncio.TimerHandle | None = None
        self.empty = asyncio.Event()
        """Set while no socket is open."""
        self.empty.set()

    def wake(self, connection: Connection) -> None:
        """Something waits on `connection`. It leaves once whoever is at work has finished: a response before its pushes."""
        self._waiting[connection] = None
        if not self._pass_scheduled:
            self._pass_scheduled = True
            self._loop.call_soon(self._run_pass)

    def attach(self, connection: Connection, transport: asyncio.Transport) -> None:
        """From now on frames of `connection` go to `transport`; what was queued before goes first."""
        self._writers[connection] = SocketWriter(connection, transport, self._loop)
        connection.make_room = self._flush_one
        self.empty.clear()
        self.wake(connection)

    def detach(self, connection: Connection) -> None:
        """Nothing more is to come: sends what waits, if only a close frame. Twice does no harm."""
        writer = self._writers.pop(connection, None)
        self._congested.pop(connection, None)
        if writer is not None:
            writer.flush()
        if not self._writers:
            self.empty.set()

    def close_all(self, order: CloseOrder) -> None:
        """Ends every socket in the orderly way."""
        for connection in self._writers:
            connection.close(order)

    def abort_all(self) -> None:
        """Cuts off every socket that is left."""
        for writer in self._writers.values():
            writer.abort()

    def flush(self) -> None:
        """Sends now what otherwise leaves once whoever is at work has finished."""
        waiting, self._waiting = self._waiting, {}
        self._flush(waiting)

    def _run_pass(self) -> None:
        self._pass_scheduled = False
        self.flush()

    def _run_retry(self) -> None:
        self._retry = None
        congested, self._congested = self._congested, {}
        self._flush(congested)

    def _flush_one(self, connection: Connection) -> None:
        self._flush({connection: None})

    def _flush(self, connections: dict[Connection, None]) -> None:
        writers, congested = self._writers, self._congested
        for connection in connections:
            writer = writers.get(connection)
            if writer is not None and writer.flush():
                congested[connection] = None
        if congested and self._retry is None:
            self._retry = self._loop.call_later(_RETRY_SECONDS, self._run_retry)


async def say_goodbye(outbox: Outbox, order: CloseOrder) -> None:
    """Closes the WebSockets of a server that stops in the orderly way, and cuts off who does not answer in time."""
    outbox.close_all(order)
    with suppress(TimeoutError):
        await asyncio.wait_for(outbox.empty.wait(), _FAREWELL_SECONDS)
    outbox.abort_all()


class Socket(web.WebSocketResponse):
    """aiohttp's handshake and reader. Its own ways of closing are off: it would write past the queue, and a code of its own."""

    def __init__(self, *, max_message_bytes: int, too_long: CloseOrder) -> None:
        # aiohttp refuses a message of exactly its maximum. Compression stays off even when the client offers it.
        # Pings and pongs are shown to the conversation: some venues go by what their clients answer.
        super().__init__(compress=False, autoclose=False, autoping=False, max_msg_size=max_message_bytes + 1)
        self.too_long = too_long
        self.connection: Connection | None = None

    async def pong(self, message: bytes = b"") -> None:
        """Answers a ping, unless nothing may leave now: then it takes its place behind what waits."""
        connection = self.connection
        if connection is not None and connection.stalled:
            connection.put_control(Frame.of(message, PONG))
        else:
            await super().pong(message)

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True) -> bool:
        """aiohttp calls it when it has read something invalid, and at the end; `Conversation` sends the close frame."""
        return False


class Receiver(Protocol):
    """Whoever a client talks to, at the world's present. A venue raises nothing that a client can cause."""

    @property
    def name(self) -> str: ...
    def receive(self, connection: Connection, message: str | bytes) -> None: ...
    def receive_ping(self, connection: Connection) -> None: ...
    def receive_pong(self, connection: Connection) -> None: ...
    def close_connection(self, connection: Connection) -> None:
        """The socket is gone."""


async def converse(
    request: web.BaseRequest,
    socket: Socket,
    connection: Connection,
    *,
    transport: asyncio.Transport,
    receiver: Receiver,
    time: WorldTime,
    outbox: Outbox,
    wall_ns: int,
) -> None:
    """Shakes hands and talks until the socket has ended. `wall_ns`: the time that the handshake tells."""
    try:
        socket.headers["Server"] = SERVER_NAME
        socket.headers["Date"] = http_date(wall_ns // _NS_PER_SECOND)
        await socket.prepare(request)
        outbox.attach(connection, transport)
        await Conversation(socket, connection, transport=transport, receiver=receiver, time=time).run()
    except ConnectionError:
        pass  # gone before the handshake was over
    finally:
        time.step()
        outbox.detach(connection)
        connection.ended(Side.CLIENT, GONE)
        receiver.close_connection(connection)
        time.settle()


class Conversation:
    """One client on one socket, from the handshake to the end."""

    def __init__(
        self, socket: Socket, connection: Connection, *, transport: asyncio.Transport, receiver: Receiver, time: WorldTime
    ) -> None:
        self._socket = socket
        self._connection = socket.connection = connection
        self._transport = transport
        self._receiver = receiver
        self._time = time

    async def run(self) -> None:
        """Hands the client's messages to the venue until the socket has ended. Raises nothing that a client can cause."""
        try:
            while True:
                message = await self._socket.receive()
                match message.type:
                    case WSMsgType.TEXT | WSMsgType.BINARY:
                        self._deliver(message.data)
                    case WSMsgType.PING:
                        await self._socket.pong(message.data)
                        self._tell(self._receiver.receive_ping)
                    case WSMsgType.PONG:
                        self._tell(self._receiver.receive_pong)
                    case WSMsgType.CLOSE:
                        self._part(CloseOrder(message.data or _NO_STATUS, message.extra or ""))
                        await self._linger_while_stalled()
                        return
                    case WSMsgType.ERROR if isinstance(message.data, WebSocketError):
                        self._connection.close(self._reproach(message.data))
                        await self._linger()
                        return
                    case _:  # the peer is gone
                        return
        except ConnectionError:  # it left while a pong was on its way
            return

    def _deliver(self, message: str | bytes) -> None:
        self._time.step()
        try:
            self._receiver.receive(self._connection, message)
        except Exception:
            logger.exception("%s failed on a WebSocket message", self._receiver.name)
            self._connection.close(_FAILED)
        self._time.settle()

    def _tell(self, receive: Callable[[Connection], None]) -> None:
        self._time.step()
        receive(self._connection)
        self._time.settle()

    def _part(self, order: CloseOrder) -> None:
        """The client has closed; the reply carries the same code (5.5.1)."""
        self._time.step()
        self._connection.ended(Side.CLIENT, order)
        self._connection.close(CloseOrder(order.code, ""))
        self._time.settle()

    def _reproach(self, error: WebSocketError) -> CloseOrder:
        """How to answer what is no WebSocket message: wrong bits, text that is no UTF-8, too many bytes."""
        if error.code == WSCloseCode.MESSAGE_TOO_BIG:
            return self._socket.too_long
        return CloseOrder(error.code, "")

    async def _linger(self) -> None:
        """Lets what the peer still sends run into the void until it closes, at the latest until the time of grace is over.

        To close on top of unread bytes would reset the connection, and the peer might never see why.
        """
        while not self._transport.is_closing():  # noqa: ASYNC110  # aiohttp tells nobody when a connection is lost
            await asyncio.sleep(_LINGER_SECONDS)

    async def _linger_while_stalled(self) -> None:
        """A client that closes a stalled connection gets no answer, and no end either, until the stall is over or it leaves."""
        while self._connection.stalled and not self._transport.is_closing():  # noqa: ASYNC110  # as above
            await asyncio.sleep(_LINGER_SECONDS)
