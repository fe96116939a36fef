"""Coinstore's words for market data, and its numbers. Source: cs§5, cs§7.15-7.19 and cs§9.4.

Prices and quantities are plain text without trailing zeros. A few fields are JSON numbers as Java prints a BigDecimal. Times
are seconds here and milliseconds there: each field says which. `volume` counts the base, `amount` the quote currency: the
document has the two the wrong way round, its figures do not.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockex.core.candles import Candle, FixedBuckets
from mockex.core.events import Trade as Trade
from mockex.core.markets import Market
from mockex.core.orders import Side
from mockex.core.units import Asset, Atoms, Instrument, Lots, Scale, Ticks
from mockex.wire.decimals import plain
from mockex.wire.json import Number, number

MS_NS = 1_000_000
SECOND_NS = 1_000 * MS_NS

SIDES = {Side.BUY: "BUY", Side.SELL: "SELL"}
ASK_FLAG, BID_FLAG = -1, 1

Row = dict[str, object]
PriceLevel = tuple[Ticks, Lots, int]


def ms(time_ns: int) -> int:
    return time_ns // MS_NS


def seconds(time_ns: int) -> int:
    return time_ns // SECOND_NS


# --- numbers


def scaled_text(units: int, scale: Scale) -> str:
    return plain(units * scale.step, scale.decimals)


def price_text(instrument: Instrument, price: Ticks | None) -> str:
    """`0` for none."""
    return scaled_text(price or 0, instrument.price_scale)


def qty_text(instrument: Instrument, qty: Lots | None) -> str:
    return scaled_text(qty or 0, instrument.qty_scale)


def amount_text(asset: Asset, amount: Atoms) -> str:
    return plain(amount, asset.decimals)


def java_decimal_text(units: int, scale: int) -> str:
    """`units` of 10**-`scale` as `BigDecimal.toString` prints it: `40.900`, `9.1E-10`, `0E-18`.

    Scientific where the adjusted exponent is below -6 (cs§5); the scale is kept, zeros and all. `scale` is not negative.
    """
    digits = str(abs(units))
    sign = "-" if units < 0 else ""
    adjusted = len(digits) - 1 - scale
    if adjusted < -6:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{fraction}E{adjusted}"
    if not scale:
        return sign + digits
    digits = digits.zfill(scale + 1)
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"


def java_decimal(units: int, scale: int) -> Number:
    """The same as a JSON number."""
    return number(java_decimal_text(units, scale))


def stripped_java_decimal(units: int, scale: int) -> Number:
    """The same without trailing zeros after the point: `9.1E-10`."""
    while scale and units % 10 == 0:
        units, scale = units // 10, scale - 1
    return java_decimal(units, scale)


# --- books


def encode_levels(instrument: Instrument, levels: Sequence[PriceLevel], flag: int) -> list[list[object]]:
    """`[price, quantity, flag]` a level: -1 for asks, 1 for bids."""
    return [[price_text(instrument, price), qty_text(instrument, qty), flag] for price, qty, _ in levels]


def encode_book(market: Market, pair_id: int, level: int) -> Row:
    """The best `level` prices of each side; the same over REST and on the socket."""
    instrument, book = market.instrument, market.book
    return {
        "level": level,
        "a": encode_levels(instrument, book.asks.depth(level), ASK_FLAG),
        "b": encode_levels(instrument, book.bids.depth(level), BID_FLAG),
        "symbol": instrument.symbol,
        "instrumentId": pair_id,
    }


# --- trades


def encode_trade(instrument: Instrument, pair_id: int, trade: Trade) -> Row:
    """`time` in seconds, `ts` in milliseconds. `seq` ascends like the id; over REST the two are the same (cs§7.18)."""
    return {
        "time": seconds(trade.time_ns),
        "volume": qty_text(instrument, trade.qty),
        "price": price_text(instrument, trade.price),
        "tradeId": trade.trade_id,
        "takerSide": SIDES[trade.taker_side],
        "seq": trade.trade_id,
        "ts": ms(trade.time_ns),
        "symbol": instrument.symbol,
        "instrumentId": pair_id,
    }


# --- candles and tickers


def encode_candle(instrument: Instrument, candle: Candle, buckets: FixedBuckets, interval: str, last_trade_id: int) -> Row:
    """A candle with trades. It ends one second before the next begins (proposed)."""
    return {
        "endTime": seconds(candle.open_ns + buckets.width_ns) - 1,
        "amount": amount_text(instrument.quote, candle.quote_amount),
        "interval": interval,
        "startTime": seconds(candle.open_ns),
        "firstTradeId": last_trade_id - candle.trade_count + 1,
        "lastTradeId": last_trade_id,
        "volume": qty_text(instrument, candle.base_qty),
        "close": price_text(instrument, candle.close),
        "open": price_text(instrument, candle.open),
        "high": price_text(instrument, candle.high),
        "low": price_text(instrument, candle.low),
    }


def encode_day(market: Market, now_ns: int) -> Row:
    """The last 24 hours, for tickers of every kind. They open with their first trade (cs§7.15)."""
    instrument, view = market.instrument, market.ticker.at(now_ns)
    return {
        "volume": qty_text(instrument, view.base_qty),
        "amount": amount_text(instrument.quote, view.quote_amount),
        "close": price_text(instrument, view.last_price),
        "open": price_text(instrument, market.ticker.first_price(now_ns)),
        "high": price_text(instrument, view.high_price),
        "low": price_text(instrument, view.low_price),
    }


def encode_ticker(market: Market, pair_id: int, now_ns: int) -> Row:
    """A row of the tickers over REST."""
    instrument, book = market.instrument, market.book
    view = market.ticker.at(now_ns)
    bid, ask = book.bids.best, book.asks.best
    return {
        "channel": "ticker",
        "bidSize": qty_text(instrument, bid.qty if bid else 0),
        "askSize": qty_text(instrument, ask.qty if ask else 0),
        "count": view.trade_count,
        **encode_day(market, now_ns),
        "bid": price_text(instrument, bid.price if bid else 0),
        "ask": price_text(instrument, ask.price if ask else 0),
        "symbol": instrument.symbol,
        "instrumentId": pair_id,
    }
