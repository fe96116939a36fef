"""What crosses the line between the server and a venue: a request, a response, a WebSocket frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

TEXT = 0x1
BINARY = 0x2
PING = 0x9
PONG = 0xA


class WireRequest(NamedTuple):
    """One HTTP request as it arrived. `path` and `query` are raw, as signatures need them; header names are lower case.

    `ends_in_mark`: the target ends in a question mark with nothing behind it, which a client that sends it also signs.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    peer_ip: str
    ends_in_mark: bool = False

    @property
    def target(self) -> str:
        """Path and query as in the request line."""
        return f"{self.path}?{self.query}" if self.query or self.ends_in_mark else self.path


class WireResponse(NamedTuple):
    """`error`: the venue's code, where the response says that something went wrong; it is not sent as such."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"
    error: str | None = None


class Push(NamedTuple):
    """What a frame is a push of: a channel in the venue's canonical spelling; `opening`: what a new subscriber gets at once."""

    channel: str
    opening: bool


class Frame(NamedTuple):
    """One server message as the bytes of an unmasked WebSocket frame, made once for all readers.

    A frame may wait long for a slow reader, so it holds nothing twice: `payload_at` is where its payload begins in `wire`, and
    `unpack` gives what a compressed payload says. `unpack` None: the payload itself. `push` None: an answer, not a push.
    """

    wire: bytes
    payload_at: int
    unpack: Callable[[bytes], bytes] | None = None
    push: Push | None = None

    @property
    def payload(self) -> bytes:
        """What the frame carries, as compressed as it is sent."""
        return self.wire[self.payload_at :]

    @property
    def message(self) -> bytes:
        """What it says, uncompressed. Worked out anew at every call."""
        return self.payload if self.unpack is None else self.unpack(self.payload)

    @property
    def is_control(self) -> bool:
        """Whether it belongs to the protocol itself, not to the conversation. RFC 6455 section 5.5."""
        return bool(self.wire[0] & 0x08)

    def pushed(self, push: Push) -> Frame:
        """The same frame as a push."""
        return Frame(self.wire, self.payload_at, self.unpack, push)

    @classmethod
    def of(cls, payload: bytes, opcode: int, *, unpack: Callable[[bytes], bytes] | None = None) -> Frame:
        """A whole, final frame. `opcode`: TEXT or BINARY. RFC 6455 section 5.2. `unpack`: what a compressed payload says."""
        size = len(payload)
        first = 0x80 | opcode
        if size < 126:
            header = bytes((first, size))
        elif size < 65_536:
            header = bytes((first, 126)) + size.to_bytes(2, "big")
        else:
            header = bytes((first, 127)) + size.to_bytes(8, "big")
        return cls(header + payload, len(header), unpack)
