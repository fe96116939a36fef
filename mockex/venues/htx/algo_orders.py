"""Conditional orders at HTX: `/v2/algo-orders`. Source: htx§3.4.

They are the exchange's: what they wait for, and what becomes of them, is decided there (`core/conditionals.py`). Here they get
their terms. Which way the price must go follows from where it is: up to a stop price above it, down to one below. Where nothing
has traded yet, a buy waits for a rise and a sale for a fall; a trailing order begins its pursuit of a fall below its stop price
if it buys, of a rise above it if it sells (all ASSUMED).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal

from mockex.core.commands import CancelConditional, PlaceConditional, PlaceOrder
from mockex.core.conditionals import ConditionalOrder, ConditionalStatus
from mockex.core.events import Rejected
from mockex.core.markets import Market
from mockex.core.orders import OrderType, Side, StopDirection, StopTrigger
from mockex.core.rejects import RejectReason
from mockex.venues.htx.algo_codec import DEFAULT_FORCES, ENDS, FORCES, PPM_DECIMALS, TYPES, Force, encode_conditional
from mockex.venues.htx.codec import MS_NS, Row
from mockex.venues.htx.envelopes import v2
from mockex.venues.htx.errors import V2, HtxFault
from mockex.venues.htx.identities import identities_of, trading_account
from mockex.venues.htx.limits import per_seconds
from mockex.venues.htx.order_entry import ORDERS_OFF_FLAG, body_object, check_trading
from mockex.venues.htx.order_params import (
    CLIENT_ID,
    budget_atoms,
    instrument_of,
    placing_fault,
    price_ticks,
    qty_lots,
)
from mockex.venues.htx.order_queries import Span, millisecond_of
from mockex.venues.htx.order_terms import SIDES
from mockex.wire.credentials import Permission
from mockex.wire.decimals import to_units
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

MAX_CANCELLED = 50
DEFAULT_ROWS, MAX_ROWS = 100, 500  # the most ASSUMED: as of the ledger
MIN_TRAIL, MAX_TRAIL = Decimal("0.001"), Decimal("0.05")

_NEWEST_FIRST = {"desc": True, "asc": False}


# --- placing


def place(call: Call) -> WireResponse:
    """`data` has the client's own id: there is no other before the trigger."""
    desk = call.desk
    check_trading(desk)
    command = _decode(call, body_object(call.body))
    if ORDERS_OFF_FLAG in desk.flags:
        raise ApiFault(HtxFault.ORDERS_OFF)
    first = desk.execute(command)[0]
    if isinstance(first, Rejected):
        if first.reason is RejectReason.AMOUNT_NOT_POSITIVE:
            raise ApiFault(RejectReason.BUDGET_BELOW_MINIMUM)
        raise placing_fault(desk.exchange.markets[command.order.symbol].instrument, command.order, first)
    return v2(call, {"clientOrderId": command.order.client_id})


def _decode(call: Call, params: Params) -> PlaceConditional:
    """ApiFault for the first field that is missing, malformed or too fine: in the order of an ordinary order's."""
    account = params.raw("accountId")
    if account is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field="accountId")
    trading_account(call, account)
    instrument = instrument_of(call.desk, params.text("symbol"))
    side, order_type = params.choice("orderSide", SIDES), params.choice("orderType", TYPES)
    client_id = params.text("clientOrderId")
    if not CLIENT_ID(client_id):
        raise ApiFault(FaultKind.PARAM_VALUE, field="clientOrderId", value=client_id[:64])
    force = _force(params, order_type)
    trail_ppm = _trail_ppm(params)
    market = call.desk.exchange.markets[instrument.symbol]
    is_limit = order_type is OrderType.LIMIT
    by_budget = not is_limit and side is Side.BUY
    stop_price = price_ticks(instrument, params, "stopPrice")
    order = PlaceOrder(
        account_id=call.account_id,
        symbol=instrument.symbol,
        side=side,
        order_type=order_type,
        time_in_force=force.time_in_force,
        post_only=force.post_only,
        limit_price=price_ticks(instrument, params, "orderPrice") if is_limit else None,
        order_qty=None if by_budget else qty_lots(instrument, params, "orderSize"),
        budget=budget_atoms(instrument, params, "orderValue") if by_budget else None,
        client_id=client_id,
    )
    direction = _direction(market, side, stop_price, trails=trail_ppm is not None)
    return PlaceConditional(order=order, trigger=StopTrigger(stop_price, direction), trail_ppm=trail_ppm)


def _force(params: Params, order_type: OrderType) -> Force:
    default = DEFAULT_FORCES[order_type]
    force = params.optional_choice("timeInForce", FORCES) or default
    if order_type is OrderType.MARKET and force != default:
        raise ApiFault(FaultKind.PARAM_VALUE, field="timeInForce")
    return force


def _trail_ppm(params: Params) -> int | None:
    rate = params.optional_decimal("trailingRate")
    if rate is None:
        return None
    ppm, exact = to_units(rate, PPM_DECIMALS)
    if not exact or not MIN_TRAIL <= rate <= MAX_TRAIL:
        raise ApiFault(FaultKind.PARAM_VALUE, field="trailingRate")
    return ppm


def _direction(market: Market, side: Side, stop_price: int, *, trails: bool) -> StopDirection:
    last_price = market.ticker.last_price
    if trails:
        rises = side is Side.SELL
    elif last_price is None:
        rises = side is Side.BUY
    else:
        rises = stop_price > last_price
    return StopDirection.AT_OR_ABOVE if rises else StopDirection.AT_OR_BELOW


# --- cancelling


def cancel(call: Call) -> WireResponse:
    """By client ids, in their order; one that cannot be cancelled stops no other."""
    desk = call.desk
    check_trading(desk)
    ids = body_object(call.body).raw("clientOrderIds")
    if ids is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field="clientOrderIds")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MAX_CANCELLED:
        raise ApiFault(FaultKind.PARAM_VALUE, field="clientOrderIds")
    names = [name for name in ids if isinstance(name, str)]
    if len(names) < len(ids):
        raise ApiFault(FaultKind.PARAM_FORMAT, field="clientOrderIds")
    accepted: list[str] = []
    rejected: list[str] = []
    for name in names:
        (accepted if _cancel(call, name) else rejected).append(name)
    return v2(call, {"accepted": accepted, "rejected": rejected})


def _cancel(call: Call, client_id: str) -> bool:
    """Whether there was one to cancel."""
    desk = call.desk
    found = desk.exchange.conditionals.named(desk.account(call.account_id), client_id)
    if found is None or found.status is not ConditionalStatus.WAITING:
        return False
    first = desk.execute(CancelConditional(account_id=call.account_id, order_id=found.order_id))[0]
    return not isinstance(first, Rejected)


# --- reading


def opening(call: Call) -> WireResponse:
    """Those that wait, whatever of; the newest first unless told otherwise."""
    return _page(call, Params(call.query, blank_is_absent=True), waiting=True)


def history(call: Call) -> WireResponse:
    """Those of one symbol that ended one way, by the time of their placing (ASSUMED)."""
    params = Params(call.query, blank_is_absent=True)
    params.text("symbol")
    status = params.choice("orderStatus", ENDS)
    start_ms, end_ms = params.optional_integer("startTime", minimum=0), params.optional_integer("endTime", minimum=0)
    if start_ms is not None and end_ms is not None and start_ms > end_ms:
        raise ApiFault(FaultKind.PARAM_VALUE, field="startTime")
    end_ns = call.desk.clock.now_ns() if end_ms is None else millisecond_of(end_ms * MS_NS).end_ns
    span = Span((start_ms or 0) * MS_NS, end_ns)
    return _page(call, params, waiting=False, span=span, where=lambda conditional: conditional.status is status)


def specific(call: Call) -> WireResponse:
    """The newest of that client id."""
    client_id = Params(call.query, blank_is_absent=True).text("clientOrderId")
    found = call.desk.exchange.conditionals.named(call.desk.account(call.account_id), client_id)
    if found is None:
        raise ApiFault(FaultKind.ORDER_UNKNOWN, value=client_id[:64])
    return v2(call, _row(call, found))


def _page(
    call: Call,
    params: Params,
    *,
    waiting: bool,
    span: Span | None = None,
    where: Callable[[ConditionalOrder], bool] | None = None,
) -> WireResponse:
    """Rows from `fromId` on; `nextId` is the first of the next page, where there is one. `span`: of their placing.

    O(the conditional orders of the span).
    """
    desk = call.desk
    account = params.raw("accountId")
    if account is not None:
        trading_account(call, account)
    symbol = params.optional_text("symbol")
    if symbol is not None:
        instrument_of(desk, symbol)
    side, order_type = params.optional_choice("orderSide", SIDES), params.optional_choice("orderType", TYPES)
    limit = params.optional_integer("limit", minimum=1, maximum=MAX_ROWS) or DEFAULT_ROWS
    from_id = params.optional_integer("fromId", minimum=0)
    newest_first = params.optional_choice("sort", _NEWEST_FIRST) is not False

    def matches(conditional: ConditionalOrder) -> bool:
        order = conditional.order
        return (
            symbol in (None, order.symbol)
            and side in (None, order.side)
            and order_type in (None, order.order_type)
            and (where is None or where(conditional))
        )

    bounds: dict[str, int] = {}
    if from_id is not None:
        bounds = {"older_than": from_id + 1} if newest_first else {"newer_than": from_id - 1}
    wanted = limit + 1 if newest_first else sys.maxsize  # pages come newest first
    found = desk.exchange.conditionals.page(
        desk.account(call.account_id), waiting=waiting, span_ns=span, limit=wanted, where=matches, **bounds
    )
    if not newest_first:
        found.reverse()
    rows = [_row(call, conditional) for conditional in found[:limit]]
    return v2(call, rows, **({"nextId": found[limit].order_id} if len(found) > limit else {}))


def _row(call: Call, conditional: ConditionalOrder) -> Row:
    instrument = call.desk.exchange.markets[conditional.order.symbol].instrument
    return encode_conditional(conditional, instrument, identities_of(call).account_number(call.account_id))


def _route(method: str, path: str, handler: Handler) -> Route:
    permission = Permission.TRADE if method == "POST" else Permission.READ
    return Route(
        method=method, path=path, handler=handler, permission=permission, limit=per_seconds(20, 2, path), tags=frozenset({V2})
    )


ALGO_ROUTES = (
    _route("POST", "/v2/algo-orders", place),
    _route("POST", "/v2/algo-orders/cancellation", cancel),
    _route("GET", "/v2/algo-orders/opening", opening),
    _route("GET", "/v2/algo-orders/history", history),
    _route("GET", "/v2/algo-orders/specific", specific),
)
