"""How large participants trade in an instrument, and what that takes of each asset.

Nothing says what a unit of money is worth, so sizes follow two hints and take the larger: a fixed sum in the money that
most instruments are quoted in, and the smallest order that the venue accepts.
Decimals end here: the results are ticks, lots and atoms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mockex.core.units import Instrument, Lots

NANO = 1_000_000_000
"""Reference prices count billionths of a tick: a price of two and a half ticks has to keep its half."""

# In units of the common money. A level is worth 20,000 dollars where that is the dollar.
LEVEL_WORTH = 20_000
# More than an account of the demonstration owns, so that no order of its empties the book.
BACKSTOP_WORTH = 20_000_000_000

MINIMA_PER_LEVEL = 200
LEVELS_PER_BACKSTOP = 1_000
TRADES_PER_LEVEL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """One instrument's figures. `level_qty` is the mean of a level at the touch, `trade_qty` that of a taker's order.

    `backstop_qty` rests far from the market, see `agents`.
    """

    reference_nanoticks: int
    level_qty: Lots
    trade_qty: Lots
    backstop_qty: Lots

    @classmethod
    def of(cls, instrument: Instrument, reference_price: Decimal, quote_worth: Decimal) -> Sizing:
        """`quote_worth`: what one unit of the quote asset is worth in the common money. ValueError unless both are positive."""
        if reference_price <= 0 or quote_worth <= 0:
            raise ValueError(f"{instrument.symbol}: a reference price of {reference_price} at {quote_worth}")
        lot_worth = instrument.qty_scale.increment * reference_price * quote_worth
        level_qty = max(
            int(LEVEL_WORTH / lot_worth),
            MINIMA_PER_LEVEL * _smallest_order(instrument, reference_price),
            TRADES_PER_LEVEL * instrument.qty_step,
        )
        backstop_qty = max(int(BACKSTOP_WORTH / lot_worth), LEVELS_PER_BACKSTOP * level_qty)
        return cls(
            reference_nanoticks=max(1, int(reference_price / instrument.price_scale.increment * NANO)),
            level_qty=accepted_qty(instrument, level_qty),
            trade_qty=accepted_qty(instrument, level_qty // TRADES_PER_LEVEL),
            backstop_qty=accepted_qty(instrument, backstop_qty),
        )


def accepted_qty(instrument: Instrument, qty: Lots) -> Lots:
    """`qty`, or the nearest below that the instrument takes; its smallest where there is none."""
    limits = instrument.limits
    for most in (instrument.max_qty, limits.max_limit_buy, limits.max_limit_sell):
        if most is not None and qty > most:
            qty = most
    return max(qty - qty % instrument.qty_step, instrument.min_qty)


def _smallest_order(instrument: Instrument, price: Decimal) -> Lots:
    """The fewest lots that a limit order at about `price` and a market sell may have."""
    limits = instrument.limits
    smallest = max(instrument.min_qty, limits.min_market_sell or 0)
    if limits.min_notional is None:
        return smallest
    ticks = max(1, int(price / instrument.price_scale.increment))
    return max(smallest, -(-limits.min_notional // instrument.notional(ticks, 1)))


def asset_worths(priced: Sequence[tuple[Instrument, Decimal]]) -> Mapping[str, Decimal]:
    """What a unit of each asset is worth in the money that most instruments are quoted in; 1 where no price tells."""
    quotes = [instrument.quote.code for instrument, _ in priced]
    worths = {asset.code: Decimal(1) for instrument, _ in priced for asset in (instrument.base, instrument.quote)}
    if not quotes:
        return worths
    money = max(dict.fromkeys(quotes), key=quotes.count)
    for instrument, price in reversed(priced):
        if instrument.quote.code == money:
            worths[instrument.base.code] = price
    return worths
