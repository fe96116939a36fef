"""Public market data: instruments, order books, tickers, trades, candles.

Field names are the venue's, so that its document can be read beside them. Amounts are `Decimal`, times are aware UTC
datetimes, and a field that the venue leaves empty or out is None. Nothing here knows HTTP or WebSocket.
REST and stream send the same things in slightly different shapes; one decoder reads both.
Source: OKCoin Japan v3 document, "Spot - public" and the public channels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .errors import MalformedReplyError
from .fields import Row, as_decimal, as_list, as_time
from .vocabulary import DepthAction, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTime:
    """The venue's clock, in both of its spellings."""

    iso: datetime
    epoch_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One pair and its trading rules."""

    instrument_id: str
    base_currency: str
    quote_currency: str
    min_size: Decimal
    size_increment: Decimal
    tick_size: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLevel:
    """One price level. The texts are the digits as sent, because the checksum is taken over them."""

    price: Decimal
    size: Decimal
    orders: int
    price_text: str = field(repr=False, compare=False)
    size_text: str = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSnapshot:
    """A whole book at one moment, best levels first. From REST, `instrument_id` is the one asked for."""

    instrument_id: str
    asks: tuple[BookLevel, ...]
    bids: tuple[BookLevel, ...]
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthChange:
    """A message of a depth channel. In an update, a size of 0 deletes the level.

    `checksum` is the venue's CRC32, as signed 32-bit integer, of the book after this message.
    """

    instrument_id: str
    action: DepthAction
    asks: tuple[BookLevel, ...]
    bids: tuple[BookLevel, ...]
    timestamp: datetime
    checksum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticker:
    """Last price, best prices and 24 hours. A pair that never traded, or has an empty side, has no such price."""

    instrument_id: str
    last: Decimal | None
    last_qty: Decimal | None
    best_ask: Decimal | None
    best_ask_size: Decimal | None
    best_bid: Decimal | None
    best_bid_size: Decimal | None
    open_24h: Decimal | None
    high_24h: Decimal | None
    low_24h: Decimal | None
    base_volume_24h: Decimal
    quote_volume_24h: Decimal
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One public trade. `side` is the taker's."""

    trade_id: str
    price: Decimal
    size: Decimal
    side: Side
    timestamp: datetime
    instrument_id: str | None = None  # REST leaves it out: the path names the pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """One candle; `time` is its opening time, `volume` counts base currency."""

    time: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    instrument_id: str | None = None  # as in Trade


def decode_server_time(row: Row) -> ServerTime:
    """`epoch` is a number in the document's example and a string for the vendor's SDKs."""
    return ServerTime(iso=row.time("iso"), epoch_ns=row.nanoseconds("epoch"))


def decode_instrument(row: Row) -> Instrument:
    return Instrument(
        instrument_id=row.text("instrument_id"),
        base_currency=row.text("base_currency"),
        quote_currency=row.text("quote_currency"),
        min_size=row.decimal("min_size"),
        size_increment=row.decimal("size_increment"),
        tick_size=row.decimal("tick_size"),
    )


def decode_level(value: object, where: str) -> BookLevel:
    """A level `[price, size, orders]`, the count as string or integer.

    `spot/depth_l2_tbt` sends four values with an unused third one; the count is last in both.
    """
    parts = as_list(value, where)
    if len(parts) not in (3, 4):
        raise MalformedReplyError(f"{where} has {len(parts)} values: {value!r}")
    price, size = as_decimal(parts[0], where), as_decimal(parts[1], where)
    orders = as_decimal(parts[-1], where)
    if orders != orders.to_integral_value():
        raise MalformedReplyError(f"{where} counts {orders} orders")
    return BookLevel(price=price, size=size, orders=int(orders), price_text=str(parts[0]), size_text=str(parts[1]))


def decode_levels(row: Row, side: str) -> tuple[BookLevel, ...]:
    """All levels of `asks` or `bids`, in the order sent."""
    return tuple(decode_level(item, f"{row.what}.{side}") for item in row.list(side))


def decode_book(row: Row, *, instrument_id: str | None = None) -> BookSnapshot:
    """A snapshot from REST (which does not repeat the pair) or from `spot/depth5` (which does)."""
    return BookSnapshot(
        instrument_id=instrument_id or row.text("instrument_id"),
        asks=decode_levels(row, "asks"),
        bids=decode_levels(row, "bids"),
        timestamp=row.time("timestamp"),
    )


def decode_depth_change(row: Row, *, action: DepthAction) -> DepthChange:
    return DepthChange(
        instrument_id=row.text("instrument_id"),
        action=action,
        asks=decode_levels(row, "asks"),
        bids=decode_levels(row, "bids"),
        timestamp=row.time("timestamp"),
        checksum=row.integer("checksum"),
    )


def decode_ticker(row: Row) -> Ticker:
    """What does not exist yet may come empty or as 0; the document shows neither. A price is never 0 (code 33045)."""

    def known(name: str) -> Decimal | None:
        return row.optional_decimal(name) or None

    return Ticker(
        instrument_id=row.text("instrument_id"),
        last=known("last"),
        last_qty=known("last_qty"),
        best_ask=known("best_ask"),
        best_ask_size=known("best_ask_size"),
        best_bid=known("best_bid"),
        best_bid_size=known("best_bid_size"),
        open_24h=known("open_24h"),
        high_24h=known("high_24h"),
        low_24h=known("low_24h"),
        base_volume_24h=row.decimal("base_volume_24h"),
        quote_volume_24h=row.decimal("quote_volume_24h"),
        timestamp=row.time("timestamp"),
    )


def decode_trade(row: Row) -> Trade:
    return Trade(
        trade_id=row.text("trade_id"),
        price=row.decimal("price"),
        size=row.decimal("size"),
        side=row.word(Side, "side"),
        timestamp=row.time("timestamp"),
        instrument_id=row.optional_text("instrument_id"),
    )


def decode_candle(value: object, *, instrument_id: str | None = None) -> Candle:
    """The six values `[time, open, high, low, close, volume]`."""
    parts = as_list(value, "candle")
    if len(parts) != 6:
        raise MalformedReplyError(f"candle has {len(parts)} values: {value!r}")
    opening, high, low, close, volume = (as_decimal(part, "candle") for part in parts[1:])
    return Candle(
        time=as_time(parts[0], "candle.time"),
        open=opening,
        high=high,
        low=low,
        close=close,
        volume=volume,
        instrument_id=instrument_id,
    )


def decode_candle_row(row: Row) -> Candle:
    """A candle of the stream: the six values beside the pair."""
    return decode_candle(row.get("candle"), instrument_id=row.text("instrument_id"))
