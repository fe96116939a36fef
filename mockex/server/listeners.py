"""Ports: taking them, all or none, and letting go of them with everybody who is connected.

Owns sockets that listen and aiohttp's low-level servers behind them. Knows no world and no venue.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

from aiohttp import web

from mockex.server.express import ExpressLane
from mockex.server.handshake import TlsDoor
from mockex.server.http import BAD_REQUEST, CompleteResponse, complete_response, connection_logger

if TYPE_CHECKING:
    import ssl

Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
OnUnreadable: TypeAlias = Callable[[web.BaseRequest, CompleteResponse], None]
MakeLane: TypeAlias = Callable[[Callable[[], asyncio.Protocol]], ExpressLane]

_BACKLOG = 1_024
_LINGER_SECONDS = 2.0  # for reading on after a refusal that came before the end of the body
_SHUTDOWN_SECONDS = 0.25  # for requests that are still arriving when the server stops

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses that a server listens at, and the one that a client on the same machine connects to."""


class CannotListen(Exception):  # noqa: N818  # one clear line for whoever started the server
    """A host or port that the server cannot have, or a certificate that it cannot show."""


class PortBusy(CannotListen):
    """Somebody else listens there. `name`: who wanted it."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


def bind_all(host: str, ports: Mapping[str, int]) -> dict[str, socket.socket]:
    """A listening socket for each name; port 0 takes any free one. `PortBusy` or another `CannotListen`, and none is kept."""
    sockets: dict[str, socket.socket] = {}
    try:
        for name, port in ports.items():
            sockets[name] = _bind(host, port, name)
    except CannotListen:
        for bound in sockets.values():
            bound.close()
        raise
    return sockets


def reachable_host(listening: socket.socket) -> str:
    """The address by which a client on the same machine reaches a listening socket."""
    host: str = listening.getsockname()[0]
    return _ANY_ADDRESS.get(host, host)


def _bind(host: str, port: int, name: str) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((address[0], port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortBusy(f"port {port} at {host}, wanted for {name}, is in use", name) from None
        # The exception's own text repeats the address; name resolution has error numbers of its own, all negative.
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        raise CannotListen(f"cannot listen at {host} port {port} for {name}: {why}") from None
    except ValueError:  # a label that is empty or too long, a NUL: no name that could be looked up
        raise CannotListen(f"cannot listen at {host!r} port {port} for {name}: no name of a host") from None


class Listener:
    """One port and the connections that came in through it. Made by `open`."""

    def __init__(
        self,
        listening: socket.socket,
        server: web.Server,
        runner: web.ServerRunner,
        *,
        lane: ExpressLane | None,
        door: TlsDoor | None,
    ) -> None:
        host, port = reachable_host(listening), listening.getsockname()[1]
        self.authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._server = server
        self._runner = runner
        self._lane = lane
        self._door = door
        self._accepting: asyncio.AbstractServer | None = None

    @classmethod
    async def open(
        cls,
        listening: socket.socket,
        handler: Handler,
        *,
        now_ns: Callable[[], int],
        lane: MakeLane | None = None,
        on_unreadable: OnUnreadable | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> Listener:
        """Serves `handler` at a bound socket, which it owns from now on. `now_ns`: the world's time. `lane`: makes the short
        way for plain requests, given the long one. `on_unreadable` sees the refusals of what is no HTTP. `tls` None: no TLS.
        """
        loop = asyncio.get_running_loop()
        server = web.Server(handler)
        runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_SECONDS)
        await runner.setup()

        def long_way() -> asyncio.Protocol:
            return _Talk(server, now_ns, loop, on_unreadable)

        short_way = lane(long_way) if lane else None
        way = short_way or long_way
        door = None if tls is None else TlsDoor(way, tls, loop)
        listener = cls(listening, server, runner, lane=short_way, door=door)
        listener._accepting = await loop.create_server(door or way, sock=listening, backlog=_BACKLOG)
        return listener

    def stop_accepting(self) -> None:
        """New clients are turned away; those that are connected stay."""
        if self._accepting is not None:
            self._accepting.close()

    async def close(self) -> None:
        """Ends every connection: at once if it is idle, after a short while if a request is under way."""
        transports = [connection.transport for connection in self._server.connections]
        if self._lane is not None:
            idle = list(self._lane.transports)
            transports.extend(idle)
            for waiting in idle:
                waiting.close()  # which says goodbye over TLS
        await self._runner.cleanup()
        for transport in transports:
            if transport is not None:
                transport.abort()  # what a client does not read is not waited for
        if self._door is not None:
            await self._door.close()
        await asyncio.sleep(0)  # the transports let go of their sockets in the next turn of the loop


class _Talk(web.RequestHandler):
    """aiohttp's side of one connection, except that what it cannot read gets our answer: its own quotes its insides."""

    __slots__ = ("_now_ns", "_on_unreadable")

    def __init__(
        self,
        server: web.Server,
        now_ns: Callable[[], int],
        loop: asyncio.AbstractEventLoop,
        on_unreadable: OnUnreadable | None,
    ) -> None:
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's way to have none, though it declares a logger
            logger=connection_logger(),
            auto_decompress=False,
            lingering_time=_LINGER_SECONDS,
        )
        self._now_ns = now_ns
        self._on_unreadable = on_unreadable

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """400 is what the parser says; everything else is a bug that `super` reports."""
        response = super().handle_error(request, status, exc, message)
        if status == HTTPStatus.BAD_REQUEST:
            refusal = complete_response(request, BAD_REQUEST, self._now_ns(), then_close=True)
            if self._on_unreadable is not None:
                self._on_unreadable(request, refusal)
            return refusal
        return response
