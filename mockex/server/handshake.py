"""The way into a listener over TLS: shaking hands, and then the same connection as anywhere else.

Owns connections whose handshake is not over. `asyncio` shows them to nobody, so a client that connects and says nothing would
outlive the server. Knows neither HTTP nor where the certificate comes from.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, cast
from weakref import WeakSet

if TYPE_CHECKING:
    import ssl

_FAREWELL_SECONDS = 1.0
"""For a client to answer the end of its TLS session; then its connection is closed all the same."""


class TlsDoor:
    """Makes the protocol of each new connection. `inside` makes the one that gets it, decrypted, after the handshake."""

    def __init__(
        self, inside: Callable[[], asyncio.Protocol], context: ssl.SSLContext, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._inside = inside
        self._context = context
        self._loop = loop
        self._handshakes: set[asyncio.Task[None]] = set()
        self._connected: WeakSet[socket.socket] = WeakSet()

    def __call__(self) -> asyncio.Protocol:
        return _Arrival(self)

    def let_in(self, connected: socket.socket) -> None:
        """Takes over a connection of which nothing has been read."""
        self._connected.add(connected)
        handshake = self._loop.create_task(self._shake_hands(connected))
        self._handshakes.add(handshake)
        handshake.add_done_callback(self._handshakes.discard)

    async def _shake_hands(self, connected: socket.socket) -> None:
        with suppress(OSError):  # no TLS, a certificate that the client does not trust, or it has left: its own affair
            await self._loop.connect_accepted_socket(
                self._inside, connected, ssl=self._context, ssl_shutdown_timeout=_FAREWELL_SECONDS
            )

    async def close(self) -> None:
        """Cuts off everybody who came in here and is still connected, whatever state the connection is in."""
        for connected in self._connected:
            with suppress(OSError):  # closed already
                connected.shutdown(socket.SHUT_RDWR)
        for handshake in self._handshakes:
            handshake.cancel()
        await asyncio.gather(*self._handshakes, return_exceptions=True)
        await asyncio.sleep(0)  # over TLS the end takes two turns of the loop, one for each layer


class _Arrival(asyncio.Protocol):
    """A connection that has just been made. Its socket is taken away from it before it reads anything: a transport that has
    begun to read cannot be told to shake hands without losing what it has read.
    """

    def __init__(self, door: TlsDoor) -> None:
        self._door = door

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        outer = cast(asyncio.Transport, transport)
        try:
            connected = outer.get_extra_info("socket").dup()
        except OSError:  # no file descriptor is left
            outer.abort()
            return
        outer.abort()  # the duplicate stays open
        self._door.let_in(connected)
