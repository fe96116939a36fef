"""Every REST path of KTX, and the order in which a request is checked. Source: ktx§3 (proposed)."""

from __future__ import annotations

from mockex.venues.ktx.accounts import ACCOUNT_ROUTES
from mockex.venues.ktx.auth import authenticate, check_permission
from mockex.venues.ktx.ledger_reads import LEDGER_ROUTES
from mockex.venues.ktx.limits import count_request, count_usage
from mockex.venues.ktx.market_data import MARKET_ROUTES
from mockex.venues.ktx.order_reads import READ_ROUTES
from mockex.venues.ktx.orders import ORDER_ROUTES
from mockex.venues.ktx.positions import POSITION_ROUTES
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonError, loads
from mockex.wire.pipeline import Call, find_route, read_query
from mockex.wire.routing import RouteTable

_WITH_BODY = frozenset({"POST", "DELETE"})


def read_object(call: Call) -> None:
    """The body of a POST or DELETE is a JSON object."""
    if call.request.method not in _WITH_BODY:
        return
    try:
        call.body = loads(call.request.body)
    except JsonError:
        raise ApiFault(FaultKind.BODY_NOT_JSON) from None
    if not isinstance(call.body, dict):
        raise ApiFault(FaultKind.BODY_NOT_JSON)


STAGES = (count_request, find_route, read_query, count_usage, authenticate, read_object, check_permission)

ROUTES = RouteTable((*MARKET_ROUTES, *ACCOUNT_ROUTES, *LEDGER_ROUTES, *POSITION_ROUTES, *ORDER_ROUTES, *READ_ROUTES))
