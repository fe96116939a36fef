"""Public market data: products, books, trades, candles, tickers.

Amounts are `Decimal`, times are aware UTC datetimes. Nothing here knows HTTP or WebSocket: REST and streams send the same
objects, and one decoder reads both.
Source: KTX document, "Market Data Endpoints" and "Market Data Streams"; ktx§6, ktx§8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from mockex.clients.shared.fields import MS

from .fields import Row
from .vocabulary import Market, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Of a perpetual contract."""

    rate: Decimal
    next_at: datetime
    predicted_rate: Decimal
    mark_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What can be traded, and its limits. Scales are decimal places. `funding` is None on spot."""

    product_id: int
    market: Market
    symbol: str
    taker_fee: Decimal
    maker_fee: Decimal
    least_quantity: Decimal
    largest_quantity: Decimal
    quantity_scale: int
    price_scale: int
    least_value: Decimal
    largest_value: Decimal
    funding: Funding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One price level. A size of 0 deletes it."""

    price: Decimal
    size: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A whole book, best first; on the stream it may be an increment, which nothing in it tells (ktx§8)."""

    update_id: int
    at: datetime
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One match."""

    trade_id: int
    price: Decimal
    quantity: Decimal
    taker_side: Side
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trades:
    """A push of trades, ascending."""

    trades: tuple[Trade, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """One candle. `volume` counts base, `value` quote currency."""

    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    value: Decimal
    first_trade_id: int
    trade_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candles:
    """Candles of one length, ascending."""

    period: timedelta
    candles: tuple[Candle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticker:
    """24 hours of one product. `volume` counts base, `amount` quote currency. What a market without trades lacks is None."""

    symbol: str
    last: Decimal | None
    last_quantity: Decimal | None
    bid: Decimal | None
    bid_quantity: Decimal | None
    ask: Decimal | None
    ask_quantity: Decimal | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: Decimal
    amount: Decimal
    change: Decimal | None
    first_trade_id: int | None
    trade_count: int
    at: datetime


#: REST has numbers, quoted or not, the stream has words (ktx§12).
_TAKER_SIDES: Mapping[str, Side] = MappingProxyType({"1": Side.BUY, "-1": Side.SELL, "buy": Side.BUY, "sell": Side.SELL})

_CANDLE_COLUMNS = 9


def decode_product(row: Row) -> Product:
    """A row of products."""
    return Product(
        product_id=row.integer("id"),
        market=row.word(Market, "market"),
        symbol=row.text("symbol"),
        taker_fee=row.decimal("takerFee"),
        maker_fee=row.decimal("makerFee"),
        least_quantity=row.decimal("minOrderSize"),
        largest_quantity=row.decimal("maxOrderSize"),
        quantity_scale=row.integer("quantityScale"),
        price_scale=row.integer("priceScale"),
        least_value=row.decimal("minOrderValue"),
        largest_value=row.decimal("maxOrderValue"),
        funding=None if row.blank("fundingRate") else _funding(row),
    )


def _funding(row: Row) -> Funding:
    return Funding(
        rate=row.decimal("fundingRate"),
        next_at=row.milliseconds("nextFundingTime"),
        predicted_rate=row.decimal("predictedFundingRate"),
        mark_price=row.decimal("markPrice"),
    )


def decode_book(row: Row) -> Book:
    """A whole book or an increment."""
    return Book(
        update_id=row.integer("i"),
        at=row.milliseconds("t"),
        bids=tuple(_level(item, row.path("b")) for item in row.list("b")),
        asks=tuple(_level(item, row.path("a")) for item in row.list("a")),
    )


def _level(item: object, where: str) -> Level:
    entry = Row.as_list(item, where)
    if len(entry) != 2:
        raise Row.malformed(f"{where} has a level of {len(entry)} values")
    return Level(price=Row.as_decimal(entry[0], where), size=Row.as_decimal(entry[1], where))


def decode_trade(row: Row) -> Trade:
    """A trade of REST or of a stream."""
    side = _TAKER_SIDES.get(row.text("s") if isinstance(row.get("s"), str) else str(row.integer("s")))
    if side is None:
        raise Row.malformed(f"{row.path('s')} is not a side: {row.get('s')!r}")
    return Trade(
        trade_id=row.integer("i"),
        price=row.decimal("p"),
        quantity=row.decimal("q"),
        taker_side=side,
        at=row.milliseconds("t"),
    )


def decode_candles(row: Row) -> Candles:
    """Candles of REST or of a stream."""
    return Candles(
        period=row.integer("t") * MS,
        candles=tuple(_candle(item, row.path("e")) for item in row.list("e")),
    )


def _candle(item: object, where: str) -> Candle:
    columns = Row.as_list(item, where)
    if len(columns) != _CANDLE_COLUMNS:
        raise Row.malformed(f"{where} has a candle of {len(columns)} values")
    amounts = [Row.as_decimal(column, where) for column in columns[1:7]]
    return Candle(
        start=Row.as_time(columns[0], MS, where),
        open=amounts[0],
        high=amounts[1],
        low=amounts[2],
        close=amounts[3],
        volume=amounts[4],
        value=amounts[5],
        first_trade_id=Row.as_integer(columns[7], where),
        trade_count=Row.as_integer(columns[8], where),
    )


def decode_ticker(row: Row) -> Ticker:
    """A ticker of REST or of a stream."""
    return Ticker(
        symbol=row.text("product"),
        last=row.optional_decimal("last"),
        last_quantity=row.optional_decimal("lastQty"),
        bid=row.optional_decimal("bidPrice"),
        bid_quantity=row.optional_decimal("bidQty"),
        ask=row.optional_decimal("askPrice"),
        ask_quantity=row.optional_decimal("askQty"),
        open=row.optional_decimal("open"),
        high=row.optional_decimal("high"),
        low=row.optional_decimal("low"),
        volume=row.decimal("volume"),
        amount=row.decimal("amount"),
        change=row.optional_decimal("change"),
        first_trade_id=row.optional_integer("firstTradeId"),
        trade_count=row.integer("tradeCount"),
        at=row.milliseconds("time"),
    )
