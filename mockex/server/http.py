"""HTTP between aiohttp and the wire: a request becomes a `WireRequest`, a `WireResponse` becomes one write.

Owns the bound of a body, `Expect: 100-continue`, the raw form of the target and the bytes of a response's head. Knows no venue.

Signatures cover what was sent, so nothing is decoded on the way: target and headers are text with bytes that are no UTF-8 as
lone surrogates, and a compressed body stays compressed (which also leaves nothing to inflate without bound).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from aiohttp import ClientError, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpProcessingError, HttpVersion10

from mockex.wire.messages import WireRequest, WireResponse

SERVER_NAME = "mockex"

PATIENCE_SECONDS = 30.0
"""For the next piece of a body. Without a limit a chunk that is framed wrongly would never be answered: aiohttp tells the
connection of it, but not the request whose body it broke.
"""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_BODILESS_STATUSES = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})  # RFC 9110 sections 15.3.5 and 15.4.5
_NS_PER_SECOND = 1_000_000_000

# What reading a body may raise because of what the client sent, or because it left.
_CLIENT_MISTAKES = (web.RequestPayloadError, HttpProcessingError, ClientError, ConnectionError)

BAD_REQUEST = WireResponse(400, b"400 Bad Request\n", content_type="text/plain")
"""For what is no HTTP request at all; every other refusal is the venue's own."""


class BodyTooLarge(Exception):  # noqa: N818  # the client's mistake, not an error of this program
    """More body than the venue takes. The rest of it has not been read."""


class BodyBroken(Exception):  # noqa: N818  # the client's mistake, not an error of this program
    """The client left or fell silent in the middle of a body, or framed it wrongly."""


async def read_body(request: web.BaseRequest, max_bytes: int, *, patience_seconds: float = PATIENCE_SECONDS) -> bytes:
    """The body as it was sent. `BodyTooLarge` before more than about `max_bytes` are held, `BodyBroken` if it never ends or
    nothing more of it comes for `patience_seconds`.
    """
    content = request.content
    try:
        if content.is_eof():  # the body came along with the head, or there is none: nearly every request
            body: bytes = content.read_nowait()
            if len(body) > max_bytes:
                raise BodyTooLarge
            return body
        if (request.content_length or 0) > max_bytes:
            raise BodyTooLarge
        transport = request.transport
        if transport is None:  # reset before we got round to it
            raise BodyBroken
        if request.headers.get("Expect", "").lower() == "100-continue":
            transport.write(_CONTINUE)
        chunks: list[bytes] = []
        size = 0
        while not content.at_eof():
            async with asyncio.timeout(patience_seconds):
                chunk = await content.readany()
            size += len(chunk)
            if size > max_bytes:
                raise BodyTooLarge
            chunks.append(chunk)
        return b"".join(chunks)
    except (*_CLIENT_MISTAKES, TimeoutError):
        raise BodyBroken from None


def wire_request(request: web.BaseRequest, body: bytes) -> WireRequest:
    """The request as a venue sees it. The header mapping finds a name in any case, so also in lower case."""
    target = request.raw_path
    path, query = split_target(target)
    return WireRequest(request.method, path, query, request.headers, body, request.remote or "", target.endswith("?"))


def split_target(target: str) -> tuple[str, str]:
    """Raw path and raw query of a request target. The absolute form counts as its path (RFC 9112, 3.2.2)."""
    path, _, query = target.partition("?")
    if not path.startswith("/"):
        _, scheme_end, rest = path.partition("://")
        if scheme_end:
            path = "/" + rest.partition("/")[2]
    return path, query


class CompleteResponse(web.StreamResponse):
    """A response whose bytes are all there: head and body leave in one write, and no header is thought about twice.

    `on_end`, where somebody has set it, is told whether the bytes were handed to the client's socket.
    """

    def __init__(self, wire: bytes, *, keep_alive: bool) -> None:
        super().__init__()
        self.wire = wire
        self.on_end: Callable[[bool], None] | None = None
        self._stays_open = keep_alive
        self._written = False

    @property
    def keep_alive(self) -> bool:
        return self._stays_open

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        self.write_now(request)
        if request.transport is None or request.transport.is_closing():
            raise ConnectionResetError("the client is gone")  # the caller expects it and moves on
        await request.writer.drain()  # a client that does not read what it asked for gets no further answers
        return None

    def write_now(self, request: web.BaseRequest) -> None:
        """Hands the bytes to the client's socket, if it is still there. Only once, whoever calls it."""
        if self._written:
            return
        self._written = True
        transport = request.transport
        if transport is None or transport.is_closing():
            self.lose()
            return
        transport.write(self.wire)
        if self.on_end is not None:
            self.on_end(True)

    def lose(self) -> None:
        """The bytes never leave."""
        if self.on_end is not None:
            self.on_end(False)

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to write."""


def complete_response(
    request: web.BaseRequest, response: WireResponse, now_ns: int, *, then_close: bool = False
) -> CompleteResponse:
    """`response` for the client of `request`. The connection stays open if the client wants that and `then_close` is unset."""
    keep_alive = request.keep_alive and not then_close
    if not keep_alive:
        connection = "Connection: close\r\n"
    elif request.version == HttpVersion10:
        connection = "Connection: keep-alive\r\n"
    else:
        connection = ""
    wire = encode_response(response, now_ns, connection=connection, omit_body=request.method == "HEAD")
    return CompleteResponse(wire, keep_alive=keep_alive)


def encode_response(response: WireResponse, now_ns: int, *, connection: str = "", omit_body: bool = False) -> bytes:
    """The bytes of a response. `connection` is a whole header line or nothing. ValueError for a line break in a header."""
    status, body, headers, content_type, _ = response
    fields = "".join([f"{name}: {value}\r\n" for name, value in headers]) if headers else ""
    if fields.count("\n") != len(headers) or fields.count("\r") != len(headers):
        raise ValueError("a response header contains a line break")
    if status in _BODILESS_STATUSES:
        body, length = b"", ""
    else:
        length = f"Content-Length: {len(body)}\r\n"
    head = (
        f"{_opening(status, content_type)}{length}Date: {http_date(now_ns // _NS_PER_SECOND)}\r\n{fields}{connection}\r\n"
    ).encode("utf-8", "surrogateescape")
    return head if omit_body else head + body


def decode_response(wire: bytes) -> tuple[dict[str, str], bytes]:
    """Header fields by lower-case name, and the body, of what `encode_response` has made. Of a name that is there several times
    the values stand together, as RFC 9110 section 5.2 has it.
    """
    head, _, body = wire.partition(b"\r\n\r\n")
    fields: dict[str, str] = {}
    for line in head.decode("utf-8", "backslashreplace").split("\r\n")[1:]:
        name, _, value = line.partition(": ")
        _add_field(fields, name, value)
    return fields, body


def header_fields(request: web.BaseRequest) -> dict[str, str]:
    """A request's header fields by lower-case name, put together as in `decode_response`."""
    fields: dict[str, str] = {}
    for name, value in request.headers.items():
        _add_field(fields, name, value)
    return fields


def _add_field(fields: dict[str, str], name: str, value: str) -> None:
    lowered = name.lower()
    fields[lowered] = f"{fields[lowered]}, {value}" if lowered in fields else value


def peer_of(request: web.BaseRequest) -> str | None:
    """The client's own end of the connection, as address and port; None if it is gone already."""
    peer = None if request.transport is None else request.transport.get_extra_info("peername")
    if not peer:
        return None
    host, port = peer[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@lru_cache(maxsize=256)
def _opening(status: int, content_type: str) -> str:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:  # a venue's own status
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\nServer: {SERVER_NAME}\r\nContent-Type: {content_type}\r\n"


@lru_cache(maxsize=16)
def http_date(second: int) -> str:
    """`Sun, 06 Nov 1994 08:49:37 GMT` of seconds since 1970 (RFC 9110, 5.6.7)."""
    return formatdate(second, usegmt=True)


class _ClientMistakeFilter(logging.Filter):
    """What a client did wrong is no event of this program: aiohttp reports it with a traceback, which would bury real bugs."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        return not isinstance(error, _CLIENT_MISTAKES)


def connection_logger() -> logging.Logger:
    """For aiohttp's own reports about connections."""
    logger = logging.getLogger("mockex.server.connections")
    if not logger.filters:
        logger.addFilter(_ClientMistakeFilter())
    return logger
