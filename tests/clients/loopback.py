"""Loopback servers and hand-moved time for the tests of clients. They share no code with client or simulator.

`FakeRest` answers each request with the next reply of a script and keeps what arrived, byte for byte.
`SocketServer` hands each WebSocket connection to the test as a `Peer`, with which it plays the venue by hand.
`ManualTime` is a client's way to wait: time stands still until the test moves it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, Self, TypeVar

from aiohttp import WSMsgType, web

ResultT = TypeVar("ResultT")

#: A test that waits longer than this for the other side has failed. Nothing waits this long when all is well.
PATIENCE_S = 5


async def soon(awaitable: Awaitable[ResultT]) -> ResultT:
    """The result, or a failed test instead of a hanging one."""
    async with asyncio.timeout(PATIENCE_S):
        return await awaitable


async def while_playing(venue_side: Awaitable[Any], client_side: Awaitable[ResultT]) -> ResultT:
    """Play the venue's part while the client waits for it."""
    result, _ = await soon(asyncio.gather(client_side, venue_side))
    return result


class Server:
    """One handler behind a port that the system picks."""

    def __init__(self) -> None:
        application = web.Application()
        application.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(application, shutdown_timeout=1)
        self.host = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        _, port = self._runner.addresses[0][:2]
        self.host = f"127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        raise NotImplementedError


# --- REST ---


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request as it came: the raw target, the raw body, the headers."""

    method: str
    target: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """A reply to come. `gate`, if given, must be set before it is sent."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    gate: asyncio.Event | None = None


class FakeRest(Server):
    """Answers from a script. A request beyond the script is answered with HTTP 599, which no test expects."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []
        self._script: list[Scripted] = []

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def reply(self, payload: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Queue a JSON reply."""
        self.reply_raw(json.dumps(payload).encode(), status=status, headers=headers)

    def reply_raw(
        self,
        body: bytes,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        gate: asyncio.Event | None = None,
    ) -> None:
        """Queue a reply of any bytes."""
        self._script.append(Scripted(body=body, status=status, headers=headers or {}, gate=gate))

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.received.append(
            Received(method=request.method, target=request.raw_path, body=body, headers=request.headers.copy())
        )
        if not self._script:
            return web.Response(status=599)
        reply = self._script.pop(0)
        if reply.gate is not None:
            await reply.gate.wait()
        return web.Response(body=reply.body, status=reply.status, headers=reply.headers, content_type="application/json")


# --- WebSocket ---


class Peer:
    """The venue's end of one connection, played by the test."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.BaseTransport) -> None:
        self.socket = socket
        self.inbox: asyncio.Queue[str] = asyncio.Queue()
        self.pongs: asyncio.Queue[bytes] = asyncio.Queue()
        self._transport = transport

    async def text(self) -> str:
        """The next text frame of the client."""
        return await soon(self.inbox.get())

    async def request(self) -> dict[str, Any]:
        """The next text frame of the client, which must be a JSON object."""
        decoded = json.loads(await self.text())
        assert isinstance(decoded, dict)
        return decoded

    def mute(self) -> None:
        """Hear nothing any more, and so answer nothing, not even a closing handshake."""
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.pause_reading()

    def drop(self) -> None:
        """Break the connection without a closing handshake."""
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.abort()


PeerT = TypeVar("PeerT", bound=Peer)


class SocketServer(Server, Generic[PeerT]):
    """Hands out connections. `refusals` holds HTTP statuses for the next upgrades."""

    def __init__(self, path: str, make_peer: Callable[[web.WebSocketResponse, asyncio.BaseTransport], PeerT]) -> None:
        super().__init__()
        self.refusals: list[int] = []
        self._path = path
        self._make_peer = make_peer
        self._peers: asyncio.Queue[PeerT] = asyncio.Queue()

    @property
    def url(self) -> str:
        return f"ws://{self.host}{self._path}"

    async def accept(self) -> PeerT:
        """The next connection."""
        return await soon(self._peers.get())

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self.refusals:
            return web.Response(status=self.refusals.pop(0))
        socket = web.WebSocketResponse(compress=False, autoping=False)
        await socket.prepare(request)
        assert request.transport is not None
        peer = self._make_peer(socket, request.transport)
        self._peers.put_nowait(peer)
        async for message in socket:
            match message.type:
                case WSMsgType.PING:
                    await socket.pong(message.data)
                case WSMsgType.PONG:
                    peer.pongs.put_nowait(message.data)
                case kind:
                    assert kind is WSMsgType.TEXT, "the client sends text frames"
                    peer.inbox.put_nowait(message.data)
        return socket


# --- time ---


class ManualTime:
    """Waiting that ends only when the test says so."""

    def __init__(self) -> None:
        self._now_ns = 0
        self._waiting: list[tuple[int, timedelta, asyncio.Future[None]]] = []
        self._changed = asyncio.Event()

    def monotonic_ns(self) -> int:
        return self._now_ns

    async def pass_once_awaited(self, span: timedelta) -> None:
        """Wait until somebody waits for exactly this span, then move to the moment when that wait ends.

        What is due by then ends too.
        """
        self._now_ns = await soon(self._until_awaited(span))
        for due_ns, _, ended in self._waiting:
            if due_ns <= self._now_ns and not ended.done():
                ended.set_result(None)

    async def _until_awaited(self, span: timedelta) -> int:
        """When the first wait of this length ends."""
        while True:
            for due_ns, waiting, ended in self._waiting:
                if waiting == span and not ended.done():
                    return due_ns
            self._changed.clear()
            await self._changed.wait()

    async def sleep(self, span: timedelta) -> None:
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (self._now_ns + _in_ns(span), span, ended)
        self._waiting.append(entry)
        self._changed.set()
        try:
            await ended
        finally:
            self._waiting.remove(entry)


def _in_ns(span: timedelta) -> int:
    return span // timedelta(microseconds=1) * 1_000
