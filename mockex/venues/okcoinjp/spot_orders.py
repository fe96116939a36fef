"""Placing and cancelling orders, one by one and in batches (okj§9.2 and §9.3).

The two forms share everything but their reply: a single order's failure is the reply's status, a batch answers 200 and says
per item how it went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockex.core.commands import CancelOrder
from mockex.core.events import OrderAccepted, OrderCancelled, Rejected
from mockex.core.orders import Order, TimeInForce
from mockex.venues.okcoinjp import codec
from mockex.venues.okcoinjp.errors import (
    ORDER_LEVEL,
    WIRE_ERRORS,
    OkFault,
    cancel_failure,
    placing_failure,
)
from mockex.venues.okcoinjp.limits import per_seconds
from mockex.venues.okcoinjp.spot_market import market_of
from mockex.venues.okcoinjp.terms import decode_place_order, required_text
from mockex.wire.credentials import Permission
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue, dumps
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call, charge
from mockex.wire.routing import Route

MAX_BATCH_PAIRS = 4
MAX_BATCH_PER_PAIR = 10

# Counted once the pair is known: separately per pair (okj§4).
PLACE_LIMIT = per_seconds(100, 2, "orders of one pair")
CANCEL_LIMIT = per_seconds(100, 2, "cancels of one pair")


def check_trading(call: Call) -> None:
    """30038 while the matching engine is upgraded, 30035 while the site does not trade."""
    if call.desk.in_maintenance:
        raise ApiFault(FaultKind.MAINTENANCE)
    if "trading_off" in call.desk.flags:
        raise ApiFault(OkFault.TRADING_OFF)


def _object(body: JsonValue) -> Params:
    if not isinstance(body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)
    return Params(body, blank_is_absent=True)


# --- placing


def place_order(call: Call) -> WireResponse:
    check_trading(call)
    params = _object(call.body)
    command = decode_place_order(call.desk, call.account_id, params)
    charge(call, PLACE_LIMIT, (call.account_id, command.symbol))
    first = call.desk.execute(command)[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, value=first.subject, limit=first.limit)
    assert isinstance(first, OrderAccepted)
    return WireResponse(200, dumps(codec.order_success(first.order)))


def batch_orders(call: Call) -> WireResponse:
    """Orders of up to 4 pairs, up to 10 of each, in request order; one that fails does not stop the others."""
    check_trading(call)
    items = _batch(call.body)
    _check_batch_size((_pair(item), 1) for item in items)
    separator = "-" if call.desk.settings.switches["batch_key"] == "dash" else "_"

    def place(item: dict[str, JsonValue]) -> dict[str, object]:
        command = decode_place_order(call.desk, call.account_id, Params(item, blank_is_absent=True))
        first = call.desk.execute(command)[0]
        if isinstance(first, Rejected):
            raise ApiFault(first.reason, value=first.subject, limit=first.limit)
        assert isinstance(first, OrderAccepted)
        return codec.order_success(first.order)

    replies: dict[str, list[dict[str, object]]] = {}
    for item in items:
        reply = _per_item(
            lambda item=item: place(item),  # type: ignore[misc]  # the default binds this round's item
            lambda code, message, item=item: placing_failure(item.get("client_oid"), code, message),  # type: ignore[misc]
        )
        replies.setdefault(_pair(item).replace("-", separator), []).append(reply)
    return WireResponse(200, dumps(replies))


# --- cancelling


def cancel_order(call: Call) -> WireResponse:
    check_trading(call)
    params = _object(call.body)
    reference = _reference(call, params)
    symbol = market_of(call.desk, required_text(params, "instrument_id")).instrument.symbol
    charge(call, CANCEL_LIMIT, (call.account_id, symbol))
    return WireResponse(200, dumps(codec.order_success(_cancel(call, reference, symbol))))


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
    check_trading(call)
    items = _batch(call.body)
    batches = [(_pair(item), _references(item)) for item in items]
    kinds = {kind for _, (kind, _) in batches}
    if len(kinds) > 1:
        raise ApiFault(OkFault.TWO_ORDER_IDS)
    _check_batch_size((pair, len(references)) for pair, (_, references) in batches)
    replies: dict[str, list[dict[str, object]]] = {}
    for pair, (_, references) in batches:
        for reference in references:
            reply = _per_item(
                lambda pair=pair, reference=reference: codec.order_success(  # type: ignore[misc]
                    _cancel(call, reference, market_of(call.desk, pair).instrument.symbol)
                ),
                lambda code, message, reference=reference: cancel_failure(reference, code, message),  # type: ignore[misc]
            )
            replies.setdefault(pair, []).append(reply)
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


def _cancel(call: Call, reference: str, symbol: str) -> Order:
    """Cancels the order that a path or list names: digits are an order id, all else a client id (its newest order)."""
    desk = call.desk
    desk.exchange.forget_expired()
    if reference.isascii() and reference.isdigit():
        order = desk.exchange.orders.by_id(int(reference[:24]))
        if order is not None and order.account.account_id != call.account_id:
            raise ApiFault(OkFault.FOREIGN_ORDER)
    else:
        order = desk.exchange.orders.by_client_id(desk.account(call.account_id), reference)
    if order is None:
        raise ApiFault(FaultKind.ORDER_UNKNOWN, value=reference[:64])
    if order.instrument.symbol == symbol and order.time_in_force is not TimeInForce.GTC:
        raise ApiFault(OkFault.ORDER_NOT_CANCELLABLE)  # it was over before anybody could ask
    first = desk.execute(CancelOrder(account_id=call.account_id, order_id=order.order_id, symbol=symbol))[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, value=first.subject, limit=first.limit)
    assert isinstance(first, OrderCancelled)
    return first.order


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
        tags=frozenset({ORDER_LEVEL}),
    ),
    Route(
        method="POST",
        path="/api/spot/v3/cancel_orders",
        handler=cancel_order,
        permission=Permission.TRADE,
        tags=frozenset({ORDER_LEVEL}),
    ),
    Route(
        method="POST",
        path="/api/spot/v3/cancel_batch_orders",
        handler=cancel_batch_orders,
        permission=Permission.TRADE,
        limit=per_seconds(100, 2, "cancel_batch_orders"),
    ),
)
