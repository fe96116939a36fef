"""KTX's words for what an order and a position are. Source: ktx§7 and ktx§10; `fok` is of the later generation (ktx§14)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.contract_terms import MarginMethod, PositionMerge
from mockex.core.orders import CancelReason, Order, OrderStatus, OrderType, Side, TimeInForce

ORDER_TYPES: Mapping[str, OrderType] = {"limit": OrderType.LIMIT, "market": OrderType.MARKET}
SIDES: Mapping[str, Side] = {"buy": Side.BUY, "sell": Side.SELL}
TIMES_IN_FORCE: Mapping[str, TimeInForce] = {"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "fok": TimeInForce.FOK}
MERGES: Mapping[str, PositionMerge] = {
    "none": PositionMerge.SPLIT,
    "long": PositionMerge.LONG,
    "short": PositionMerge.SHORT,
}
MARGIN_METHODS: Mapping[str, MarginMethod] = {"isolate": MarginMethod.ISOLATED, "cross": MarginMethod.CROSS}

TYPE_WORDS: Mapping[OrderType, str] = {kind: word for word, kind in ORDER_TYPES.items()}
SIDE_WORDS: Mapping[Side, str] = {side: word for word, side in SIDES.items()}
TIME_WORDS: Mapping[TimeInForce, str] = {time: word for word, time in TIMES_IN_FORCE.items()}
MERGE_WORDS: Mapping[PositionMerge, str] = {merge: word for word, merge in MERGES.items()}
MARGIN_WORDS: Mapping[MarginMethod, str] = {method: word for word, method in MARGIN_METHODS.items()}

ACCEPTED, PARTIALLY_FILLED, FILLED = "accepted", "partial-filled", "filled"
CANCELLED, PARTIALLY_CANCELLED, REJECTED = "cancelled", "partially-cancelled", "rejected"
_LIVE_WORDS: Mapping[OrderStatus, str] = {
    OrderStatus.OPEN: ACCEPTED,
    OrderStatus.PARTIALLY_FILLED: PARTIALLY_FILLED,
    OrderStatus.FILLED: FILLED,
}


def status_word(order: Order) -> str:
    """ktx§10. An order that was taken in and ended at once, because it would have taken or met an empty book, is `rejected`."""
    word = _LIVE_WORDS.get(order.status)
    if word is not None:
        return word
    if order.filled_qty:
        return PARTIALLY_CANCELLED
    return REJECTED if is_rejected(order) else CANCELLED


def is_rejected(order: Order) -> bool:
    """Whether an order exists only to tell that it was rejected (ktx§10)."""
    if order.filled_qty or order.status is not OrderStatus.CANCELLED:
        return False
    reason = order.cancel_reason
    return reason in (CancelReason.WOULD_TAKE, CancelReason.NOT_FILLABLE) or (
        reason is CancelReason.IMMEDIATE_REMAINDER and order.order_type is OrderType.MARKET
    )
