"""A past that was never traded: candles and ticker minutes from long before a market's start up to its first trade.

Each instrument's prices walk backwards from the reference price, so that they end where trading begins. A cross' past is the
ratio of its legs' pasts, like its present; a contract's past is that of its spot pair and a small basis. Volumes are what the
takers would have traded.
The past is written into the read models alone: it has no trades, no orders and no ids.

The further back, the wider the candles. Spans meet on boundaries of the wider width. Wide candles open at 00:00Z whatever
the venue's days are: every bucket of a day or a week holds exactly one such opening, so none is counted twice, and only
the bucket in which two spans meet is shorter of trades than its neighbours.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from mockex.core.candles import DAY_NS, HOUR_NS, MINUTE_NS, WEEK_NS, Candle
from mockex.core.markets import Market
from mockex.core.units import Instrument, Lots, Ticks
from mockex.market.draws import about, bell, stream
from mockex.market.fair_price import BASIS_REVERSION_NS, PPB, basis_spread_over, spread_over
from mockex.market.sizing import NANO, Sizing

YEAR_NS = 365 * DAY_NS

# (width, how far back it reaches), widest first. The cost of a world's start is the number of candles here.
SPANS = (
    (WEEK_NS, 4 * YEAR_NS),
    (DAY_NS, 200 * DAY_NS),
    (HOUR_NS, 30 * DAY_NS),
    (15 * MINUTE_NS, 4 * DAY_NS),
    (MINUTE_NS, 25 * HOUR_NS),
)

# The ticker's window is 24 hours and up to a minute more; one candle that opens before it gives the opening price.
TICKER_REACH_NS = DAY_NS + HOUR_NS

# As often as takers trade in a live market.
TRADE_EVERY_NS = 1_000_000_000

# The walk is drawn back to the reference over a year and stays between a fifth and five times of it.
_REVERSION_NS = YEAR_NS
_LOWEST_PPB, _HIGHEST_PPB = PPB // 5, 5 * PPB


class Slot(NamedTuple):
    """The time of one candle."""

    open_ns: int
    width_ns: int


def timeline(now_ns: int) -> list[Slot]:
    """The candles of the past, oldest first, without gaps, up to the minute that holds `now_ns`."""
    end_ns = now_ns - now_ns % MINUTE_NS
    slots: list[Slot] = []
    starts = [_start_of(index, end_ns) for index in range(len(SPANS))]
    for (width_ns, _), start_ns, stop_ns in zip(SPANS, starts, [*starts[1:], end_ns], strict=True):
        slots += (Slot(open_ns, width_ns) for open_ns in range(start_ns, stop_ns, width_ns))
    return slots


def _start_of(index: int, end_ns: int) -> int:
    """Where a span begins: on a boundary of the one before it, so that the two meet."""
    width_ns, reach_ns = SPANS[index]
    align_ns = SPANS[index - 1][0] if index else width_ns
    start_ns = max(0, end_ns - reach_ns)
    return start_ns - start_ns % align_ns


class Past:
    """The pasts of all instruments of one market. They share a timeline, so that crosses can follow their legs."""

    def __init__(self, *, seed: str, crosses: Mapping[str, tuple[str, str]], indices: Mapping[str, str], now_ns: int) -> None:
        """`crosses`: as of `find_crosses`. `indices`: the spot pair that each contract follows."""
        self._seed = seed
        self._crosses = crosses
        self._indices = indices
        self._ticker_from_ns = now_ns - TICKER_REACH_NS
        self._slots = timeline(now_ns)
        self._paths: dict[str, list[int]] = {}

    def write(self, market: Market, sizing: Sizing) -> None:
        """Seeds the read models of a market that has not traded."""
        symbol = market.instrument.symbol
        rng = stream(self._seed, "history", symbol, "candles")
        reference = sizing.reference_nanoticks
        half = PPB // 2
        ticks = [max(1, (reference * price // PPB + half) // NANO) for price in self.path(symbol)]
        for slot, (open_price, close_price) in zip(self._slots, pairwise(ticks), strict=True):
            candle = _candle(slot, open_price, close_price, market.instrument, sizing.trade_qty, rng)
            market.candles.seed(candle, slot.width_ns)
            if slot.open_ns >= self._ticker_from_ns:
                market.ticker.seed(candle)

    def path(self, symbol: str) -> list[int]:
        """Prices at the opens of the timeline and at its end, in billionths of the price at the end."""
        path = self._paths.get(symbol)
        if path is None:
            legs, index = self._crosses.get(symbol), self._indices.get(symbol)
            if index is not None:
                path = _beside(stream(self._seed, "history", symbol, "path"), self.path(index))
            elif legs is None:
                path = _walk_back(stream(self._seed, "history", symbol, "path"), self._slots)
            else:
                base_path, quote_path = self.path(legs[0]), self.path(legs[1])
                path = [base * PPB // quote for base, quote in zip(base_path, quote_path, strict=True)]
            self._paths[symbol] = path
        return path


def _walk_back(rng: random.Random, slots: Sequence[Slot]) -> list[int]:
    price_ppb = PPB
    path = [price_ppb]
    spreads = {width_ns: spread_over(width_ns) for width_ns, _ in SPANS}
    for slot in reversed(slots):
        width_ns = slot.width_ns
        step_ppb = bell(rng, spreads[width_ns]) * price_ppb // PPB
        pull_ppb = (PPB - price_ppb) * width_ns // _REVERSION_NS
        price_ppb = max(_LOWEST_PPB, min(_HIGHEST_PPB, price_ppb + step_ppb + pull_ppb))
        path.append(price_ppb)
    path.reverse()
    return path


def _beside(rng: random.Random, path: Sequence[int]) -> list[int]:
    """A path at a basis from another, with the same end."""
    spread = basis_spread_over(BASIS_REVERSION_NS)
    return [*(price_ppb * (PPB + bell(rng, spread)) // PPB for price_ppb in path[:-1]), path[-1]]


def _candle(
    slot: Slot, open_price: Ticks, close_price: Ticks, instrument: Instrument, trade_qty: Lots, rng: random.Random
) -> Candle:
    """A trade of about `trade_qty` a second, and wicks of up to one standard deviation of the candle's move."""
    open_ns, width_ns = slot
    bits = rng.getrandbits(32)
    reach = spread_over(width_ns) * close_price
    high = max(open_price, close_price) + (reach * (bits & 0xFFFF) // PPB >> 16)
    low = max(1, min(open_price, close_price) - (reach * (bits >> 16) // PPB >> 16))
    trade_count = width_ns // TRADE_EVERY_NS
    qty = about(rng, trade_count * trade_qty)
    return Candle(
        open_ns=open_ns,
        open=open_price,
        high=high,
        low=low,
        close=close_price,
        base_qty=qty,
        quote_amount=instrument.notional((open_price + high + low + close_price) // 4, qty),
        trade_count=trade_count,
    )
