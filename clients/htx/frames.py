"""Frames of the sockets, and what a dialect must be able to say.

Owns: the frames that both dialects decode to, inflation, and the interface `Dialect`. The market sockets and the account socket
speak differently (`market_socket`, `account_socket`); everything else of a stream is the same.
Must not know: connections, subscriptions, time.
Source: HTX document, "Websocket Market Data - Data Format"; htx§5, htx§6.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from .errors import HtxError, MalformedReplyError
from .events import AnswerValue, PushValue
from .fields import Row
from .vocabulary import StreamOp

#: A frame that inflates to more is no frame of this venue: a book of 5000 levels takes about 300 kB.
MAX_FRAME_BYTES = 16 * 1024 * 1024

_GZIP = 16 + zlib.MAX_WBITS

#: A JSON object to send.
Message = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """The venue asks whether the client is there; `stamp` must come back."""

    stamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """The venue took a subscription, or its end."""

    op: StreamOp
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The venue's answer to a login; `error` is None if it succeeded."""

    error: HtxError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A refusal. The market sockets name the request by its id, the account socket by operation and topic."""

    error: HtxError
    request_id: str | None = None
    op: StreamOp | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a request for data, not yet decoded."""

    request_id: str
    channel: str
    message: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A push, not yet decoded."""

    channel: str
    message: Row


Frame = Ping | Acknowledged | LoggedIn | Refused | Answer | Data


class Dialect(Protocol):
    """How one kind of socket speaks. Nothing here waits or keeps state."""

    def login(self) -> Message | None:
        """The request to log in, signed at the present time; None if the socket knows no login."""

    def subscription(self, op: StreamOp, channel: str, request_id: str) -> Message:
        """The request to subscribe or unsubscribe."""

    def request(self, channel: str, request_id: str, bounds: Mapping[str, int]) -> Message:
        """The request for data. ValueError if the socket knows none."""

    def pong(self, ping: Ping) -> Message:
        """The answer to a ping."""

    def decode(self, payload: object) -> Frame:
        """The meaning of a JSON message. MalformedReplyError if it has none."""

    def decode_push(self, data: Data) -> PushValue:
        """The value of a push. MalformedReplyError if it is not what the document describes."""

    def decode_answer(self, answer: Answer) -> AnswerValue:
        """The value of an answer. MalformedReplyError if it is not what the document describes."""


def inflate(message: bytes | str) -> str:
    """The text of a frame. Binary frames hold one complete gzip member each; text frames are taken as they are.

    MalformedReplyError for data that is cut, followed by more, too long or not UTF-8.
    """
    if isinstance(message, str):
        return message
    inflater = zlib.decompressobj(_GZIP)
    try:
        text = inflater.decompress(message, MAX_FRAME_BYTES)
        if not inflater.eof or inflater.unused_data:
            raise MalformedReplyError("a binary frame is not one complete gzip member")
        return text.decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise MalformedReplyError(f"a binary frame cannot be inflated: {error}") from error
