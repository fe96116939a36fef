"""Placing orders at HTX, one by one and in batches. Source: htx§3.4.

A batch answers `ok` whatever becomes of its orders and says per order how it went; a single order's failure is the reply's.
"""

from __future__ import annotations

from mockex.core.events import OrderAccepted, Rejected
from mockex.core.markets import MarketPhase
from mockex.core.orders import Order
from mockex.core.rejects import RejectReason
from mockex.venues.htx.envelopes import v1
from mockex.venues.htx.errors import WIRE_ERRORS, HtxFault
from mockex.venues.htx.order_params import decode_place_order, placing_fault
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

MAX_BATCH = 10

# What a price outside the band is told while a market opens, which is the phase that takes limit orders only (ASSUMED, htx§7).
_WHILE_OPENING = {
    RejectReason.PRICE_ABOVE_BAND: HtxFault.OPENING_PRICE_HIGH,
    RejectReason.PRICE_BELOW_BAND: HtxFault.OPENING_PRICE_LOW,
}

# Conditions that an operator may put the venue into (htx§7: of a suspended symbol).
ORDERS_OFF_FLAG, CANCELS_OFF_FLAG = "orders_off", "cancels_off"
TRADING_FLAGS = {
    ORDERS_OFF_FLAG: "new orders are refused with order-disabled",
    CANCELS_OFF_FLAG: "cancels are refused with cancel-disabled",
}


def check_trading(desk: Desk) -> None:
    """MAINTENANCE while the venue is down for it: orders and cancels are refused, reads are not (ASSUMED)."""
    if desk.in_maintenance:
        raise ApiFault(FaultKind.MAINTENANCE)


def body_object(body: JsonValue) -> Params:
    """The fields of a JSON object; BODY_NOT_JSON for anything else. Empty ones count as absent."""
    if not isinstance(body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    return Params(body, blank_is_absent=True)


def place_order(call: Call) -> WireResponse:
    """`data` is the id as text: a client requires it (htx§3.4)."""
    order = _place(call, body_object(call.body))
    return v1(call, str(order.order_id))


def batch_orders(call: Call) -> WireResponse:
    """Up to 10 orders, carried out in their order; one that fails does not stop the others."""
    check_trading(call.desk)
    items = call.body
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    if not items:
        raise ApiFault(FaultKind.PARAM_MISSING, field="orders")
    if len(items) > MAX_BATCH:
        raise ApiFault(FaultKind.PARAM_VALUE, field="orders")
    return v1(call, [_outcome(call, body_object(item)) for item in items])


def _outcome(call: Call, params: Params) -> dict[str, object]:
    """What became of one order of a batch. Of a client id that an open order has, that order's id is told (htx§4.6)."""
    try:
        order = _place(call, params)
    except ApiFault as fault:
        earlier = _earlier(call, params) if fault.kind is RejectReason.DUPLICATE_CLIENT_ID else None
        if earlier is None:
            return {"client-order-id": _client_text(params), **_failure(fault)}
        order = earlier
    return {"order-id": order.order_id, "client-order-id": order.client_id or ""}


def _earlier(call: Call, params: Params) -> Order | None:
    return call.desk.exchange.orders.newest_named(call.desk.account(call.account_id), params.text("client-order-id"))


def _client_text(params: Params) -> str:
    """The client's own name of an order as it came, as far as it is text at all."""
    name = params.raw("client-order-id")
    return name if isinstance(name, str) else ""


def _failure(fault: ApiFault) -> dict[str, object]:
    error = WIRE_ERRORS[fault.kind]
    return {"err-code": error.code, "err-msg": error.text(fault.detail)}


def _place(call: Call, params: Params) -> Order:
    """Places one order. ApiFault if it is refused."""
    desk = call.desk
    check_trading(desk)
    command = decode_place_order(call, params)
    if ORDERS_OFF_FLAG in desk.flags:
        raise ApiFault(HtxFault.ORDERS_OFF)
    first = desk.execute(command)[0]
    if isinstance(first, Rejected):
        market = desk.exchange.markets[command.symbol]
        if market.phase is MarketPhase.CALL_AUCTION and first.reason in _WHILE_OPENING:
            raise ApiFault(_WHILE_OPENING[first.reason])
        raise placing_fault(market.instrument, command, first)
    assert isinstance(first, OrderAccepted)
    return first.order
