"""Placing and cancelling orders, one by one and in batches (cs§7.7-7.12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mockex.core.commands import CancelOrder
from mockex.core.events import OrderAccepted, Rejected
from mockex.core.orders import Order
from mockex.core.rejects import RejectReason
from mockex.venues.coinstore.envelopes import OK, plain
from mockex.venues.coinstore.errors import STRICT_SWITCH, WIRE_ERRORS
from mockex.venues.coinstore.market_data import market_named
from mockex.venues.coinstore.order_terms import (
    STATE_WORDS,
    check_allowed,
    decode_place_order,
    order_named,
    own_order,
    own_order_named,
)
from mockex.wire.credentials import Permission
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue, dumps
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

ALIAS_SWITCH = "place_emit_order_id_alias"
MAX_BATCH = 50  # cs§7.8 (proposed)

MAX_ORDER_ID = 2**63 - 1  # a long of Java

_STAMP_DIGITS = 16

# The field that a refusal names, where it names one; pairs have maxima only where an operator lists them.
_BLAMED: Mapping[RejectReason, str] = {
    RejectReason.QTY_ABOVE_MAXIMUM: "ordQty",
    RejectReason.MARKET_SELL_ABOVE_MAXIMUM: "ordQty",
    RejectReason.BUDGET_ABOVE_MAXIMUM: "ordAmt",
}


def body_of(call: Call) -> dict[str, JsonValue]:
    if not isinstance(call.body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    return call.body


def params_of_body(call: Call) -> Params:
    return Params(body_of(call), blank_is_absent=True)


def _check_running(call: Call) -> None:
    if call.desk.in_maintenance:
        raise ApiFault(FaultKind.MAINTENANCE)


def _stamp(params: Params) -> int | None:
    """The client's time, in milliseconds (cs§5)."""
    return params.optional_integer("timestamp", minimum=0, maximum=10**_STAMP_DIGITS)


# --- placing


def place(call: Call) -> WireResponse:
    """One order. The switch adds the name that the document's sample has for its id."""
    params = params_of_body(call)
    order = _place(call, params.optional_text("symbol"), params, _stamp(params))
    data: dict[str, object] = {"ordId": order.order_id}
    if call.desk.switch(ALIAS_SWITCH):
        data["order_id"] = order.order_id
    return plain(data)


def place_batch(call: Call) -> WireResponse:
    """One after the other; one that fails does not stop the others (proposed). What all share is checked once, before."""
    params = params_of_body(call)
    _check_running(call)
    market = market_named(call, params.text("symbol"))
    check_allowed(call.desk, call.account_id, market)
    stamp_ms = _stamp(params)
    items = params.raw("orders")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_BATCH or not all(isinstance(item, dict) for item in items):
        raise ApiFault(FaultKind.PARAM_MISSING if items in (None, []) else FaultKind.PARAM_VALUE, field="orders")
    return plain([_batch_item(call, market.instrument.symbol, item, stamp_ms) for item in items])


def _batch_item(call: Call, symbol: str, item: JsonValue, stamp_ms: int | None) -> dict[str, object]:
    assert isinstance(item, dict)
    params = Params(item, blank_is_absent=True)
    try:
        order = _place(call, symbol, params, stamp_ms)
    except ApiFault as fault:
        error = WIRE_ERRORS[fault.kind]
        named = item.get("clOrdId")
        known: dict[str, object] = {"clOrdId": named} if isinstance(named, str) and named else {}
        return {**known, "errno": int(error.code), "errMsg": error.text(fault.detail)}
    return {"ordId": order.order_id, "clOrdId": order.client_id}


def _place(call: Call, symbol: str | None, params: Params, stamp_ms: int | None) -> Order:
    """ApiFault if it is refused."""
    _check_running(call)
    command = decode_place_order(call, symbol, params, stamp_ms=stamp_ms)
    first = call.desk.execute(command)[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, field=_BLAMED.get(first.reason, "ordPrice"), value=first.subject, limit=first.limit)
    assert isinstance(first, OrderAccepted)
    return first.order


# --- cancelling


def cancel(call: Call) -> WireResponse:
    """One order, by id or by client id (observed). One that has ended says so, without its client id (observed).

    With `clientOrderIds` it does what the call for several of them does (proposed): the vendor's own script comes here.
    """
    params = params_of_body(call)
    if params.raw("clientOrderIds") is not None:
        return cancel_batch_by_client_ids(call)
    _check_running(call)
    symbol = _symbol(call, params)
    order = order_named(call, params)
    if order is None or order.instrument.symbol != symbol:
        raise ApiFault(FaultKind.ORDER_UNKNOWN)
    if not order.is_live:
        return plain({"state": STATE_WORDS[order.status], "ordId": order.order_id})
    _end(call, order)
    return plain({"clientOrderId": order.client_id, "state": STATE_WORDS[order.status], "ordId": order.order_id})


def _symbol(call: Call, params: Params) -> str:
    """3011 for an unknown pair (proposed, cs§11.1)."""
    return market_named(call, params.text("symbol")).instrument.symbol


def _end(call: Call, order: Order) -> None:
    """Cancels a live order of the caller."""
    first = call.desk.execute(CancelOrder(account_id=call.account_id, order_id=order.order_id))[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, value=first.subject)


def cancel_batch(call: Call) -> WireResponse:
    """By ids, numbers or text. What is unknown or has ended is rejected (proposed)."""
    params = params_of_body(call)
    _check_running(call)
    symbol = _symbol(call, params)
    ids = params.raw("orderIds")
    if ids is None or ids == []:
        raise ApiFault(FaultKind.PARAM_MISSING, field="order.id")
    if not isinstance(ids, list):
        raise ApiFault(FaultKind.PARAM_FORMAT, field="order.id")
    numbers = [_order_id(value) for value in ids]
    done, rejected = _end_all(call, symbol, ((number, own_order(call, number)) for number in numbers))
    return plain({"success": done, "reject": rejected})


def _order_id(value: JsonValue) -> int:
    params = Params({"order.id": value})
    return params.integer("order.id", minimum=0, maximum=MAX_ORDER_ID)


def cancel_batch_by_client_ids(call: Call) -> WireResponse:
    """`reject` only where something was (proposed)."""
    params = params_of_body(call)
    _check_running(call)
    symbol = _symbol(call, params)
    names = params.raw("clientOrderIds")
    if names is None or names == []:
        raise ApiFault(FaultKind.PARAM_MISSING, field="clientOrderIds")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ApiFault(FaultKind.PARAM_FORMAT, field="clientOrderIds")
    done, rejected = _end_all(call, symbol, ((str(name), own_order_named(call, str(name))) for name in names))
    return plain({"success": done, "reject": rejected} if rejected else {"success": done})


def _end_all(call: Call, symbol: str, named: Iterable[tuple[object, Order | None]]) -> tuple[list[object], list[object]]:
    """Names of what was cancelled and of what was not, each in the order asked for."""
    done: list[object] = []
    rejected: list[object] = []
    for name, order in named:
        if order is None or order.instrument.symbol != symbol or not order.is_live:
            rejected.append(name)
        else:
            _end(call, order)
            done.append(name)
    return done, rejected


def cancel_all(call: Call) -> WireResponse:
    """Withdrawn from the documents, and still called: every order of a pair. No data where there was none (observed).

    With strict documents the path is unknown. `symbol` is required (as documented last).
    """
    if call.desk.switch(STRICT_SWITCH):
        raise ApiFault(FaultKind.ROUTE_UNKNOWN)
    _check_running(call)
    symbol = _symbol(call, params_of_body(call))
    live = list(call.desk.exchange.orders.live(call.desk.account(call.account_id), symbol).values())
    if not live:
        return WireResponse(200, dumps({"code": OK}))
    for order in live:
        _end(call, order)
    return plain({"canceling": [order.order_id for order in live]})


def _route(path: str, handler: Handler) -> Route:
    return Route(method="POST", path=path, handler=handler, permission=Permission.TRADE)


ORDER_ROUTES = (
    _route("/api/trade/order/place", place),
    _route("/api/trade/order/placeBatch", place_batch),
    _route("/api/trade/order/cancel", cancel),
    _route("/api/trade/order/cancelBatch", cancel_batch),
    _route("/api/trade/order/cancelBatchByClOrdId", cancel_batch_by_client_ids),
    _route("/api/trade/order/cancelAll", cancel_all),
)
