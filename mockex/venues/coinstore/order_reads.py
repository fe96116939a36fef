"""Reading orders and fills (cs§7.4-7.6 and cs§7.13)."""

from __future__ import annotations

from mockex.core.exchange import Exchange
from mockex.core.ledger import Account
from mockex.core.orders import LIVE, Fill, Liquidity, Order, Side
from mockex.venues.coinstore import order_codec
from mockex.venues.coinstore.envelopes import plain
from mockex.venues.coinstore.errors import CoinstoreFault
from mockex.venues.coinstore.market_data import market_named, params_of
from mockex.venues.coinstore.order_terms import order_named
from mockex.wire.credentials import Permission
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

LEAVES_ZERO_SWITCH = "v1_leaves_zero"
AS_LIST_SWITCH = "orderinfo_v2_as_list"

MAX_FILLS, DEFAULT_FILLS = 100, 20  # the first proposed (cs§7.6)
MAX_ACTIVE = 1_000_000  # no account has so many

_SIDES = {"1": Side.BUY, "-1": Side.SELL}


def _account(call: Call) -> Account:
    return call.desk.account(call.account_id)


def _live(call: Call, symbols: list[str]) -> list[Order]:
    """Newest first (ASSUMED)."""
    return call.desk.exchange.orders.page(_account(call), symbols, LIVE, older_than=None, newer_than=None, limit=MAX_ACTIVE)


def active_v1(call: Call) -> WireResponse:
    """Every open order; parameters change nothing."""
    leaves_zero = call.desk.switch(LEAVES_ZERO_SWITCH)
    orders = _live(call, list(call.desk.exchange.markets))
    return plain([order_codec.encode_active_v1(order, call.state, leaves_zero=leaves_zero) for order in orders])


def active_v2(call: Call) -> WireResponse:
    """Those that the query picks. A body changes nothing: the vendor's script puts its pair there, and gets all."""
    params = params_of(call)
    symbol = params.optional_text("symbol")
    symbols = list(call.desk.exchange.markets) if symbol is None else [market_named(call, symbol).instrument.symbol]
    order_id, client_id = params.optional_integer("ordId"), params.optional_text("clOrdId")
    orders = [
        order for order in _live(call, symbols) if order_id in (None, order.order_id) and client_id in (None, order.client_id)
    ]
    return plain([order_codec.encode_active_v2(order, call.state) for order in orders])


def info_v1(call: Call) -> WireResponse:
    """By id, or by client id as older documents say."""
    order = order_named(call, params_of(call))
    if order is None:
        raise ApiFault(FaultKind.ORDER_UNKNOWN)
    return plain(order_codec.encode_info_v1(order, call.state))


def info_v2(call: Call) -> WireResponse:
    """An object (observed); a list with one in it, as the document shows it, by a switch."""
    order = order_named(call, params_of(call))
    if order is None:
        raise ApiFault(CoinstoreFault.NOT_FOUND_V2)
    row = order_codec.encode_info_v2(order, call.state)
    return plain([row] if call.desk.switch(AS_LIST_SWITCH) else row)


# --- fills


def account_matches(call: Call) -> WireResponse:
    """A page of the account's fills in one pair, newest first (proposed)."""
    params = params_of(call)
    symbol = market_named(call, params.text("symbol")).instrument.symbol
    order_id = params.optional_integer("ordId")
    side = params.optional_choice("side", _SIDES)
    page = params.optional_integer("pageNum", minimum=1, maximum=10**9) or 1
    size = params.optional_integer("pageSize", minimum=1, maximum=MAX_FILLS)
    if size is None:  # what older documents called it
        size = params.optional_integer("size", minimum=1, maximum=MAX_FILLS) or DEFAULT_FILLS

    def wanted(fill: Fill) -> bool:
        return order_id in (None, fill.order.order_id) and side in (None, fill.order.side)

    account = _account(call)
    found = call.desk.exchange.fills(account, symbol, limit=page * size, where=wanted)[(page - 1) * size :]
    return plain(
        [order_codec.encode_fill(fill, call.state, self_dealt=is_self_dealt(call.desk.exchange, fill)) for fill in found]
    )


def is_self_dealt(exchange: Exchange, fill: Fill) -> bool:
    """Whether the trade's other side is a fill of the same account: its id is two above a maker's and two below a taker's, as
    the four entries of a trade follow each other.
    """
    other_id = fill.fill_id + (2 if fill.liquidity is Liquidity.MAKER else -2)
    order = fill.order
    others = exchange.fills(order.account, order.instrument.symbol, older_than=other_id + 1, newer_than=other_id - 1, limit=1)
    return bool(others) and others[0].trade_id == fill.trade_id


def _route(path: str, handler: Handler) -> Route:
    return Route(method="GET", path=path, handler=handler, permission=Permission.READ)


READ_ROUTES = (
    _route("/api/trade/order/active", active_v1),
    _route("/api/v2/trade/order/active", active_v2),
    _route("/api/trade/match/accountMatches", account_matches),
    _route("/api/trade/order/orderInfo", info_v1),
    _route("/api/v2/trade/order/orderInfo", info_v2),
)
