"""Every REST path of OKCoin Japan v3, and the order in which a request is checked (okj§3).

Paths are matched in any case and with one trailing slash: the document itself writes `jpyWithdrawal` and `jpywithdrawal`,
and the vendor's SDK ends batch paths with a slash (okj§2).
"""

from __future__ import annotations

from mockex.venues.okcoinjp import spot_accounts, spot_market, spot_orders
from mockex.venues.okcoinjp.auth import authenticate
from mockex.venues.okcoinjp.errors import OkFault
from mockex.venues.okcoinjp.funding import FUNDING_ROUTES
from mockex.venues.okcoinjp.limits import DEFAULT_LIMIT_NAME, default_limit, per_seconds
from mockex.wire.credentials import Permission
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.limits import RateRule
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call, find_route, read_json_body, read_query
from mockex.wire.routing import Route, RouteTable

MARGIN_PREFIX = "/api/margin/v3/"


def find_spot_route(call: Call) -> None:
    """Margin is not offered: any of its paths is 33020 (okj§5.2)."""
    if call.request.path.lower().startswith(MARGIN_PREFIX):
        raise ApiFault(OkFault.NO_MARGIN)
    find_route(call)


def count_call(call: Call) -> None:
    """Per user for any valid key, else per address (okj§4)."""
    route = call.route
    assert route is not None
    rule = route.limit
    if rule is None:
        return
    credential = call.credential
    subject = call.request.peer_ip if credential is None else ("user", credential.account_id)
    if not call.desk.admit(rule, subject).allowed:
        raise ApiFault(OkFault.DEFAULT_RATE_LIMITED if rule.name == DEFAULT_LIMIT_NAME else FaultKind.RATE_LIMITED)


# The body before the query: parameters come last (okj§3).
STAGES = (find_spot_route, authenticate, count_call, read_json_body, read_query)


def not_offered(call: Call) -> WireResponse:
    """Endpoints that only newer SDKs of the vendor know (okj§13, end)."""
    raise ApiFault(OkFault.ENDPOINT_OFFLINE)


def _not_offered(method: str, path: str, permission: Permission, limit: RateRule | None = None) -> Route:
    """With the limit that the SDK's comments state, else the default one."""
    return Route(method=method, path=path, handler=not_offered, permission=permission, limit=limit or default_limit())


ROUTES = RouteTable(
    (
        *spot_market.MARKET_ROUTES,
        *spot_accounts.ACCOUNT_ROUTES,
        *spot_orders.ORDER_ROUTES,
        *FUNDING_ROUTES,
        _not_offered("POST", "/api/spot/v3/order_algo", Permission.TRADE, per_seconds(40, 2, "order_algo")),
        _not_offered("POST", "/api/spot/v3/cancel_batch_algos", Permission.TRADE),
        _not_offered("GET", "/api/spot/v3/algo", Permission.READ, per_seconds(20, 2, "algo")),
        _not_offered("GET", "/api/spot/v3/trade_fee_all", Permission.READ),
        _not_offered(
            "GET", "/api/spot/v3/trade_fee/{instrument_id}", Permission.READ, per_seconds(1, 10, "trade_fee of a pair")
        ),
        _not_offered("GET", "/api/account/v3/bank-card-list", Permission.READ),
    ),
    ignore_case=True,
    ignore_trailing_slash=True,
)
