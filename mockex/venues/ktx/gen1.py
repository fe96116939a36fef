"""How the document of early 2025 speaks. Source: ktx§6 to ktx§9."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter

from mockex.core.orders import Side, TimeInForce
from mockex.core.units import Asset, Atoms
from mockex.venues.ktx.codec import Row, amount_text
from mockex.venues.ktx.generations import Generation, OrderReading
from mockex.venues.ktx.order_words import SIDE_WORDS, SIDES
from mockex.venues.ktx.params import KtxParams
from mockex.wire.faults import ApiFault, FaultKind


def signed_quantity(params: KtxParams) -> tuple[Decimal, Side]:
    """The quantity without its sign, and what the sign means: below zero sells (ktx§7). A `side` may say so too (proposed)."""
    quantity = params.decimal("quantity")
    side = params.optional_choice("side", SIDES)
    if quantity == 0:
        raise ApiFault(FaultKind.PARAM_VALUE, field="quantity")
    if quantity < 0:
        if side is Side.BUY:
            raise ApiFault(FaultKind.PARAM_VALUE, field="side")
        return -quantity, Side.SELL
    return quantity, side or Side.BUY


def _as_it_is(row: Row, *_: object) -> Row:
    return row


def _balance_row(asset: Asset, total: Atoms, held: Atoms) -> Row:
    return {"asset": asset.code, "balance": amount_text(asset, total), "holds": amount_text(asset, held)}


SPOKEN = Generation(
    signs_expiry=False,
    wraps=False,
    number=str,
    # The same side has another name over REST than on the stream (ktx§8).
    rest_sides={Side.BUY: "1", Side.SELL: "-1"},
    stream_sides=SIDE_WORDS,
    reading=OrderReading(
        always=("symbol", "market", "type", "quantity"),
        of_contracts=("positionMerge", "marginMethod", "leverage", "close"),
        times_in_force={"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC},
        quantity=signed_quantity,
        refuse=lambda params: None,
    ),
    order_row=_as_it_is,
    order_fill_row=_as_it_is,
    fill_row=_as_it_is,
    fill_number=attrgetter("trade_id"),
    position_row=_as_it_is,
    balance_row=_balance_row,
)
