"""Every REST path of Coinstore, and the order in which a request is checked. Source: cs§1, cs§3.3 and cs§6."""

from __future__ import annotations

from mockex.venues.coinstore.accounts import ACCOUNT_ROUTES
from mockex.venues.coinstore.aggregator import AGGREGATOR_ROUTES
from mockex.venues.coinstore.auth import authenticate
from mockex.venues.coinstore.funding import FUNDING_ROUTES
from mockex.venues.coinstore.limits import count_address, count_user
from mockex.venues.coinstore.market_data import MARKET_ROUTES
from mockex.venues.coinstore.order_reads import READ_ROUTES
from mockex.venues.coinstore.orders import ORDER_ROUTES
from mockex.venues.coinstore.reference import REFERENCE_ROUTES
from mockex.wire.pipeline import Call, find_route, read_json_body, read_query
from mockex.wire.routing import RouteTable


def find_route_beside_matrix(call: Call) -> None:
    """Paths may carry matrix parameters, `/ticker/price;symbol=BTCUSDT`: they are no part of the path that is looked up
    (cs§7.19).
    """
    request = call.request
    path, semicolon, matrix = request.path.partition(";")
    if not semicolon:
        find_route(call)
        return
    call.request = request._replace(path=path)
    try:
        find_route(call)
    finally:
        call.request = request
    call.path_params = {**call.path_params, "matrix": matrix}


# Both limits count before a signature is looked at (cs§2, proposed); the user's as soon as its key is known to be right.
STAGES = (count_address, find_route_beside_matrix, authenticate, count_user, read_json_body, read_query)

ROUTES = RouteTable(
    (
        *REFERENCE_ROUTES,
        *MARKET_ROUTES,
        *AGGREGATOR_ROUTES,
        *ACCOUNT_ROUTES,
        *ORDER_ROUTES,
        *READ_ROUTES,
        *FUNDING_ROUTES,
    )
)
