"""What a stream tells its readers.

Owns: the typed events, and the decoding of data messages.
Must not know: connections, subscriptions, time.
Source: KTX document, "Market Data Streams" and "User Data Streams"; ktx§8, ktx§9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import channels
from .account_models import Balance, Position, decode_balance, decode_position
from .errors import KtxError
from .fields import Row
from .frames import Data
from .market_models import Book, Candles, Ticker, Trades, decode_book, decode_candles, decode_ticker, decode_trade
from .trading_models import Order, decode_order


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPush:
    """A message of a stream that this client does not know."""

    data: object


PushValue = Book | Trades | Candles | Ticker | Balance | Position | Order | RawPush


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A message of a stream. The first `Book` of a subscription is whole, the later ones are increments: see `LiveBook`."""

    channel: str
    value: PushValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A connection is open and logged in, if it has to be. Subscriptions follow."""

    reconnections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A stream is subscribed, for the first time or on another connection."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRefused:
    """A stream will not be sent, and is no longer wanted."""

    channel: str
    error: KtxError


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReported:
    """Something that belongs to no command, or a message that could not be read; then `channel` names its stream if it can."""

    error: KtxError
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """A connection ended. Another attempt follows."""

    error: KtxError


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The stream has ended for good."""


StreamEvent = Push | Connected | Subscribed | ChannelRefused | ErrorReported | Disconnected | Closed


def _trades(data: object) -> Trades:
    return Trades(trades=tuple(decode_trade(row) for row in Row.all_of(data, "trade")))


def _of(decode: Callable[[Row], PushValue], what: str) -> Callable[[object], PushValue]:
    return lambda data: decode(Row.of(data, what))


def _order(row: Row) -> Order | Position:
    # The overview of the document prints a position under the name of the order stream (ktx§9).
    return decode_position(row) if row.has("mergeMode") else decode_order(row)


_DECODERS: Mapping[str, Callable[[object], PushValue]] = MappingProxyType(
    {
        "order_book": _of(decode_book, "book"),
        "trades": _trades,
        "candles": _of(decode_candles, "candles"),
        "ticker": _of(decode_ticker, "ticker"),
        channels.ACCOUNT: _of(decode_balance, "balance"),
        channels.POSITION: _of(decode_position, "position"),
        channels.ORDER: _of(_order, "order"),
    }
)


def decode_push(frame: Data) -> Push:
    """A data message as a typed push. MalformedReplyError if it is not what its stream carries."""
    decode = _DECODERS.get(channels.data_type(frame.stream))
    return Push(channel=frame.stream, value=RawPush(data=frame.data) if decode is None else decode(frame.data))
