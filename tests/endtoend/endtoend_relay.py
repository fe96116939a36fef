"""A TCP relay between client and simulator: it keeps what the server sent, byte for byte, and can break the line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Relay:
    """`received`: what the server has sent on each connection, in the order in which they were opened."""

    def __init__(self, target: str) -> None:
        """`target`: a URL, of which host and port count."""
        address = urlsplit(target)
        self._target = (address.hostname, address.port)
        self.received: list[bytearray] = []
        self.is_down = False
        self.swallows = False
        self._forwards = asyncio.Event()
        self._forwards.set()
        self._holds_answers = False
        self._writers: dict[asyncio.StreamWriter, None] = {}
        self._authority = ""

    def through(self, url: str) -> str:
        """The same URL by way of the relay."""
        address = urlsplit(url)
        return address._replace(netloc=self._authority).geturl()

    def cut(self) -> None:
        """Resets every connection that is open, in both directions. What is held back is lost."""
        for writer in self._writers:
            writer.transport.abort()

    def fail(self) -> None:
        """Cuts, and hangs up on everybody who calls until `mend`."""
        self.is_down = True
        self.cut()

    def swallow_answers(self) -> None:
        """Requests still arrive; the next bytes of the server are lost, and the line with them, until `mend`."""
        self.swallows = True

    def stall(self) -> None:
        """Nothing gets through, and nobody is told, until `mend`."""
        self._forwards.clear()

    def hold_answers(self) -> None:
        """Requests still arrive; what the server says waits for `mend`."""
        self._holds_answers = True
        self.stall()

    def mend(self) -> None:
        """All is well from now on. What was held back arrives, unless the line was cut."""
        self.is_down = self.swallows = self._holds_answers = False
        self._forwards.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_down:
            writer.transport.abort()
            return
        with suppress(ConnectionError):
            upstream_reader, upstream = await asyncio.open_connection(*self._target)
            kept = bytearray()
            self.received.append(kept)
            self._writers |= {writer: None, upstream: None}
            await asyncio.gather(self._pump(reader, upstream, None), self._pump(upstream_reader, writer, kept))
            for each in (writer, upstream):
                self._writers.pop(each, None)
                each.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray | None) -> None:
        """One direction, until it ends; the end is passed on. `kept` takes what the server says."""
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                if kept is not None:
                    if self.swallows:
                        self.cut()
                        return
                    kept += data
                if kept is not None or not self._holds_answers:
                    await self._forwards.wait()
                writer.write(data)
                await writer.drain()
        with suppress(OSError, RuntimeError):  # closed already
            writer.write_eof()


@asynccontextmanager
async def relay(target: str) -> AsyncIterator[Relay]:
    opened = Relay(target)
    server = await asyncio.start_server(opened._serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    opened._authority = f"{host}:{port}"
    try:
        yield opened
    finally:
        server.close()
        opened.fail()
        opened.mend()  # for whoever waits
