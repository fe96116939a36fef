"""Cancelling orders at HTX: one, a list, or whatever meets a description. Source: htx§3.4.

The venue's answer means that the cancel was accepted. Here the order's final state follows at once, after the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mockex.core.commands import CancelOrder
from mockex.core.events import Rejected
from mockex.core.orders import LIVE, Order, OrderType, TimeInForce
from mockex.core.rejects import RejectReason
from mockex.venues.htx.envelopes import reply, v1
from mockex.venues.htx.errors import WIRE_ERRORS, HtxFault
from mockex.venues.htx.order_entry import CANCELS_OFF_FLAG, body_object, check_trading
from mockex.venues.htx.order_params import instrument_of
from mockex.venues.htx.order_queries import OrderFilter, find_order, order_filter, order_number
from mockex.venues.htx.order_terms import CANCELING, CLOSED_LONG_AGO, LONG_AGO_NS, NOT_FOUND, state_of
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

MAX_BATCH = 50
MAX_BY_CRITERIA = 100
NONE_LEFT = -1  # as `next-id`


def cancel_order(call: Call) -> WireResponse:
    """By the id of the path. A `symbol`, when given, must be the order's own (ASSUMED)."""
    params = body_object(call.body)
    _check_cancelling(call.desk)
    order = _own_order(call, order_number(call.path_params["order_id"]))
    symbol = params.optional_text("symbol")
    if symbol is not None and instrument_of(call.desk, symbol) is not order.instrument:
        raise ApiFault(RejectReason.ORDER_SYMBOL_MISMATCH)
    _cancel(call, order)
    return v1(call, str(order.order_id))


def cancel_client_order(call: Call) -> WireResponse:
    """The newest order of a client id. Whether it can be cancelled is a number, and no failure."""
    params = body_object(call.body)
    client_id = params.text("client-order-id")
    _check_cancelling(call.desk)
    orders, account = call.desk.exchange.orders, call.desk.account(call.account_id)
    order = orders.by_client_id(account, client_id)
    if order is None:
        forgotten = orders.newest_named(account, client_id)
        return v1(call, NOT_FOUND if forgotten is None or forgotten.is_live else CLOSED_LONG_AGO)
    if not order.is_live:
        return v1(call, _closed_number(call.desk, order))
    _cancel(call, order)
    return v1(call, CANCELING)


def cancel_orders(call: Call) -> WireResponse:
    """Up to 50 orders by their ids or by their client ids. `success` names them as the request does (proposed)."""
    params = body_object(call.body)
    _check_cancelling(call.desk)
    given = [name for name in ("order-ids", "client-order-ids") if params.raw(name) is not None]
    if not given:
        raise ApiFault(FaultKind.PARAM_MISSING, field="order-ids")
    if len(given) > 1:
        raise ApiFault(FaultKind.PARAM_VALUE, field=given[1])
    references = _references(params.raw(given[0]), given[0])
    done: list[str] = []
    failed: list[dict[str, object]] = []
    for reference in references:
        failure = _failed(call, reference, by_client_id=given[0] == "client-order-ids")
        if failure is None:
            done.append(reference)
        else:
            failed.append(failure)
    return v1(call, {"success": done, "failed": failed})


def _references(value: JsonValue, name: str) -> list[str]:
    if not isinstance(value, list) or not all(type(each) in (str, int) for each in value):
        raise ApiFault(FaultKind.PARAM_FORMAT, field=name)
    if not value:
        raise ApiFault(FaultKind.PARAM_MISSING, field=name)
    if len(value) > MAX_BATCH:
        raise ApiFault(FaultKind.PARAM_VALUE, field=name)
    return [str(each) for each in value]


def _failed(call: Call, reference: str, *, by_client_id: bool) -> dict[str, object] | None:
    """Cancels one order of a list; what to say if that fails."""
    order: Order | None = None
    try:
        if by_client_id:
            order = call.desk.exchange.orders.by_client_id(call.desk.account(call.account_id), reference)
        else:
            order = find_order(call, order_number(reference))
        if order is None:
            raise ApiFault(HtxFault.RECORD_NOT_FOUND)
        _cancel(call, order)
        return None
    except ApiFault as fault:
        error = WIRE_ERRORS[fault.kind]
        failure: dict[str, object] = {"err-msg": error.text(fault.detail)}
        if "order_state" in fault.detail:
            failure["order-state"] = int(fault.detail["order_state"])
        if order is None:
            names = ("", reference) if by_client_id else (reference, "")
        else:
            names = (str(order.order_id), order.client_id or "")
        return failure | {"order-id": names[0], "err-code": error.code, "client-order-id": names[1]}


def cancel_open_orders(call: Call) -> WireResponse:
    """Open orders that meet a description, the oldest first (ASSUMED). `next-id` is the first of those that were too many."""
    params = body_object(call.body)
    _check_cancelling(call.desk)
    wanted = order_filter(call, params)
    size = params.optional_integer("size", minimum=1, maximum=MAX_BY_CRITERIA) or MAX_BY_CRITERIA
    found = _open_orders(call, wanted)
    done = _cancel_each(call, found[:size])
    data = {
        "success-count": done,
        "failed-count": len(found[:size]) - done,
        "next-id": found[size].order_id if len(found) > size else NONE_LEFT,
    }
    return v1(call, data)


def cancel_all_orders(call: Call) -> WireResponse:
    """Every open order, of one symbol or of all. A GET, with an answer of one word."""
    _check_cancelling(call.desk)
    _cancel_each(call, _open_orders(call, order_filter(call, Params(call.query, blank_is_absent=True), only=("symbol",))))
    return reply(call, {"status": "ok"})


def _open_orders(call: Call, wanted: OrderFilter) -> Sequence[Order]:
    """The caller's, oldest first."""
    orders, account = call.desk.exchange.orders, call.desk.account(call.account_id)
    found = [order for symbol in wanted.symbols for order in orders.live(account, symbol).values() if wanted.takes(order)]
    return sorted(found, key=lambda order: order.order_id)


def _cancel_each(call: Call, orders: Iterable[Order]) -> int:
    """How many could be cancelled."""
    done = 0
    for order in orders:
        try:
            _cancel(call, order)
        except ApiFault:
            continue
        done += 1
    return done


def _cancel(call: Call, order: Order) -> None:
    """Cancels the caller's order. ApiFault if it is closed, or its market takes no cancels."""
    if order.status not in LIVE:
        at_once = order.order_type is OrderType.MARKET or order.time_in_force is not TimeInForce.GTC
        if at_once and order.trigger is None:
            raise ApiFault(HtxFault.CANCEL_FORBIDDEN)  # it was over before anybody could ask
        raise ApiFault(RejectReason.ORDER_CANCELLED, order_state=str(_closed_number(call.desk, order)))
    first = call.desk.execute(CancelOrder(account_id=call.account_id, order_id=order.order_id))[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason)


def _closed_number(desk: Desk, order: Order) -> int:
    """The state of a closed order, as a number."""
    if desk.clock.now_ns() - order.updated_ns >= LONG_AGO_NS:
        return CLOSED_LONG_AGO
    return state_of(order).number


def _own_order(call: Call, order_id: int) -> Order:
    order = find_order(call, order_id)
    if order is None:
        raise ApiFault(FaultKind.ORDER_UNKNOWN)
    return order


def _check_cancelling(desk: Desk) -> None:
    check_trading(desk)
    if CANCELS_OFF_FLAG in desk.flags:
        raise ApiFault(HtxFault.CANCELS_OFF)
