"""KTX's order and fill objects. Source: ktx§7. Decimals are plain text and without sign, ids text, times text in milliseconds.

An order can be told as it is now, as it was when it came, and as it was right after one of its fills: what is pushed about a
command with several trades tells of each.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter

from mockex.core.order_changes import NumberedOrders
from mockex.core.orders import Fill, Liquidity, Order, OrderStatus, Side
from mockex.core.units import Atoms, Instrument, Lots
from mockex.venues.ktx import codec
from mockex.venues.ktx.fill_sums import fee_of
from mockex.venues.ktx.generations import Generation
from mockex.venues.ktx.ids import order_number
from mockex.venues.ktx.order_words import (
    ACCEPTED,
    FILLED,
    MERGE_WORDS,
    PARTIALLY_FILLED,
    SIDE_WORDS,
    TIME_WORDS,
    TYPE_WORDS,
    status_word,
)
from mockex.venues.ktx.state import KtxState
from mockex.wire.desk import Desk

FILLS_SHOWN = 20
"""The last ones; the others are a page of fills (ktx§7)."""

_ACTIONS = {
    (Side.BUY, False): "increase_long",
    (Side.BUY, True): "reduce_long",
    (Side.SELL, False): "increase_short",
    (Side.SELL, True): "reduce_short",
}
_fill_id = attrgetter("fill_id")


def changes_of(desk: Desk) -> NumberedOrders:
    """The numbers of what happened to the orders that the desk shows."""
    changes = desk.exchange.changes
    assert changes is not None, "the policy of this venue numbers changes"
    return changes


def encode_order(order: Order, state: KtxState, changes: NumberedOrders) -> codec.Row:
    """As it is now."""
    count, change = len(order.fills or ()), changes.last_change(order)
    return _row(order, state, status_word(order), order.filled_qty, order.filled_notional, count, order.updated_ns, change)


def encode_accepted(order: Order, state: KtxState, changes: NumberedOrders) -> codec.Row:
    """As it was when it came."""
    return _row(order, state, ACCEPTED, 0, 0, 0, order.created_ns, changes.arrival(order))


def encode_after(fill: Fill, state: KtxState, changes: NumberedOrders) -> codec.Row:
    """The order as it was right after that fill."""
    order = fill.order
    so_far = bisect_right(order.fills or [], fill.fill_id, key=_fill_id)
    status = FILLED if fill.order_status is OrderStatus.FILLED else PARTIALLY_FILLED
    filled, cost, change = fill.order_filled_qty, fill.order_filled_notional, changes.change_of(fill)
    return _row(order, state, status, filled, cost, so_far, fill.time_ns, change)


def _row(
    order: Order, state: KtxState, status: str, filled: Lots, cost: Atoms, fill_count: int, updated_ns: int, change: int
) -> codec.Row:
    """With the first `fill_count` fills."""
    instrument, fills = order.instrument, order.fills or []
    qty = codec.qty_text(instrument, order.order_qty)
    fee, profit = state.fill_sums.of(order, fill_count)
    row: codec.Row = {
        "orderId": order_id_text(order, state),
        "clientOrderId": order.client_id or "",
        "createTime": codec.ms_text(order.created_ns),
        "product": instrument.symbol,
        "type": TYPE_WORDS[order.order_type],
        "side": SIDE_WORDS[order.side],
        "quantity": qty,
        "stf": "disabled",
        "price": codec.price_text(instrument, order.limit_price),
        "visibleQty": qty,
        "timeInForce": TIME_WORDS[order.time_in_force],
        "cancelAfter": 0,
        "postOnly": order.post_only,
        **_position(order),
        "status": status,
        "executedQty": codec.qty_text(instrument, filled),
        "profit": codec.amount_text(instrument.quote, profit),
        "executedCost": codec.amount_text(instrument.quote, cost),
        "fillCount": fill_count,
        "fills": [
            _encode_fill_of_order(instrument, fill, state.generation)
            for fill in fills[max(0, fill_count - FILLS_SHOWN) : fill_count]
        ],
        "fees": [_fee_row(instrument, fee)] if fill_count else [],
        "updateTime": codec.ms_text(updated_ns),
    }
    return state.generation.order_row(row, order, change)


def order_id_text(order: Order, state: KtxState) -> str:
    return str(order_number(order.order_id, state.product_id(order.instrument.symbol)))


def _position(order: Order) -> codec.Row:
    """What an order says of the position that it is for. A spot order has no position: 0, the number (proposed)."""
    purpose = order.purpose
    if purpose is None:
        return {"positionMerge": "none", "positionId": 0, "close": False, "leverage": 0, "action": "unknown"}
    position = purpose.position
    return {
        "positionMerge": MERGE_WORDS[position.merge],
        "positionId": str(position.position_id),
        "close": purpose.closes,
        # What it was placed with: the position's may have changed since.
        "leverage": position.leverage if purpose.closes else purpose.leverage,
        "action": _ACTIONS[position.direction, purpose.closes],
    }


def _fee_row(instrument: Instrument, fee: Atoms) -> codec.Row:
    """`value` is what the amount is worth in the quote asset, which fees are in."""
    amount = codec.amount_text(instrument.quote, fee)
    return {"amount": amount, "asset": instrument.quote.code, "value": amount}


def _encode_fill_of_order(instrument: Instrument, fill: Fill, generation: Generation) -> codec.Row:
    row: codec.Row = {
        "tradeId": fill.trade_id,
        "time": codec.ms_text(fill.time_ns),
        "price": codec.price_text(instrument, fill.price),
        "quantity": codec.qty_text(instrument, fill.qty),
        "profit": codec.amount_text(instrument.quote, fill.profit),
        "taker": fill.liquidity is Liquidity.TAKER,
        "fees": [_fee_row(instrument, fee_of(fill))],
    }
    return generation.order_fill_row(row, fill)


def encode_fill(fill: Fill, state: KtxState) -> codec.Row:
    """A row of `/v1/fills`, where fees have no value."""
    instrument = fill.order.instrument
    row: codec.Row = {
        "product": instrument.symbol,
        "fees": [{"amount": codec.amount_text(instrument.quote, fee_of(fill)), "asset": instrument.quote.code}],
        "quantity": codec.qty_text(instrument, fill.qty),
        "orderId": order_id_text(fill.order, state),
        "price": codec.price_text(instrument, fill.price),
        "time": codec.ms_text(fill.time_ns),
        "taker": fill.liquidity is Liquidity.TAKER,
        "profit": codec.amount_text(instrument.quote, fill.profit),
        "tradeId": fill.trade_id,
    }
    return state.generation.fill_row(row, fill)
