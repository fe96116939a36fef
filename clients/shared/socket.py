"""One WebSocket as a client uses it: frames out, frames in, pings, and its end as the client's own errors.

Owns: the socket.
Must not know: what frames mean, heartbeats, reconnection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

import websockets
from websockets.asyncio.client import ClientConnection, connect


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketErrors:
    """How a client names what befalls a socket."""

    refused: Callable[[int, str], Exception]
    """The upgrade was answered with another HTTP status."""

    failed: Callable[[str], Exception]
    """No connection came about."""

    lost: Callable[[str, int | None], Exception]
    """The connection ended; with its close code, if there was one."""


class Socket:
    """An open WebSocket without compression and without pings of its own."""

    __slots__ = ("_errors", "_socket")

    def __init__(self, socket: ClientConnection, errors: SocketErrors) -> None:
        self._socket = socket
        self._errors = errors

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        errors: SocketErrors,
        connect_within: timedelta,
        close_within: timedelta,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Connect, with `headers` besides those of the protocol. The error of `refused` or `failed`."""
        try:
            socket = await connect(
                url,
                compression=None,
                ping_interval=None,
                open_timeout=connect_within.total_seconds(),
                close_timeout=close_within.total_seconds(),
                max_size=max_bytes,
                additional_headers=headers,
            )
        except websockets.InvalidStatus as error:
            status = error.response.status_code
            raise errors.refused(status, f"{url} answered HTTP {status}") from error
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            raise errors.failed(f"no connection to {url}: {error}") from error
        return cls(socket, errors)

    async def send(self, text: str) -> None:
        """Send a text frame."""
        try:
            await self._socket.send(text)
        except websockets.ConnectionClosed as closed:
            raise self._lost(closed) from closed

    async def receive(self) -> bytes | str:
        """The next frame. Pings of the other side are answered meanwhile."""
        try:
            return await self._socket.recv()
        except websockets.ConnectionClosed as closed:
            raise self._lost(closed) from closed

    async def pong(self) -> None:
        """Send a pong frame that nobody asked for."""
        try:
            await self._socket.pong()
        except websockets.ConnectionClosed as closed:
            raise self._lost(closed) from closed

    async def round_trip(self) -> None:
        """Wait for the answer to a ping frame. What the other side had written before it has been received by then."""
        try:
            await asyncio.shield(await self._socket.ping())  # the future belongs to the socket, also after a cancellation
        except websockets.ConnectionClosed as closed:
            raise self._lost(closed) from closed

    async def close(self) -> None:
        """Close the socket. Harmless to repeat. A cancellation cuts the wait for the other side short, not the closing."""
        try:
            await self._socket.close()
        except asyncio.CancelledError:
            self._socket.transport.abort()
            raise

    def _lost(self, closed: websockets.ConnectionClosed) -> Exception:
        if closed.rcvd is None:
            return self._errors.lost("the connection broke", None)
        return self._errors.lost(closed.rcvd.reason or "the venue closed the connection", closed.rcvd.code)
