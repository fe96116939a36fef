"""HTX's words for market data, and its numbers. Source: htx§3.2 and htx§5.

Market data are JSON numbers, printed as Java prints a double: `9.121E-7`, `4.0E7`, `188358.0` (htx§3, captured). Here they keep
the 15 digits that every double carries exactly; more is rounded half to even (ASSUMED: a server adds up doubles, whose further
digits nobody could foretell). Amounts of accounts and orders are texts of 18 decimals.
Times are milliseconds, those of candles seconds. `amount` counts the base currency, `vol` the quote currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from mockex.core.candles import Candle
from mockex.core.events import Trade
from mockex.core.markets import Market
from mockex.core.orders import Side
from mockex.core.units import Atoms, Instrument, Lots, Ticks
from mockex.wire.decimals import fixed
from mockex.wire.depth import Level
from mockex.wire.json import Number, number

SIDE_WORDS: Mapping[Side, str] = {Side.BUY: "buy", Side.SELL: "sell"}

MS_NS = 1_000_000
SECOND_NS = 1_000 * MS_NS

_DIGITS = 15
_FIRST_PLAIN, _FIRST_SCIENTIFIC = -3, 7  # java.lang.Double.toString: plain from 10**-3 up to, not including, 10**7

Row = dict[str, object]


def ms(time_ns: int) -> int:
    return time_ns // MS_NS


# --- numbers


def double_text(units: int, decimals: int) -> str:
    """`units` of 10**-`decimals` as Java prints the double: at least one digit after the point, and `E` outside of
    10**-3 <= x < 10**7. Not negative.
    """
    if not units:
        return "0.0"
    kept, dropped = units, len(str(units)) - _DIGITS
    if dropped > 0:
        kept, rest = divmod(units, 10**dropped)
        half = 5 * 10 ** (dropped - 1)
        kept += rest > half or (rest == half and kept % 2 == 1)
        decimals -= dropped
    digits = str(kept)
    exponent = len(digits) - 1 - decimals
    digits = digits.rstrip("0")
    if not _FIRST_PLAIN <= exponent < _FIRST_SCIENTIFIC:
        return f"{digits[0]}.{digits[1:] or '0'}E{exponent}"
    if exponent < 0:
        return f"0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return f"{whole}.{digits[exponent + 1 :] or '0'}"


@lru_cache(maxsize=65_536)
def double(units: int, decimals: int) -> Number:
    """The same as a JSON number. Prices and sizes repeat, so most of a book is looked up."""
    return number(double_text(units, decimals))


def decimal_double(value: Decimal) -> Number:
    """A figure of a table as a JSON number. Not negative."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    units = int("".join(map(str, digits)))
    return double(units * 10 ** max(exponent, 0), max(-exponent, 0))


def price_number(instrument: Instrument, price: Ticks) -> Number:
    scale = instrument.price_scale
    return double(price * scale.step, scale.decimals)


def qty_number(instrument: Instrument, qty: Lots) -> Number:
    scale = instrument.qty_scale
    return double(qty * scale.step, scale.decimals)


def quote_number(instrument: Instrument, amount: Atoms) -> Number:
    return double(amount, instrument.quote.decimals)


def amount_text(units: int, decimals: int) -> str:
    """An amount of an account or order: 18 decimals, and `0.0` for nothing (htx§3.4)."""
    return fixed(units, decimals, 18) if units else "0.0"


# --- books


def encode_levels(instrument: Instrument, levels: Sequence[Level]) -> list[list[Number]]:
    """`[price, size]` a level. A size of 0, in an increment, takes the price out."""
    return [[price_number(instrument, price), qty_number(instrument, qty)] for price, qty, _ in levels]


def encode_best(market: Market) -> Row:
    """Best bid and ask with their sizes; zeros for a side that is empty (ASSUMED)."""
    instrument = market.instrument
    bid, ask = market.book.bids.best, market.book.asks.best
    return {
        "bid": price_number(instrument, bid.price if bid else 0),
        "bidSize": qty_number(instrument, bid.qty if bid else 0),
        "ask": price_number(instrument, ask.price if ask else 0),
        "askSize": qty_number(instrument, ask.qty if ask else 0),
    }


# --- trades


def encode_trade(instrument: Instrument, trade: Trade, *, id_name: str) -> Row:
    """One trade of a match. `id_name`: `trade-id` over REST, `tradeId` on a socket (htx§3.2).

    `id` is the match's and another number behind it, 26 to 28 digits together; that the other follows from the trade's own id
    is ASSUMED.
    """
    return {
        "id": number(f"{trade.match_id}{trade.trade_id:015d}"),
        "ts": ms(trade.time_ns),
        id_name: trade.trade_id,
        "amount": qty_number(instrument, trade.qty),
        "price": price_number(instrument, trade.price),
        "direction": SIDE_WORDS[trade.taker_side],
    }


def encode_match(instrument: Instrument, trades: Sequence[Trade], *, id_name: str) -> Row:
    """A match with its trades, newest first."""
    newest = trades[0]
    return {
        "id": newest.match_id,
        "ts": ms(newest.time_ns),
        "data": [encode_trade(instrument, trade, id_name=id_name) for trade in trades],
    }


def matches(newest_first: Iterable[Trade]) -> Iterable[list[Trade]]:
    """The trades by match, newest first; inside one the highest trade id first (htx§3.2)."""
    group: list[Trade] = []
    for trade in newest_first:
        if group and trade.match_id != group[0].match_id:
            yield group
            group = []
        group.append(trade)
    if group:
        yield group


# --- candles and tickers


def encode_candle(instrument: Instrument, candle: Candle) -> Row:
    return {
        "id": candle.open_ns // SECOND_NS,
        "open": price_number(instrument, candle.open),
        "close": price_number(instrument, candle.close),
        "low": price_number(instrument, candle.low),
        "high": price_number(instrument, candle.high),
        "amount": qty_number(instrument, candle.base_qty),
        "vol": quote_number(instrument, candle.quote_amount),
        "count": candle.trade_count,
    }


def encode_volumes(market: Market, now_ns: int) -> Row:
    """Of the last 24 hours."""
    view, instrument = market.ticker.at(now_ns), market.instrument
    return {
        "amount": qty_number(instrument, view.base_qty),
        "vol": quote_number(instrument, view.quote_amount),
        "count": view.trade_count,
    }


def encode_detail(market: Market, now_ns: int) -> Row:
    """Prices and volumes of the last 24 hours; zeros for a market that never traded (ASSUMED)."""
    view, instrument = market.ticker.at(now_ns), market.instrument
    return {
        "open": price_number(instrument, view.open_price or 0),
        "close": price_number(instrument, view.last_price or 0),
        "low": price_number(instrument, view.low_price or 0),
        "high": price_number(instrument, view.high_price or 0),
        **encode_volumes(market, now_ns),
    }


def encode_ticker(market: Market, day: Candle | None, now_ns: int) -> Row:
    """Prices of the day that `day` is, volumes of the last 24 hours, and the best prices (htx§3.2)."""
    instrument = market.instrument
    return {
        "open": price_number(instrument, day.open if day else 0),
        "high": price_number(instrument, day.high if day else 0),
        "low": price_number(instrument, day.low if day else 0),
        "close": price_number(instrument, day.close if day else 0),
        **encode_volumes(market, now_ns),
        **encode_best(market),
    }
