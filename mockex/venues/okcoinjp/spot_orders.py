"""Placing and cancelling orders, one by one and in batches (okj§9.2 and §9.3).

The two forms share everything but their reply: a single order's failure is the reply's status, a batch answers 200 and says
per item how it went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import OrderAccepted, OrderCancelled, Rejected
from mockex.core.orders import OrderType, TimeInForce
from mockex.core.rejects import RejectReason
from mockex.venues.okcoinjp import codec
from mockex.venues.okcoinjp.errors import (
    CANCELS,
    ORDER_LEVEL,
    WIRE_ERRORS,
    OkFault,
    cancel_failure,
    placing_failure,
)
from mockex.venues.okcoinjp.limits import per_seconds
from mockex.venues.okcoinjp.spot_market import market_of
from mockex.venues.okcoinjp.terms import decode_place_order, find_order, required_text
from mockex.wire.credentials import Permission
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue, dumps
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call, charge
from mockex.wire.routing import Route

MAX_BATCH_PAIRS = 4
MAX_BATCH_PER_PAIR = 10

# What the switch `open_order_cap` may say, in orders of one account in one pair.
OPEN_ORDER_CAPS: Mapping[str, int | None] = {"none": None, "10": 10, "100": 100, "1000": 1_000}

# Counted once the pair is known: separately per pair (okj§4).
PLACE_LIMIT = per_seconds(100, 2, "orders of one pair")
CANCEL_LIMIT = per_seconds(100, 2, "cancels of one pair")


def _check_trading(desk: Desk) -> None:
    """30038 while the matching engine is upgraded, 30035 while the site does not trade."""
    if desk.in_maintenance:
        raise ApiFault(FaultKind.MAINTENANCE)
    if "trading_off" in desk.flags:
        raise ApiFault(OkFault.TRADING_OFF)


def _object(body: JsonValue) -> Params:
    if not isinstance(body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    return Params(body, blank_is_absent=True)


def _symbol(desk: Desk, params: Params) -> str:
    """The pair that an order or a cancel names."""
    return market_of(desk, required_text(params, "instrument_id")).instrument.symbol


# --- placing


def place_order(call: Call) -> WireResponse:
    """One order. Its limit counts as soon as the pair is known: limits come before parameters (okj§3)."""
    params = _object(call.body)
    charge(call, PLACE_LIMIT, (call.account_id, _symbol(call.desk, params)))
    return WireResponse(200, dumps(_place(call, params)))


def batch_orders(call: Call) -> WireResponse:
    """Orders of up to 4 pairs, up to 10 of each, in request order; one that fails does not stop the others."""
    items = _batch(call.body)
    _check_batch_size((_pair(item), 1) for item in items)
    separator = "-" if call.desk.settings.switches["batch_key"] == "dash" else "_"
    replies: dict[str, list[dict[str, object]]] = {}
    for item in items:
        reply = _per_item(
            lambda item=item: _place(call, Params(item, blank_is_absent=True)),  # type: ignore[misc]  # the default binds this round's item
            lambda code, message, item=item: placing_failure(item.get("client_oid"), code, message),  # type: ignore[misc]
        )
        replies.setdefault(_pair(item).replace("-", separator), []).append(reply)
    return WireResponse(200, dumps(replies))


def _place(call: Call, params: Params) -> dict[str, object]:
    """Places one order and says so. ApiFault if it is refused."""
    desk = call.desk
    command = decode_place_order(desk, call.account_id, params)
    _check_trading(desk)
    _check_open_orders(desk, command)
    first = desk.execute(command)[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, value=first.subject, limit=first.limit)
    assert isinstance(first, OrderAccepted)
    return codec.order_success(first.order)


def _check_open_orders(desk: Desk, command: PlaceOrder) -> None:
    """33036 with as many live orders in one pair as the switch allows, for an order that could rest. The vendor documents no
    cap (okj§4).
    """
    cap = OPEN_ORDER_CAPS[str(desk.settings.switches["open_order_cap"])]
    if cap is None or command.order_type is not OrderType.LIMIT or command.time_in_force is not TimeInForce.GTC:
        return
    if len(desk.exchange.orders.live(desk.account(command.account_id), command.symbol)) >= cap:
        raise ApiFault(RejectReason.TOO_MANY_OPEN_ORDERS, limit=str(cap))


# --- cancelling


def cancel_order(call: Call) -> WireResponse:
    params = _object(call.body)
    symbol = _symbol(call.desk, params)
    charge(call, CANCEL_LIMIT, (call.account_id, symbol))
    return WireResponse(200, dumps(_cancel(call, _reference(call, params), symbol)))


def _reference(call: Call, params: Params) -> str:
    """Exactly one id: in the path, or else in the body."""
    in_body = [text for name in ("order_id", "client_oid") if (text := params.optional_text(name)) is not None]
    in_path = call.path_params.get("order_ref")
    given = list(dict.fromkeys(in_body if in_path is None else [in_path, *in_body]))
    if not given:
        raise ApiFault(OkFault.NO_ORDER_ID)
    if len(given) > 1 or len(in_body) > 1:
        raise ApiFault(OkFault.TWO_ORDER_IDS)
    return given[0]


def cancel_batch_orders(call: Call) -> WireResponse:
    """Items of one pair each, all by order id or all by client id; keyed by the pair in lower case, with its dash."""
    items = _batch(call.body)
    batches = [(item, *_references(item)) for item in items]
    if len({kind for _, kind, _ in batches}) > 1:
        raise ApiFault(OkFault.TWO_ORDER_IDS)
    _check_batch_size((_pair(item), len(references)) for item, _, references in batches)
    replies: dict[str, list[dict[str, object]]] = {}
    for item, _, references in batches:
        params = Params(item, blank_is_absent=True)
        for reference in references:
            reply = _per_item(
                lambda params=params, reference=reference: _cancel(call, reference, _symbol(call.desk, params)),  # type: ignore[misc]
                lambda code, message, reference=reference: cancel_failure(reference, code, message),  # type: ignore[misc]
            )
            replies.setdefault(_pair(item), []).append(reply)
    return WireResponse(200, dumps(replies))


def _references(item: dict[str, JsonValue]) -> tuple[str, list[str]]:
    """The kind of ids that an item has, and the ids."""
    given = [name for name in ("order_ids", "client_oids") if item.get(name) not in (None, "", [])]
    if not given:
        raise ApiFault(OkFault.NO_ORDER_ID)
    if len(given) > 1:
        raise ApiFault(OkFault.TWO_ORDER_IDS)
    ids = item[given[0]]
    if not isinstance(ids, list) or not all(isinstance(one, (str, int)) and not isinstance(one, bool) for one in ids):
        raise ApiFault(FaultKind.PARAM_FORMAT, field=given[0])
    return given[0], [str(one) for one in ids]


def _cancel(call: Call, reference: str, symbol: str) -> dict[str, object]:
    """Cancels the order that a path or list names, and says so. ApiFault if it cannot be."""
    desk = call.desk
    _check_trading(desk)
    order = find_order(desk, call.account_id, reference)
    if order is None:
        raise ApiFault(FaultKind.ORDER_UNKNOWN, value=reference[:64])
    if order.account.account_id != call.account_id:
        raise ApiFault(OkFault.FOREIGN_ORDER)
    if order.instrument.symbol == symbol and order.order_type is OrderType.LIMIT and order.time_in_force is not TimeInForce.GTC:
        raise ApiFault(OkFault.ORDER_NOT_CANCELLABLE)  # it was over before anybody could ask
    first = desk.execute(CancelOrder(account_id=call.account_id, order_id=order.order_id, symbol=symbol))[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, value=first.subject, limit=first.limit)
    assert isinstance(first, OrderCancelled)
    return codec.order_success(first.order)


# --- batches


def _batch(body: JsonValue) -> list[dict[str, JsonValue]]:
    """A list of objects. ASSUMED: an empty one counts as a blank body."""
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    if not body:
        raise ApiFault(FaultKind.BODY_EMPTY)
    return body  # type: ignore[return-value]  # every item was checked


def _pair(item: dict[str, JsonValue]) -> str:
    """The key of an item's replies: its pair as it named it, in lower case."""
    named = item.get("instrument_id")
    return named.lower() if isinstance(named, str) else ""


def _check_batch_size(counts: Iterable[tuple[str, int]]) -> None:
    per_pair: dict[str, int] = {}
    for pair, count in counts:
        per_pair[pair] = per_pair.get(pair, 0) + count
    if len(per_pair) > MAX_BATCH_PAIRS or max(per_pair.values()) > MAX_BATCH_PER_PAIR:
        raise ApiFault(OkFault.BATCH_TOO_LARGE)


def _per_item(act: Callable[[], dict[str, object]], failure: Callable[[str, str], dict[str, object]]) -> dict[str, object]:
    """What became of one item: batches answer 200 with a code per item (proposed, okj§5)."""
    try:
        return act()
    except ApiFault as fault:
        error = WIRE_ERRORS[fault.kind]
        return failure(error.code, error.text(fault.detail))


ORDER_ROUTES = (
    Route(
        method="POST",
        path="/api/spot/v3/orders",
        handler=place_order,
        permission=Permission.TRADE,
        tags=frozenset({ORDER_LEVEL}),
    ),
    Route(
        method="POST",
        path="/api/spot/v3/batch_orders",
        handler=batch_orders,
        permission=Permission.TRADE,
        limit=per_seconds(50, 2, "batch_orders"),
    ),
    Route(
        method="POST",
        path="/api/spot/v3/cancel_orders/{order_ref}",
        handler=cancel_order,
        permission=Permission.TRADE,
        tags=frozenset({ORDER_LEVEL, CANCELS}),
    ),
    Route(
        method="POST",
        path="/api/spot/v3/cancel_orders",
        handler=cancel_order,
        permission=Permission.TRADE,
        tags=frozenset({ORDER_LEVEL, CANCELS}),
    ),
    Route(
        method="POST",
        path="/api/spot/v3/cancel_batch_orders",
        handler=cancel_batch_orders,
        permission=Permission.TRADE,
        limit=per_seconds(100, 2, "cancel_batch_orders"),
    ),
)
