"""Clients that say exactly what a test wants them to say, byte by byte, and what the tests look at afterwards."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from mockex.server.runner import Server, ServerSettings, TlsSettings, VenueUrls
from mockex.server.wallclock import ClockMode
from mockex.simulation import Simulation
from mockex.world import WorldSettings

TOY = "toyx"
TOY_FOLDER = Path(__file__).parent / "toy_venue"
START_NS = 1_700_000_000_000_000_000  # Tue, 14 Nov 2023 22:13:20 GMT

PATIENCE_SECONDS = 60.0
"""For what must happen; a failing test waits this long, a passing one never."""

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_MASK = b"\x12\x34\x56\x78"


def toy_settings(
    *, clock: ClockMode = "frozen", ports: dict[str, int] | None = None, tls: TlsSettings | None = None, **world: Any
) -> ServerSettings:
    """A quiet world at `START_NS`."""
    settings = WorldSettings(**{"start_ns": START_NS, "venues": (TOY,), "market": "quiet", **world})
    return ServerSettings(world=settings, clock=clock, ports=ports or {}, tls=tls)


def simulation(server: Server) -> Simulation:
    return server.world.simulations[TOY]


def orders_in_book(server: Server) -> int:
    return len(list(simulation(server).desk.exchange.orders.live_orders()))


def rest_url(server: Server) -> str:
    return server.urls.venues[TOY].rest


def ws_url(server: Server) -> str:
    return server.urls.venues[TOY].ws["main"]


def tls_urls(server: Server) -> VenueUrls:
    """Of a server that was asked for TLS."""
    assert server.urls.tls is not None
    return server.urls.tls.venues[TOY]


def trusting(server: Server) -> ssl.SSLContext:
    """What a client has that trusts the server's authority, and nobody else."""
    assert server.urls.tls is not None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(server.urls.tls.ca)
    return context


async def until(condition: Callable[[], bool]) -> None:
    """Waits for something that must come to pass."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  # what is waited for happens in the server, which tells nobody
            await asyncio.sleep(0.001)


def assert_no_complaint(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing a client did is an error of this program."""
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []


class HttpAnswer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class RawClient:
    """One TCP connection to the toy exchange, over TLS if the client knows it by a `tls_name`. Leave with `async with`."""

    def __init__(self, server: Server, *, receive_buffer: int | None = None, tls_name: str | None = None) -> None:
        address = urlsplit(rest_url(server) if tls_name is None else tls_urls(server).rest)
        self._address = (address.hostname, address.port)
        self._receive_buffer = receive_buffer
        self._tls: dict[str, Any] = {} if tls_name is None else {"ssl": trusting(server), "server_hostname": tls_name}

    async def __aenter__(self) -> RawClient:
        connected = socket.socket()
        if self._receive_buffer is not None:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer)
        connected.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connected, self._address)
        self.reader, self.writer = await asyncio.open_connection(sock=connected, limit=2**24, **self._tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await self.writer.wait_closed()

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def cut(self) -> None:
        """Resets the connection, as a process that dies does."""
        self.writer.transport.abort()

    # --- HTTP

    async def answer(self, *, bodiless: bool = False) -> HttpAnswer:
        """The next response."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status_line, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            length = 0 if bodiless else int(headers.get("content-length", "0"))
            return HttpAnswer(int(status_line.split(" ")[1]), headers, await self.reader.readexactly(length))

    async def ask(self, request: bytes) -> HttpAnswer:
        self.send(request)
        return await self.answer()

    async def rest(self) -> bytes:
        """Everything until the server closes; also if it resets."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""

    # --- WebSocket

    async def upgrade(self, path: str = "/ws", *lines: str) -> HttpAnswer:
        key = base64.b64encode(b"0123456789abcdef").decode()
        head = [f"GET {path} HTTP/1.1", "Host: toy", "Upgrade: websocket", "Connection: Upgrade"]
        head += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", *lines]
        return await self.ask("\r\n".join([*head, "", ""]).encode())

    async def frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8), "big")
            assert first & 0x70 == 0, "reserved bits"
            return first & 0x0F, await self.reader.readexactly(size)

    async def close_code(self) -> tuple[int | None, str]:
        """Skips frames up to the close frame."""
        while True:
            opcode, payload = await self.frame()
            if opcode == CLOSE:
                return (int.from_bytes(payload[:2], "big") if payload else None), payload[2:].decode()

    def say(self, text: str) -> None:
        self.send(client_frame(TEXT, text.encode()))


def client_frame(opcode: int, payload: bytes, *, first: int | None = None) -> bytes:
    """A masked frame. `first`: the whole first byte, for frames that are wrong."""
    size = len(payload)
    if size < 126:
        length = bytes((0x80 | size,))
    elif size < 65_536:
        length = bytes((0x80 | 126,)) + size.to_bytes(2, "big")
    else:
        length = bytes((0x80 | 127,)) + size.to_bytes(8, "big")
    masked = bytes(byte ^ _MASK[index % 4] for index, byte in enumerate(payload))
    return bytes((0x80 | opcode if first is None else first,)) + length + _MASK + masked


def get(target: str, *lines: str, method: str = "GET", version: str = "HTTP/1.1") -> bytes:
    """A request without a body."""
    return "\r\n".join([f"{method} {target} {version}", "Host: toy", *lines, "", ""]).encode("utf-8", "surrogateescape")


def post(target: str, body: bytes, *lines: str) -> bytes:
    return get(target, f"Content-Length: {len(body)}", *lines, method="POST") + body


def signed_order(server: Server, key_name: str, body: bytes, *lines: str, target: str = "/v1/orders") -> bytes:
    """An order of one of the demo accounts, with the toy's signature: the digest of target and body."""
    material = simulation(server).keys[key_name].material
    signature = hmac.new(material.secret.encode(), target.encode() + body, hashlib.sha256).hexdigest()
    return post(target, body, f"X-Key: {material.api_key}", f"X-Sign: {signature}", *lines)
