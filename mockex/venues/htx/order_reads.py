"""Reading orders of HTX: the open ones, one by its id or client id, and lists of past ones. Source: htx§3.4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from mockex.core.orders import LIVE, Order, OrderStatus
from mockex.core.policy import DAY_NS
from mockex.venues.htx.codec import Row, ms
from mockex.venues.htx.envelopes import v1
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.identities import identities_of
from mockex.venues.htx.order_codec import encode_listed_order, encode_open_order, encode_order
from mockex.venues.htx.order_params import instrument_of
from mockex.venues.htx.order_queries import (
    ALL_ROWS,
    Span,
    direction_of,
    find_order,
    known_words,
    millisecond_of,
    order_filter,
    order_number,
    piece_of,
    rows_of,
    span_of,
    type_words,
)
from mockex.venues.htx.order_terms import STATE_QUERIES, STATE_STATUSES, state_of, type_word
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

REACH_NS = 180 * DAY_NS
MOST_OPEN, MOST_ORDERS, MOST_OF_48_HOURS = 500, 100, 1_000
LEAST_OF_48_HOURS = 10

_ANY_STATUS = LIVE | {OrderStatus.FILLED, OrderStatus.CANCELLED}

Encode = Callable[[Order, int], Row]


def _params(call: Call) -> Params:
    return Params(call.query, blank_is_absent=True)


def _rows(call: Call, orders: Sequence[Order], encode: Encode) -> list[Row]:
    """All of them are the caller's, and of one account."""
    number = identities_of(call).account_number(call.account_id)
    return [encode(order, number) for order in orders]


def open_orders(call: Call) -> WireResponse:
    """Stop orders that wait are among them."""
    params = _params(call)
    wanted = order_filter(call, params, most_symbols=1)
    page = partial(call.desk.exchange.orders.page, call.desk.account(call.account_id), wanted.symbols, LIVE, where=wanted.takes)
    return v1(call, _rows(call, rows_of(piece_of(params, MOST_OPEN), page), encode_open_order))


# --- one order


def order(call: Call) -> WireResponse:
    return _one(call, find_order(call, order_number(call.path_params["order_id"])))


def client_order(call: Call) -> WireResponse:
    """The newest of that name, for 8 hours from its creation while it is open, and 2 hours once it is closed (htx§4.6)."""
    client_id = _params(call).text("clientOrderId")
    return _one(call, call.desk.exchange.orders.by_client_id(call.desk.account(call.account_id), client_id))


def _one(call: Call, found: Order | None) -> WireResponse:
    if found is None:
        raise ApiFault(FaultKind.ORDER_UNKNOWN)
    return v1(call, _rows(call, [found], encode_order)[0])


# --- lists


def orders(call: Call) -> WireResponse:
    """Orders of one symbol in some states that were created in a span of 48 hours."""
    params = _params(call)
    symbol = instrument_of(call.desk, params.text("symbol")).symbol
    states = {state for state in known_words(params, "states", STATE_QUERIES) if state is not None}
    types = type_words(params)
    span = span_of(params, call.desk.clock.now_ns(), reach_ns=REACH_NS, too_old=HtxFault.ORDERS_TOO_OLD)
    statuses = frozenset[OrderStatus]().union(*(STATE_STATUSES[state] for state in states))

    def is_asked_for(order: Order) -> bool:
        return state_of(order) in states and (types is None or type_word(order) in types)

    account = call.desk.account(call.account_id)
    page = partial(call.desk.exchange.orders.page, account, [symbol], statuses, span_ns=span, where=is_asked_for)
    return v1(call, _rows(call, rows_of(piece_of(params, MOST_ORDERS), page), encode_listed_order))


def order_history(call: Call) -> WireResponse:
    """Orders that were created in a span of 48 hours, of one symbol or all. When there are more, `next-time` tells where they
    go on: the next end going back, which is the default, and the next start going forward.
    So the orders of one millisecond are never torn apart. They make a piece shorter, or longer if it has no others: whoever
    follows `next-time` gets every order once.
    """
    params = _params(call)
    wanted = order_filter(call, params, ("symbol",), most_symbols=1)
    span = span_of(params, call.desk.clock.now_ns(), reach_ns=REACH_NS, too_old=HtxFault.ORDERS_TOO_OLD)
    size = params.optional_integer("size", minimum=LEAST_OF_48_HOURS, maximum=MOST_OF_48_HOURS) or 100
    forward = direction_of(params)
    page = partial(
        call.desk.exchange.orders.page, call.desk.account(call.account_id), wanted.symbols, _ANY_STATUS,
        older_than=None, newer_than=None,
    )  # fmt: skip
    found = page(span_ns=span, limit=ALL_ROWS)[-size - 1 :] if forward else page(span_ns=span, limit=size + 1)
    rest: list[Order] = []
    if len(found) > size:
        torn = millisecond_of(found[0 if forward else -1].created_ns)
        found = [order for order in found if not torn.has(order.created_ns)] or page(span_ns=torn, limit=ALL_ROWS)
        if forward:
            rest = page(span_ns=Span(found[0].created_ns + 1, span.end_ns), limit=ALL_ROWS)[-1:]
        else:
            rest = page(span_ns=Span(span.start_ns, found[-1].created_ns - 1), limit=1)
    more = {"next-time": ms(rest[0].created_ns)} if rest else {}
    return v1(call, _rows(call, found, encode_order), **more)
