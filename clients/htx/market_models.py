"""Public market data: tickers, books, trades, candles.

Field names follow the venue's, so that its document can be read beside them. Amounts are `Decimal`, times are aware UTC
datetimes, and a field that the venue leaves empty or out is None. Nothing here knows HTTP or WebSocket.
REST and stream send the same things in slightly different shapes; one decoder reads both. `amount` counts the base currency
and `vol` the quote currency everywhere (htx§2).
Source: HTX document, "Market Data" and "Websocket Market Data"; htx§3.2, htx§5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .errors import MalformedReplyError
from .fields import Row, as_decimal, as_list, rows
from .vocabulary import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One price level."""

    price: Decimal
    size: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What happened in a span: a day of UTC+8, 24 hours, or a candle. `count` is the number of trades."""

    open: Decimal
    close: Decimal
    low: Decimal
    high: Decimal
    amount: Decimal
    vol: Decimal
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticker:
    """A symbol among all tickers. Over the stream some rows have no best prices."""

    symbol: str
    statistics: Statistics
    bid: Level | None
    ask: Level | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedTicker:
    """24 hours of one symbol, with its best prices."""

    symbol: str
    id: int
    statistics: Statistics
    bid: Level | None
    ask: Level | None
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """24 hours of one symbol."""

    symbol: str
    id: int
    statistics: Statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class TickerUpdate:
    """A ticker of the stream: 24 hours, best prices, and the last trade."""

    symbol: str
    statistics: Statistics
    bid: Level
    ask: Level
    last: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class BestPrices:
    """The best price of each side. A higher `seq_id` is newer."""

    symbol: str
    seq_id: int
    quote_time: datetime
    bid: Level
    ask: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """A book at one moment, best levels first. A higher `version` is newer."""

    symbol: str
    version: int
    timestamp: datetime
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookImage:
    """A whole book, as of the increment `seq_num`."""

    symbol: str
    seq_num: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookChange:
    """An increment of a book: a size of 0 deletes the level. It follows the increment `prev_seq_num`."""

    symbol: str
    seq_num: int
    prev_seq_num: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One public trade. `direction` is the taker's; `id` has up to 28 digits and is the same for all trades of a match."""

    id: int
    trade_id: int
    price: Decimal
    amount: Decimal
    direction: Side
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What one taker traded at one moment, highest `trade_id` first."""

    symbol: str
    id: int
    timestamp: datetime
    trades: tuple[Trade, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """One candle; `time` is its opening time."""

    symbol: str
    time: datetime
    statistics: Statistics


def symbol_of(channel: str) -> str:
    """`btcusdt` of `market.btcusdt.detail`. MalformedReplyError for a channel of another form."""
    parts = channel.split(".")
    if len(parts) < 3 or parts[0] != "market":
        raise MalformedReplyError(f"{channel!r} names no symbol")
    return parts[1]


def decode_level(value: object, where: str) -> Level:
    """A level `[price, size]`."""
    parts = as_list(value, where)
    if len(parts) != 2:
        raise MalformedReplyError(f"{where} has {len(parts)} values: {value!r}")
    return Level(price=as_decimal(parts[0], where), size=as_decimal(parts[1], where))


def decode_levels(row: Row, side: str) -> tuple[Level, ...]:
    """All levels of `asks` or `bids`, in the order sent; none if the side is left out, as one-sided increments do."""
    if not row.has(side):
        return ()
    return tuple(decode_level(item, f"{row.what}.{side}") for item in row.list(side))


def decode_statistics(row: Row) -> Statistics:
    return Statistics(
        open=row.decimal("open"),
        close=row.decimal("close"),
        low=row.decimal("low"),
        high=row.decimal("high"),
        amount=row.decimal("amount"),
        vol=row.decimal("vol"),
        count=row.integer("count"),
    )


def _best(row: Row, price: str, size: str) -> Level | None:
    """None for a side without orders, whether the venue leaves it empty or shows zeros: neither is documented."""
    if not row.optional_decimal(price):
        return None
    return Level(price=row.decimal(price), size=row.decimal(size))


def _best_level(value: object, where: str) -> Level | None:
    """The same of a list, which may be null or empty too."""
    level = decode_level(value, where) if value else None
    return None if level is None or not level.price else level


def decode_ticker(row: Row) -> Ticker:
    return Ticker(
        symbol=row.text("symbol"),
        statistics=decode_statistics(row),
        bid=_best(row, "bid", "bidSize"),
        ask=_best(row, "ask", "askSize"),
    )


def decode_tickers(payload: object) -> tuple[Ticker, ...]:
    return tuple(decode_ticker(row) for row in rows(payload, "ticker"))


def decode_merged(envelope: Row) -> MergedTicker:
    """A merged ticker out of its REST envelope."""
    tick = envelope.row("tick")
    return MergedTicker(
        symbol=symbol_of(envelope.text("ch")),
        id=tick.integer("id"),
        statistics=decode_statistics(tick),
        bid=_best_level(tick.raw.get("bid"), "ticker.bid"),
        ask=_best_level(tick.raw.get("ask"), "ticker.ask"),
        timestamp=envelope.time("ts"),
    )


def decode_summary(symbol: str, tick: Row) -> Summary:
    return Summary(symbol=symbol, id=tick.integer("id"), statistics=decode_statistics(tick))


def decode_ticker_update(symbol: str, tick: Row) -> TickerUpdate:
    return TickerUpdate(
        symbol=symbol,
        statistics=decode_statistics(tick),
        bid=Level(price=tick.decimal("bid"), size=tick.decimal("bidSize")),
        ask=Level(price=tick.decimal("ask"), size=tick.decimal("askSize")),
        last=Level(price=tick.decimal("lastPrice"), size=tick.decimal("lastSize")),
    )


def decode_best_prices(symbol: str, tick: Row) -> BestPrices:
    """The document of 2021 quotes these numbers, the present one does not."""
    return BestPrices(
        symbol=symbol,
        seq_id=tick.integer("seqId"),
        quote_time=tick.time("quoteTime"),
        bid=Level(price=tick.decimal("bid"), size=tick.decimal("bidSize")),
        ask=Level(price=tick.decimal("ask"), size=tick.decimal("askSize")),
    )


def decode_depth(symbol: str, tick: Row) -> Depth:
    return Depth(
        symbol=symbol,
        version=tick.integer("version"),
        timestamp=tick.time("ts"),
        bids=decode_levels(tick, "bids"),
        asks=decode_levels(tick, "asks"),
    )


def decode_book_image(symbol: str, tick: Row) -> BookImage:
    return BookImage(
        symbol=symbol, seq_num=tick.integer("seqNum"), bids=decode_levels(tick, "bids"), asks=decode_levels(tick, "asks")
    )


def decode_book_change(symbol: str, tick: Row) -> BookChange:
    return BookChange(
        symbol=symbol,
        seq_num=tick.integer("seqNum"),
        prev_seq_num=tick.integer("prevSeqNum"),
        bids=decode_levels(tick, "bids"),
        asks=decode_levels(tick, "asks"),
    )


def decode_trade(row: Row) -> Trade:
    """REST says `trade-id`, the stream `tradeId`."""
    return Trade(
        id=row.integer("id"),
        trade_id=row.integer("tradeId" if row.has("tradeId") else "trade-id"),
        price=row.decimal("price"),
        amount=row.decimal("amount"),
        direction=row.word(Side, "direction"),
        timestamp=row.time("ts"),
    )


def decode_match(symbol: str, tick: Row) -> Match:
    return Match(
        symbol=symbol,
        id=tick.integer("id"),
        timestamp=tick.time("ts"),
        trades=tuple(decode_trade(row) for row in tick.rows("data", "trade")),
    )


def decode_candle(symbol: str, row: Row) -> Candle:
    return Candle(symbol=symbol, time=row.seconds("id"), statistics=decode_statistics(row))
