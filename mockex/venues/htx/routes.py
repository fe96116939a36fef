"""Every REST path of HTX that is served, and the order in which a request is checked. Paths are case sensitive (htx§1)."""

from __future__ import annotations

from mockex.venues.htx.account_routes import ACCOUNT_ROUTES
from mockex.venues.htx.algo_orders import ALGO_ROUTES
from mockex.venues.htx.auth import authenticate
from mockex.venues.htx.dead_man import DEAD_MAN_ROUTES
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.market_data import MARKET_ROUTES
from mockex.venues.htx.reference import REFERENCE_ROUTES
from mockex.venues.htx.trading_routes import OPTIONAL_BODY, TRADING_ROUTES
from mockex.wire.faults import ApiFault
from mockex.wire.pipeline import Call, charge, find_route, read_json_body, read_query
from mockex.wire.routing import RouteTable


def refuse_get_with_body(call: Call) -> None:
    """HTTP 403 (htx§1.1)."""
    if call.request.method == "GET" and call.request.body:
        raise ApiFault(HtxFault.GET_WITH_BODY)


def count_call(call: Call) -> None:
    """Per user on private routes, per address on public ones (htx§3)."""
    route = call.route
    assert route is not None
    if route.limit is not None:
        subject = call.request.peer_ip if route.permission is None else ("user", call.account_id)
        charge(call, route.limit, subject)


def read_body(call: Call) -> None:
    """The body of a POST is JSON. Where nothing has to be said, it may be left out (ASSUMED)."""
    route = call.route
    assert route is not None
    if OPTIONAL_BODY in route.tags and not call.request.body:
        call.body = {}
        return
    read_json_body(call)


# The order is ASSUMED. A call that is not authenticated has no user to count for.
STAGES = (find_route, refuse_get_with_body, authenticate, count_call, read_body, read_query)

ROUTES = RouteTable((*REFERENCE_ROUTES, *MARKET_ROUTES, *TRADING_ROUTES, *ACCOUNT_ROUTES, *ALGO_ROUTES, *DEAD_MAN_ROUTES))
