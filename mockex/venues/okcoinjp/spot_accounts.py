"""A user's own spot accounts, ledger, orders and fills (okj§9.1 and §9.4)."""

from __future__ import annotations

import re

from mockex.core.fees import RATE_UNIT
from mockex.core.ledger import Balance
from mockex.core.orders import Fill, Order, OrderStatus
from mockex.core.units import Wallet
from mockex.venues.okcoinjp import codec
from mockex.venues.okcoinjp.errors import OkFault
from mockex.venues.okcoinjp.limits import per_seconds
from mockex.venues.okcoinjp.pages import page_of, page_response
from mockex.venues.okcoinjp.spot_market import market_of
from mockex.venues.okcoinjp.terms import find_order, required_text
from mockex.wire.credentials import Permission
from mockex.wire.decimals import plain
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import dumps
from mockex.wire.limits import RateRule
from mockex.wire.messages import WireResponse
from mockex.wire.paging import PageRequest, take_page
from mockex.wire.params import Params
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route
from mockex.wire.timestamps import iso_ms

_RATE_DECIMALS = len(str(RATE_UNIT)) - 1

_STATE_NUMBER = re.compile(r"-?[0-9]+").fullmatch
_MAX_STATE_DIGITS = 9  # int() of a long text would not be free


def _params(call: Call) -> Params:
    return Params(call.query, blank_is_absent=True)


# --- accounts


def accounts(call: Call) -> WireResponse:
    """Only currencies that the account holds."""
    balances = call.desk.account(call.account_id).wallets[Wallet.SPOT].values()
    return WireResponse(200, dumps([codec.encode_balance(balance) for balance in balances if balance.total]))


def account(call: Call) -> WireResponse:
    return WireResponse(200, dumps(codec.encode_balance(_balance(call))))


def _balance(call: Call) -> Balance:
    """The spot balance of the path's currency, in any case."""
    asset = call.path_params["currency"].upper()
    if asset not in call.desk.exchange.assets:
        raise ApiFault(FaultKind.ASSET_UNKNOWN, value=call.path_params["currency"][:32])
    account = call.desk.account(call.account_id)
    # A currency that was never held shows zeros, and reading it leaves no trace.
    return account.wallets[Wallet.SPOT].get(asset) or Balance(account, Wallet.SPOT, asset)


def ledger(call: Call) -> WireResponse:
    """The last three months of one currency; `type` narrows it to one kind of movement."""
    balance, page = _balance(call), page_of(call)
    number = _params(call).optional_integer("type")
    if number is not None and number not in codec.SPOT_ENTRY_QUERIES:
        raise ApiFault(OkFault.ENUM_FIELD, field="type")
    entries = call.desk.exchange.entries(
        [balance],
        older_than=page.older_than,
        newer_than=page.newer_than,
        limit=page.limit,
        where=None if number is None else codec.SPOT_ENTRY_QUERIES[number],
    )
    return page_response([codec.encode_spot_entry(entry) for entry in entries], [entry.entry_id for entry in entries])


def trade_fee(call: Call) -> WireResponse:
    """Positive is a cost; a negative maker rate is a rebate (proposed)."""
    fees = call.desk.account(call.account_id).fees
    return WireResponse(
        200,
        dumps(
            {
                "maker": plain(fees.maker_rate, _RATE_DECIMALS),
                "taker": plain(fees.taker_rate, _RATE_DECIMALS),
                "timestamp": iso_ms(call.desk.clock.now_ns()),
            }
        ),
    )


# --- orders


def orders(call: Call) -> WireResponse:
    """One pair's orders of one state. `status` is the old name of `state`."""
    params = _params(call)
    symbol = market_of(call.desk, required_text(params, "instrument_id")).instrument.symbol
    text = params.optional_text("state") or params.optional_text("status")
    if text is None:
        raise ApiFault(OkFault.ORDER_FIELD_MISSING, field="state")
    if not _STATE_NUMBER(text):
        raise ApiFault(OkFault.STATE_NOT_A_NUMBER, field="state", value=text[:32])
    statuses = codec.STATE_QUERIES.get(int(text)) if len(text) <= _MAX_STATE_DIGITS else None
    if statuses is None:
        raise ApiFault(OkFault.STATE_UNKNOWN, value=text[:32])
    return _order_page(call, [symbol], statuses)


def orders_pending(call: Call) -> WireResponse:
    """Open and partly filled orders, of one pair or of all."""
    named = _params(call).optional_text("instrument_id")
    markets = call.desk.exchange.markets
    symbols = list(markets) if named is None else [market_of(call.desk, named).instrument.symbol]
    return _order_page(call, symbols, codec.STATE_QUERIES[6])


def _order_page(call: Call, symbols: list[str], statuses: frozenset[OrderStatus]) -> WireResponse:
    page = page_of(call)
    found = call.desk.exchange.orders.page(
        call.desk.account(call.account_id),
        symbols,
        statuses,
        older_than=page.older_than,
        newer_than=page.newer_than,
        limit=page.limit,
    )
    return page_response([codec.encode_order(order) for order in found], [order.order_id for order in found])


def order_detail(call: Call) -> WireResponse:
    """By order id or client id. Unknown, forgotten, another user's, or of another pair: 33014."""
    symbol = market_of(call.desk, required_text(_params(call), "instrument_id")).instrument.symbol
    order = _own_order(call, call.path_params["order_ref"], symbol)
    if order is None:
        not_found = OkFault.ORDER_NOT_FOUND_404 if call.desk.settings.observed else FaultKind.ORDER_UNKNOWN
        raise ApiFault(not_found)
    return WireResponse(200, dumps(codec.encode_order(order)))


def _own_order(call: Call, reference: str, symbol: str) -> Order | None:
    order = find_order(call.desk, call.account_id, reference)
    if order is None or order.account.account_id != call.account_id or order.instrument.symbol != symbol:
        return None
    return order


# --- fills


def fills(call: Call) -> WireResponse:
    """Two rows a fill, newest first; the cursors are ledger ids. `order_id` narrows to one order.

    An order that is not there has no fills: lists answer `[]` (okj§5.1, 30036). A client id is the wrong kind of id: 33014.
    """
    params, page = _params(call), page_of(call)
    symbol = market_of(call.desk, params.text("instrument_id")).instrument.symbol
    reference = params.optional_text("order_id")
    if reference is None:
        rows = _fill_rows(call, symbol, page)
    elif codec.is_order_id(reference):
        order = _own_order(call, reference, symbol)
        rows = [] if order is None else [row for fill in _kept_fills(call, order) for row in codec.encode_fill_rows(fill)]
    else:
        raise ApiFault(FaultKind.ORDER_UNKNOWN, value=reference[:64])
    rows = take_page(sorted(rows, key=lambda row: -row[0]), page, row_id=lambda row: row[0])
    return page_response([row for _, row in rows], [row_id for row_id, _ in rows])


def _kept_fills(call: Call, order: Order) -> list[Fill]:
    """An order may be live for longer than its fills are remembered."""
    forgotten_ns = call.desk.clock.now_ns() - call.desk.exchange.policy.fill_retention_ns
    return [fill for fill in order.fills or () if fill.time_ns > forgotten_ns]


def _fill_rows(call: Call, symbol: str, page: PageRequest) -> list[tuple[int, dict[str, str]]]:
    """The rows of the fills that a page may show. A fill's second row is one id older than its first, so the page's older end
    reaches one further than its cursor.
    """
    found = call.desk.exchange.fills(
        call.desk.account(call.account_id),
        symbol,
        older_than=None if page.older_than is None else page.older_than + 1,
        newer_than=page.newer_than,
        limit=page.limit + 1,
    )
    return [row for fill in found for row in codec.encode_fill_rows(fill)]


def _route(path: str, handler: Handler, limit: RateRule) -> Route:
    return Route(
        method="GET",
        path=f"/api/spot/v3{path}",
        handler=handler,
        permission=Permission.READ,
        limit=limit,
    )


ACCOUNT_ROUTES = (
    _route("/accounts", accounts, per_seconds(20, 2, "accounts")),
    _route("/accounts/{currency}", account, per_seconds(20, 2, "account")),
    _route("/accounts/{currency}/ledger", ledger, per_seconds(20, 2, "spot ledger")),
    _route("/trade_fee", trade_fee, per_seconds(1, 10, "trade_fee")),
    _route("/orders", orders, per_seconds(10, 2, "orders")),
    _route("/orders_pending", orders_pending, per_seconds(20, 2, "orders_pending")),
    _route("/orders/{order_ref}", order_detail, per_seconds(20, 2, "order")),
    _route("/fills", fills, per_seconds(10, 2, "fills")),
)
