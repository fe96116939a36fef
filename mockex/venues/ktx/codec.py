"""KTX's words for market data, and its numbers. Source: ktx§2, ktx§6 and ktx§8. Decimals are plain text, times milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

from mockex.core.candles import Candle
from mockex.core.contract import Contract
from mockex.core.events import Trade
from mockex.core.fees import RATE_DECIMALS
from mockex.core.funding import Funding
from mockex.core.markets import Market
from mockex.core.units import Asset, Atoms, Instrument, Lots, Ticks
from mockex.wire.decimals import fixed, plain
from mockex.wire.depth import Level as Level

MS_NS = 1_000_000

Row = dict[str, object]

CHANGE_DECIMALS = 4


def ms(time_ns: int) -> int:
    return time_ns // MS_NS


def ms_text(time_ns: int) -> str:
    return str(time_ns // MS_NS)


def price_text(instrument: Instrument, price: Ticks | None) -> str:
    scale = instrument.price_scale
    return plain((price or 0) * scale.step, scale.decimals)


def qty_text(instrument: Instrument, qty: Lots | None) -> str:
    scale = instrument.qty_scale
    return plain((qty or 0) * scale.step, scale.decimals)


def amount_text(asset: Asset, amount: Atoms) -> str:
    return plain(amount, asset.decimals)


def rate_text(rate: int) -> str:
    return plain(rate, RATE_DECIMALS)


def encode_funding(contract: Contract, funding: Funding, now_ns: int) -> Row:
    """`fundingRate` is what was paid last; before the first payment the rate without a premium (ASSUMED). Without a mark price,
    that is as long as nothing has traded anywhere, it is 0 (ASSUMED).
    """
    return {
        "fundingRate": rate_text(funding.terms.interest_rate if funding.rate is None else funding.rate),
        "nextFundingTime": ms_text(funding.next_ns),
        "predictedFundingRate": rate_text(funding.predicted(now_ns)),
        "markPrice": price_text(contract.market.instrument, contract.mark),
    }


# --- books


def encode_levels(instrument: Instrument, levels: Sequence[Level], *, coarser: int = 0) -> list[list[str]]:
    """`[price, quantity]` a level; prices with so many decimals as the product has, less `coarser`. Quantity 0 deletes."""
    scale = instrument.price_scale
    decimals = max(0, scale.decimals - coarser)
    return [[fixed(price * scale.step, scale.decimals, decimals), qty_text(instrument, qty)] for price, qty, _ in levels]


def encode_book(version: int | str, now_ns: int, bids: list[list[str]], asks: list[list[str]]) -> Row:
    """`version`: the update's id as it is said."""
    return {"i": version, "t": ms_text(now_ns), "b": bids, "a": asks}


# --- trades


def encode_trade(instrument: Instrument, trade: Trade, trade_id: int | str, side: int | str) -> Row:
    """`trade_id` and the taker's `side` as they are said."""
    return {
        "i": trade_id,
        "p": price_text(instrument, trade.price),
        "q": qty_text(instrument, trade.qty),
        "s": side,
        "t": ms_text(trade.time_ns),
    }


# --- candles and tickers


def encode_candle(instrument: Instrument, candle: Candle, last_trade_id: int) -> list[object]:
    """Start, open, high, low, close, volume, value, first trade's id, number of trades: all text but the last."""
    return [
        ms_text(candle.open_ns),
        price_text(instrument, candle.open),
        price_text(instrument, candle.high),
        price_text(instrument, candle.low),
        price_text(instrument, candle.close),
        qty_text(instrument, candle.base_qty),
        amount_text(instrument.quote, candle.quote_amount),
        str(max(last_trade_id - candle.trade_count + 1, 0)),
        candle.trade_count,
    ]


def encode_ticker(market: Market, now_ns: int, first_trade_id: int) -> Row:
    """`change` is a share of the opening price, with 4 decimals (inferred from the samples), cut off (ASSUMED)."""
    instrument, view, book = market.instrument, market.ticker.at(now_ns), market.book
    bid, ask = book.bids.best, book.asks.best
    return {
        "product": instrument.symbol,
        "last": price_text(instrument, view.last_price),
        "lastQty": qty_text(instrument, view.last_qty),
        "bidPrice": price_text(instrument, bid.price if bid else 0),
        "bidQty": qty_text(instrument, bid.qty if bid else 0),
        "askPrice": price_text(instrument, ask.price if ask else 0),
        "askQty": qty_text(instrument, ask.qty if ask else 0),
        "open": price_text(instrument, view.open_price),
        "high": price_text(instrument, view.high_price),
        "low": price_text(instrument, view.low_price),
        "volume": qty_text(instrument, view.base_qty),
        "amount": amount_text(instrument.quote, view.quote_amount),
        "change": _change_text(view.open_price, view.last_price),
        "time": ms_text(now_ns),
        "firstTradeId": first_trade_id,
        "tradeCount": view.trade_count,
    }


def _change_text(opening: Ticks | None, last: Ticks | None) -> str:
    if not opening or last is None:
        return "0"
    units = abs(last - opening) * 10**CHANGE_DECIMALS // opening
    return plain(-units if last < opening else units, CHANGE_DECIMALS)
