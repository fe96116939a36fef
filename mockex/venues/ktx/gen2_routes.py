"""Every REST path of `gen2` (ktx§14). Public ones are below `/api`, those of an account below `/papi`, and `/api` has none of
them any more. There are only GET and POST.
"""

from __future__ import annotations

from mockex.venues.ktx.auth import TRADE, VIEW
from mockex.venues.ktx.gen2_accounts import ACCOUNT_ROUTES
from mockex.venues.ktx.gen2_errors import ORDER_FIELDS
from mockex.venues.ktx.gen2_positions import POSITION_ROUTES
from mockex.venues.ktx.gen2_public import PUBLIC_ROUTES
from mockex.venues.ktx.ledger_reads import ledger
from mockex.venues.ktx.market_data import MARKET_ROUTES
from mockex.venues.ktx.order_reads import fills, order, past_orders, pending_orders
from mockex.venues.ktx.orders import cancel, cancel_all, place
from mockex.wire.routing import Handler, Route, RouteTable

_OF_ORDERS = frozenset({ORDER_FIELDS})


def _read(path: str, handler: Handler) -> Route:
    return Route(method="GET", path=path, handler=handler, permission=VIEW, tags=_OF_ORDERS)


def _trade(path: str, handler: Handler) -> Route:
    return Route(method="POST", path=path, handler=handler, permission=TRADE, tags=_OF_ORDERS)


ROUTES = RouteTable(
    (
        *(route for route in MARKET_ROUTES if route.path.startswith("/api/")),
        *PUBLIC_ROUTES,
        *ACCOUNT_ROUTES,
        Route(method="GET", path="/papi/v1/ledgers", handler=ledger, permission=VIEW),
        *POSITION_ROUTES,
        _trade("/papi/v1/order", place),
        _trade("/papi/v1/order/delete", cancel),
        _trade("/papi/v1/orders/delete", cancel_all),
        _read("/papi/v1/order", order),
        _read("/papi/v1/pending/orders", pending_orders),
        _read("/papi/v1/history/orders", past_orders),
        _read("/papi/v1/fills", fills),
    )
)
