"""Reading orders and fills (ktx§7)."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable

from mockex.core.orders import LIVE, Fill, Order
from mockex.venues.ktx.auth import VIEW
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.generations import Generation
from mockex.venues.ktx.ids import change_number, update_number
from mockex.venues.ktx.instruments import market_of
from mockex.venues.ktx.order_codec import changes_of, encode_fill, encode_order
from mockex.venues.ktx.order_terms import order_named, own_order
from mockex.venues.ktx.paging import BOUNDS, COMBINATIONS, Page
from mockex.venues.ktx.params import KtxParams, check_combination, given, market_name, of_query, product_named
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

UNSETTLED, SETTLED = "unsettled", "settled"
_STATUSES = {name: name for name in (UNSETTLED, SETTLED)}


# --- orders


def order(call: Call) -> WireResponse:
    """By id, or by `c:` and the client's own."""
    found = order_named(call, of_query(call, required=("id",)))
    return reply(call, encode_order(found, call.state, changes_of(call.desk)))


def orders(call: Call) -> WireResponse:
    """Unsettled ones by creation, settled ones by the time that they ended, ascending (ktx§12). Of a product, a market or all;
    settled ones of a product alone.
    """
    params = of_query(call, required=("symbol",) if call.query.get("status") == SETTLED else ())
    status = params.optional_choice("status", _STATUSES) or UNSETTLED
    return _listed(call, params, status, None if params.raw("market") is None else market_name(params))


def pending_orders(call: Call) -> WireResponse:
    """Those of `gen2` (ktx§14): unsettled ones of a market, or of one of its products."""
    params = of_query(call, required=("market",))
    return _listed(call, params, UNSETTLED, market_name(params))


def past_orders(call: Call) -> WireResponse:
    """Those of `gen2` (ktx§14): settled ones of a product; of a whole market they are in no list of combinations."""
    params = of_query(call, required=("market", "symbol"))
    return _listed(call, params, SETTLED, market_name(params))


def _listed(call: Call, params: KtxParams, status: str, market: str | None) -> WireResponse:
    check_combination(given(params, BOUNDS), *COMBINATIONS)
    page = Page(params)
    symbols = _symbols(call, market, params.optional_text("symbol"))
    found = _unsettled(call, symbols, page) if status == UNSETTLED else _settled(call, symbols[0], page)
    changes = changes_of(call.desk)
    return reply(call, [encode_order(each, call.state, changes) for each in found])


def _unsettled(call: Call, symbols: list[str], page: Page) -> list[Order]:
    changes = changes_of(call.desk)
    found = call.desk.exchange.orders.page(
        call.desk.account(call.account_id),
        symbols,
        LIVE,
        older_than=None,
        newer_than=None,
        span_ns=page.span_ns,
        limit=sys.maxsize,  # there are not many
        where=lambda order: page.takes(update_number(changes.last_change(order))),
    )
    return page.cut(found[::-1])


def _settled(call: Call, symbol: str, page: Page) -> list[Order]:
    return page.ascending(
        changes_of(call.desk)
        .ended(call.desk.account(call.account_id), symbol)
        .page(
            older_than=None if page.before is None else change_number(page.before) + 1,
            newer_than=None if page.after is None else change_number(page.after) - 1,
            created_ns=page.span_ns,
            limit=page.limit,
            oldest_first=page.oldest_first,
        )
    )


def _symbols(call: Call, market: str | None, symbol: str | None) -> list[str]:
    if symbol is not None:
        return [product_named(call, market or market_of(symbol), symbol).instrument.symbol]
    return [each for each in call.desk.exchange.markets if market in (None, market_of(each))]


# --- fills


def fills(call: Call) -> WireResponse:
    """Of a product, or of an order. `before` and `after` are ids of trades, which is what these objects show (ASSUMED)."""
    params = of_query(call, required=("market",) if "order_id" in call.query else ("market", "symbol"))
    market = market_name(params)
    order_id = params.optional_text("order_id")
    check_combination(given(params, BOUNDS), *(COMBINATIONS if order_id is None else (("before",),)))
    page = Page(params)
    only = None if order_id is None else own_order(call, order_id, "order_id")
    symbol = params.optional_text("symbol")
    if symbol is not None:
        symbol = product_named(call, market, symbol).instrument.symbol
    elif only is not None and market_of(only.instrument.symbol) == market:
        symbol = only.instrument.symbol
    if symbol is None or (order_id is not None and only is None):  # an order that there is not has no fills (ASSUMED)
        return reply(call, [])

    found = _fills_of_product(call, symbol, page) if only is None else _fills_of_order(call, only, symbol, page)
    return reply(call, [encode_fill(fill, call.state) for fill in found])


def _fills_of_product(call: Call, symbol: str, page: Page) -> list[Fill]:
    exchange, account, fill_number = call.desk.exchange, call.desk.account(call.account_id), _fill_number(call)
    oldest = beyond = None
    if page.after is not None:
        oldest = exchange.fill_id_from(account, symbol, page.after, fill_number)
        if oldest is None:
            return []
    if page.before is not None:
        beyond = exchange.fill_id_from(account, symbol, page.before + 1, fill_number)
    return page.ascending(
        exchange.fills(
            account,
            symbol,
            newer_than=None if oldest is None else oldest - 1,
            older_than=beyond,
            span_ns=page.span_ns,
            limit=page.limit,
            oldest_first=page.oldest_first,
        )
    )


def _fills_of_order(call: Call, order: Order, symbol: str, page: Page) -> list[Fill]:
    """Those of an order have no other bound than `before`."""
    fills = order.fills or []
    if order.instrument.symbol != symbol:
        return []
    end = len(fills) if page.before is None else bisect_right(fills, page.before, key=_fill_number(call))
    return fills[max(0, end - page.limit) : end]


def _fill_number(call: Call) -> Callable[[Fill], int]:
    generation: Generation = call.state.generation
    return generation.fill_number


def _route(path: str, handler: Handler) -> Route:
    return Route(method="GET", path=path, handler=handler, permission=VIEW)


READ_ROUTES = (_route("/api/v1/order", order), _route("/api/v1/orders", orders), _route("/api/v1/fills", fills))
