"""How the document speaks since 2025-04. Source: ktx§14, and the vendor's document in English of 2026.

Objects are those of `gen1` with what is more in them, and less.
"""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter

from mockex.core.orders import BUY, Fill, Order, Side
from mockex.core.positions import Position
from mockex.core.units import Asset, Atoms
from mockex.venues.ktx.codec import Row, amount_text, price_text, qty_text
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.generations import Generation, OrderReading
from mockex.venues.ktx.ids import update_number
from mockex.venues.ktx.order_words import MARGIN_WORDS, SIDE_WORDS, SIDES, TIMES_IN_FORCE
from mockex.venues.ktx.params import KtxParams
from mockex.wire.faults import ApiFault, FaultKind

_TRIGGERED_TYPES = frozenset({"take-profit", "stop", "take-profit-limit", "stop-limit"})
_TRIGGERS = ("tpo_trigger", "slo_trigger")
_LIQUIDATION = -1
_TAKER_SIDES = {Side.BUY: 1, Side.SELL: -1}


def _quantity(params: KtxParams) -> tuple[Decimal, Side]:
    """Without sign: the side says which way."""
    side = params.choice("side", SIDES)
    quantity = params.decimal("quantity")
    if quantity <= 0:
        raise ApiFault(FaultKind.PARAM_VALUE, field="quantity")
    return quantity, side


def _refuse(params: KtxParams) -> None:
    """Orders that wait for a price, that carry such with them, and those of `mini` contracts are not served."""
    if params.text("type") in _TRIGGERED_TYPES or params.optional_flag("mini"):
        raise ApiFault(KtxFault.NOT_IMPLEMENTED)
    for name in _TRIGGERS:
        if params.optional_integer(name, minimum=0, maximum=1):
            raise ApiFault(KtxFault.NOT_IMPLEMENTED)


def _order_row(row: Row, order: Order, change: int) -> Row:
    """`mini` is text in the document. Of spot nothing says the margin method: without (ASSUMED)."""
    row = {
        **row,
        "mini": "false",
        "origin": 0,
        "brokerId": 0,
        "update_id": str(update_number(change)),
    }
    del row["visibleQty"]
    purpose = order.purpose
    if purpose is not None:
        row["marginMethod"] = MARGIN_WORDS[purpose.position.margin_method]
        if purpose.forced:
            row |= {"origin": _LIQUIDATION, "markPrice": price_text(order.instrument, purpose.mark)}
    return row


def _order_fill_row(row: Row, fill: Fill) -> Row:
    return {**row, "side": SIDE_WORDS[fill.order.side]}


def _fill_row(row: Row, fill: Fill) -> Row:
    return {**row, "side": SIDE_WORDS[fill.order.side], "fillId": str(fill.fill_id)}


def _position_row(row: Row, position: Position) -> Row:
    """The quantity has no sign, but the position a side."""
    instrument = position.contract.market.instrument
    return {
        **row,
        "side": "long" if position.direction is BUY else "short",
        "quantity": str(row["quantity"]).removeprefix("-"),
        "closableQty": qty_text(instrument, position.closable_qty),
    }


def balance_row(asset: Asset, total: Atoms, held: Atoms) -> Row:
    """Of the trade account. All that is free may be withdrawn, and no asset stands in for another (ASSUMED)."""
    return {**plain_balance_row(asset, total, held), "withdrawable": amount_text(asset, total - held), "collateral": False}


def plain_balance_row(asset: Asset, total: Atoms, held: Atoms) -> Row:
    """Of the main account."""
    return {
        "asset": asset.code,
        "balance": amount_text(asset, total),
        "locked": amount_text(asset, held),
        "free": amount_text(asset, total - held),
    }


SPOKEN = Generation(
    signs_expiry=True,
    wraps=True,
    number=int,
    rest_sides=_TAKER_SIDES,
    stream_sides=_TAKER_SIDES,
    reading=OrderReading(
        always=("symbol", "side", "type", "quantity", "market"),
        of_contracts=("positionMerge", "marginMethod", "leverage"),
        times_in_force=TIMES_IN_FORCE,
        quantity=_quantity,
        refuse=_refuse,
    ),
    order_row=_order_row,
    order_fill_row=_order_fill_row,
    fill_row=_fill_row,
    fill_number=attrgetter("fill_id"),
    position_row=_position_row,
    balance_row=balance_row,
)
