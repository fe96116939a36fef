"""What a stream tells its readers.

Owns: the frames of the wire after inflation, the typed events, and the way from one to the other.
Must not know: connections, subscriptions, time.
Source: OKCoin Japan v3 document, "WebSocket".
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .error_codes import stream_failure
from .errors import MalformedReplyError, OkcoinError
from .fields import Row, rows
from .market_models import (
    BookSnapshot,
    Candle,
    DepthChange,
    Ticker,
    Trade,
    decode_book,
    decode_candle_row,
    decode_depth_change,
    decode_ticker,
    decode_trade,
)
from .trading_models import Balance, OrderUpdate, decode_balance, decode_order_update
from .vocabulary import DepthAction, StreamOp

PONG = "pong"

#: A frame that inflates to more is no frame of this venue: a book of 400 levels takes 30 kB.
MAX_FRAME_BYTES = 16 * 1024 * 1024

# --- events ---


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPush:
    """An element of a table that this client does not know."""

    table: str
    fields: Mapping[str, object]


PushValue = Ticker | Candle | Trade | BookSnapshot | DepthChange | Balance | OrderUpdate | RawPush


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One element of a data message. `channel` is table and filter as the venue spells them."""

    channel: str
    value: PushValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Logged in, if there are credentials, and subscriptions sent again. `reconnections` is 0 for the first time."""

    reconnections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """The connection is gone, or an attempt to renew it failed. Messages may have been missed."""

    error: OkcoinError


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRefused:
    """The venue refused a channel, which is no longer subscribed."""

    channel: str
    error: OkcoinError


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReported:
    """An error event that belongs to no request of this client, or a message of unexpected shape."""

    error: OkcoinError


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The stream is closed for good: the last event."""


StreamEvent = Push | Connected | Disconnected | ChannelRefused | ErrorReported | Closed

# --- frames ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """The venue took a subscription, or its end."""

    op: StreamOp
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The venue's answer to a login. A refusal normally comes as an error event instead."""

    success: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An error event."""

    error: OkcoinError


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A data message: one row per element."""

    table: str
    action: str | None
    rows: tuple[Row, ...]


Frame = Acknowledged | LoggedIn | Refused | Data


def inflate(message: bytes | str) -> str:
    """The text of a frame. Binary frames hold one complete raw-deflate stream each; text frames are taken as they are.

    MalformedReplyError for data that is cut, followed by more, too long or not UTF-8.
    """
    if isinstance(message, str):
        return message
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        text = inflater.decompress(message, MAX_FRAME_BYTES)
        if not inflater.eof or inflater.unused_data:
            raise MalformedReplyError("a binary frame is not one complete deflate stream")
        return text.decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise MalformedReplyError(f"a binary frame cannot be inflated: {error}") from error


def decode_frame(payload: object) -> Frame:
    """The meaning of a JSON message. MalformedReplyError if it has none."""
    row = Row.of(payload, "stream message")
    if "table" in row.raw:
        table = row.text("table")
        return Data(table=table, action=row.optional_text("action"), rows=tuple(rows(row.get("data"), table)))
    match row.text("event"):
        case StreamOp.SUBSCRIBE | StreamOp.UNSUBSCRIBE as op:
            return Acknowledged(op=StreamOp(op), channel=row.text("channel"))
        case StreamOp.LOGIN:
            return LoggedIn(success=row.flag("success"))
        case "error":
            return Refused(error=stream_failure(row.raw))
        case event:
            raise MalformedReplyError(f"unknown event {event!r}")


_DECODERS: Mapping[str, Callable[[Row], PushValue]] = MappingProxyType(
    {
        "spot/ticker": decode_ticker,
        "spot/trade": decode_trade,
        "spot/depth5": decode_book,
        "spot/account": decode_balance,
        "spot/order": decode_order_update,
    }
)
_DEPTH_TABLES = frozenset({"spot/depth", "spot/depth_l2_tbt"})
_CANDLE_PREFIX = "spot/candle"


def decode_push(data: Data, row: Row) -> Push:
    """One element of a data message as a typed push."""
    return Push(channel=f"{data.table}:{_filter_of(row)}", value=_decode_value(data, row))


def _decode_value(data: Data, row: Row) -> PushValue:
    if data.table in _DEPTH_TABLES:
        try:
            action = DepthAction(data.action or "")
        except ValueError:
            raise MalformedReplyError(f"{data.table} has action {data.action!r}") from None
        return decode_depth_change(row, action=action)
    if data.table.startswith(_CANDLE_PREFIX):
        return decode_candle_row(row)
    decoder = _DECODERS.get(data.table)
    return decoder(row) if decoder is not None else RawPush(table=data.table, fields=row.raw)


def _filter_of(row: Row) -> str:
    return row.optional_text("instrument_id") or row.optional_text("currency") or ""
