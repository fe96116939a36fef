"""Public market data: tickers, books, trades, candles.

Amounts are `Decimal`, times are aware UTC datetimes. Nothing here knows HTTP or WebSocket: REST and stream send the same, and
one decoder reads both. `volume` counts base, `amount` quote currency: the document's table has them swapped (cs§13).
Source: Coinstore document, "Market" and "Websocket"; cs§7.15 to cs§7.19, cs§9.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .fields import Row
from .vocabulary import Interval, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticker:
    """A day of one pair. `bid` to `count` are None on the stream."""

    symbol: str
    instrument_id: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    amount: Decimal
    bid: Decimal | None
    bid_size: Decimal | None
    ask: Decimal | None
    ask_size: Decimal | None
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPrice:
    """The last price of one pair."""

    symbol_id: int
    symbol: str
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One price level."""

    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The best levels of both sides at one moment, best first. `level` is how many were asked for."""

    symbol: str
    instrument_id: int
    level: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One match. `taker_side` is None for a word that is no side: the document shows one. `seq` may be absent on the stream."""

    symbol: str
    instrument_id: int
    trade_id: int
    seq: int | None
    price: Decimal
    volume: Decimal
    taker_side: Side | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeHistory:
    """The first message of a channel of trades: what happened before, in the order sent."""

    trades: tuple[Trade, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """One candle. `interval` is None for a spelling outside the table; `end` is as sent, which is no rule (cs§7.17)."""

    interval: Interval | None
    start: datetime
    end: datetime
    first_trade_id: int
    last_trade_id: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Candles:
    """Candles of one pair, in the order sent."""

    channel: str
    symbol: str
    instrument_id: int
    candles: tuple[Candle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleUpdate:
    """The newest candle of one pair."""

    symbol: str
    instrument_id: int
    candle: Candle


def decode_ticker(row: Row) -> Ticker:
    """A ticker of REST or of the stream."""
    return Ticker(
        symbol=row.text("symbol"),
        instrument_id=row.integer("instrumentId"),
        open=row.decimal("open"),
        high=row.decimal("high"),
        low=row.decimal("low"),
        close=row.decimal("close"),
        volume=row.decimal("volume"),
        amount=row.decimal("amount"),
        bid=row.optional_decimal("bid"),
        bid_size=row.optional_decimal("bidSize"),
        ask=row.optional_decimal("ask"),
        ask_size=row.optional_decimal("askSize"),
        count=row.optional_integer("count"),
    )


def decode_last_price(row: Row) -> LastPrice:
    """A row of last prices."""
    return LastPrice(symbol_id=row.integer("id"), symbol=row.text("symbol"), price=row.decimal("price"))


def decode_book(row: Row) -> Book:
    """A whole book."""
    return Book(
        symbol=row.text("symbol"),
        instrument_id=row.integer("instrumentId"),
        level=row.integer("level"),
        bids=_levels(row, "b"),
        asks=_levels(row, "a"),
    )


def _levels(row: Row, name: str) -> tuple[Level, ...]:
    return tuple(decode_level(item, row.path(name)) for item in row.list(name))


def decode_level(item: object, where: str) -> Level:
    """`[price, quantity, flag]`; the flag, which repeats the side, may be missing as in the document's example of a push."""
    entry = Row.as_list(item, where)
    if len(entry) < 2:
        raise Row.malformed(f"{where} has a level of {len(entry)} values")
    return Level(price=Row.as_decimal(entry[0], where), quantity=Row.as_decimal(entry[1], where))


def decode_trade(row: Row) -> Trade:
    """A trade of REST or of the stream. `ts`, in milliseconds, where there is one; else `time`, in seconds."""
    return Trade(
        symbol=row.text("symbol"),
        instrument_id=row.integer("instrumentId"),
        trade_id=row.integer("tradeId"),
        seq=row.optional_integer("seq"),
        price=row.decimal("price"),
        volume=row.decimal("volume"),
        taker_side=row.known_word(Side, "takerSide"),
        at=row.seconds("time") if row.blank("ts") else row.milliseconds("ts"),
    )


def decode_candle(row: Row) -> Candle:
    """A candle of REST or of the stream."""
    return Candle(
        interval=row.known_word(Interval, "interval"),
        start=row.seconds("startTime"),
        end=row.seconds("endTime"),
        first_trade_id=row.integer("firstTradeId"),
        last_trade_id=row.integer("lastTradeId"),
        open=row.decimal("open"),
        high=row.decimal("high"),
        low=row.decimal("low"),
        close=row.decimal("close"),
        volume=row.decimal("volume"),
        amount=row.decimal("amount"),
    )


def decode_candles(row: Row) -> Candles:
    """Candles of REST, or the answer to a request on the stream."""
    return Candles(
        channel=row.text("channel"),
        symbol=row.text("symbol"),
        instrument_id=row.integer("instrumentId"),
        candles=tuple(decode_candle(item) for item in row.rows("item", "candle")),
    )


def decode_candle_update(row: Row) -> CandleUpdate:
    """A push of the newest candle."""
    return CandleUpdate(symbol=row.text("symbol"), instrument_id=row.integer("instrumentId"), candle=decode_candle(row))
