"""A position as KTX shows it. Source: ktx§9 and ktx§11.

Everything is text. `initMargin` and `maintMargin` are rates, `posMargin` and `orderMargin` amounts. A short has a quantity
below zero.
"""

from __future__ import annotations

from fractions import Fraction

from mockex.core.events import PositionChanged
from mockex.core.fees import RATE_UNIT
from mockex.core.orders import BUY
from mockex.core.positions import Position
from mockex.core.units import Atoms, Lots
from mockex.venues.ktx import codec
from mockex.venues.ktx.generations import Generation
from mockex.venues.ktx.order_words import MARGIN_WORDS, MERGE_WORDS
from mockex.wire.decimals import plain

# Decimals of what need not be finite: entry prices, to the nearest, and the share that a leverage asks for, cut off (ASSUMED).
_PRICE_DECIMALS = 8
_SHARE_DECIMALS = 8


def encode_position(position: Position, generation: Generation) -> codec.Row:
    """As it is now."""
    row = _row(position, position.qty, position.cost, position.margin, position.order_margin)
    return generation.position_row(row, position)


def encode_change(event: PositionChanged, generation: Generation) -> codec.Row:
    """As it was after the command that the event is of."""
    row = _row(event.position, event.qty, event.cost, event.margin, event.order_margin)
    return generation.position_row(row, event.position)


def _row(position: Position, qty: Lots, cost: Atoms, margin: Atoms, order_margin: Atoms) -> codec.Row:
    contract = position.contract
    instrument = contract.market.instrument
    quote, tier = instrument.quote, contract.terms.tier(cost)
    return {
        "id": str(position.position_id),
        "symbol": contract.symbol,
        "quantity": codec.qty_text(instrument, qty if position.direction is BUY else -qty),
        "entryPrice": _entry_text(position, qty, cost),
        "mergeMode": MERGE_WORDS[position.merge],
        "marginMethod": MARGIN_WORDS[position.margin_method],
        "leverage": f"{position.leverage}.0",
        "initMargin": _share_text(position.leverage, tier.initial_rate),
        "maintMargin": codec.rate_text(tier.maintenance_rate),
        "posMargin": codec.amount_text(quote, margin),
        "orderMargin": codec.amount_text(quote, order_margin),
    }


def _entry_text(position: Position, qty: Lots, cost: Atoms) -> str:
    """What a whole base unit has cost."""
    if not qty:
        return "0"
    contract = position.contract
    increment = Fraction(contract.market.instrument.price_scale.increment)
    price = Fraction(cost, qty * contract.unit) * increment
    return plain(round(price * 10**_PRICE_DECIMALS), _PRICE_DECIMALS)


def _share_text(leverage: int, tier_rate: int) -> str:
    """max(1 / leverage, the tier's)."""
    if leverage * tier_rate >= RATE_UNIT:
        return codec.rate_text(tier_rate)
    return plain(10**_SHARE_DECIMALS // leverage, _SHARE_DECIMALS)
