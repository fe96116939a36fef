"""HTX's words for conditional orders. Source: htx§3.4, "/v2/algo-orders"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockex.core.conditionals import ConditionalOrder, ConditionalStatus
from mockex.core.orders import OrderType, TimeInForce
from mockex.core.policy import PPM
from mockex.core.rejects import RejectReason
from mockex.core.units import Instrument
from mockex.venues.htx.codec import Row, ms
from mockex.venues.htx.errors import v2_error
from mockex.venues.htx.order_codec import plain_money, plain_price, plain_qty
from mockex.venues.htx.order_terms import SIDE_WORDS
from mockex.wire.decimals import plain

SOURCE = "api"  # as in the examples
PPM_DECIMALS = 6
assert 10**PPM_DECIMALS == PPM


class Force(NamedTuple):
    """A `timeInForce`; `boc` is book or cancel."""

    time_in_force: TimeInForce
    post_only: bool = False


TYPES: Mapping[str, OrderType] = {"limit": OrderType.LIMIT, "market": OrderType.MARKET}
_TYPE_WORDS: Mapping[OrderType, str] = {order_type: word for word, order_type in TYPES.items()}

FORCES: Mapping[str, Force] = {
    "gtc": Force(TimeInForce.GTC),
    "boc": Force(TimeInForce.GTC, post_only=True),
    "ioc": Force(TimeInForce.IOC),
    "fok": Force(TimeInForce.FOK),
}
_FORCE_WORDS: Mapping[Force, str] = {force: word for word, force in FORCES.items()}

# What an order has that names none; a market order can have no other (ASSUMED).
DEFAULT_FORCES: Mapping[OrderType, Force] = {OrderType.LIMIT: FORCES["gtc"], OrderType.MARKET: FORCES["ioc"]}

STATUS_WORDS: Mapping[ConditionalStatus, str] = {
    ConditionalStatus.WAITING: "created",
    ConditionalStatus.TRIGGERED: "triggered",
    ConditionalStatus.FAILED: "rejected",
    ConditionalStatus.CANCELLED: "canceled",
}
ENDS: Mapping[str, ConditionalStatus] = {
    word: status for status, word in STATUS_WORDS.items() if status is not ConditionalStatus.WAITING
}

# Why a trigger failed, as the venue's own example has it; the rest is the text of a refusal over REST. That a lack of funds
# has the same form and number is ASSUMED: the tables have no code for it.
_TRIGGER_ERRORS: Mapping[RejectReason, tuple[int, str]] = {
    RejectReason.DUPLICATE_CLIENT_ID: (2002, "invalid.client.order.id (NT)"),
    RejectReason.INSUFFICIENT_FUNDS: (2002, "insufficient.balance (NT)"),
}


def trigger_error(conditional: ConditionalOrder) -> tuple[int, str]:
    """Number and text of why its order was refused."""
    failure = conditional.failure
    assert failure is not None, f"{conditional!r} has not failed"
    known = _TRIGGER_ERRORS.get(failure.reason)
    if known is not None:
        return known
    error = v2_error(failure.reason)
    return int(error.code), error.text({})


def encode_conditional(conditional: ConditionalOrder, instrument: Instrument, account_number: int) -> Row:
    """`account_number`: the account's id on the wire."""
    order = conditional.order
    row: Row = {
        "accountId": account_number,
        "symbol": order.symbol,
        "source": SOURCE,
        "clientOrderId": order.client_id or "",
        "orderSide": SIDE_WORDS[order.side],
        "orderType": _TYPE_WORDS[order.order_type],
        "timeInForce": _FORCE_WORDS[Force(order.time_in_force, order.post_only)],
        "stopPrice": plain_price(instrument, conditional.trigger.price),
        "orderStatus": STATUS_WORDS[conditional.status],
        "orderOrigTime": ms(conditional.created_ns),
        "lastActTime": ms(conditional.updated_ns),
    }
    if order.limit_price is not None:
        row["orderPrice"] = plain_price(instrument, order.limit_price)
    if order.order_qty is not None:
        row["orderSize"] = plain_qty(instrument, order.order_qty)
    if order.budget is not None:
        row["orderValue"] = plain_money(instrument.quote, order.budget)
    if conditional.trail_ppm is not None:
        row["trailingRate"] = plain(conditional.trail_ppm, PPM_DECIMALS)
    if conditional.placed is not None:
        row |= {"orderId": conditional.placed.order_id, "orderCreateTime": ms(conditional.placed.created_ns)}
    if conditional.failure is not None:
        row["errCode"], row["errMessage"] = trigger_error(conditional)
    return row
