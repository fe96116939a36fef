"""HTX's routes for orders and fills, with the permission and the limit of each. Source: htx§3.4.

Limits count per user in windows of two seconds. What changes orders needs the permission to trade, also the one that is a GET.
"""

from __future__ import annotations

from mockex.venues.htx import match_reads, order_cancels, order_entry, order_reads
from mockex.venues.htx.errors import V2
from mockex.venues.htx.limits import per_seconds
from mockex.wire.credentials import Permission
from mockex.wire.routing import Handler, Route

OPTIONAL_BODY = "optional body"
"""Tag: a POST without a body counts as one with an empty object."""

_ORDERS = "/v1/order/orders"


def _write(path: str, handler: Handler, calls: int, *tags: str) -> Route:
    limit = per_seconds(calls, 2, path)
    return Route(method="POST", path=path, handler=handler, permission=Permission.TRADE, limit=limit, tags=frozenset(tags))


def _read(path: str, handler: Handler, calls: int, *tags: str) -> Route:
    limit = per_seconds(calls, 2, path)
    return Route(method="GET", path=path, handler=handler, permission=Permission.READ, limit=limit, tags=frozenset(tags))


TRADING_ROUTES = (
    _write(f"{_ORDERS}/place", order_entry.place_order, 100),
    _write("/v1/order/batch-orders", order_entry.batch_orders, 50),
    _write(f"{_ORDERS}/{{order_id}}/submitcancel", order_cancels.cancel_order, 100, OPTIONAL_BODY),
    _write(f"{_ORDERS}/submitCancelClientOrder", order_cancels.cancel_client_order, 100),
    _write(f"{_ORDERS}/batchcancel", order_cancels.cancel_orders, 50),
    _write(f"{_ORDERS}/batchCancelOpenOrders", order_cancels.cancel_open_orders, 50, OPTIONAL_BODY),
    Route(
        method="GET",
        path="/v1/order/cancelAllOrders",
        handler=order_cancels.cancel_all_orders,
        permission=Permission.TRADE,
        limit=per_seconds(1, 2, "/v1/order/cancelAllOrders"),
    ),
    _read("/v1/order/openOrders", order_reads.open_orders, 50),
    _read(f"{_ORDERS}/{{order_id}}", order_reads.order, 50),
    _read(f"{_ORDERS}/getClientOrder", order_reads.client_order, 50),
    _read(_ORDERS, order_reads.orders, 50),
    _read("/v1/order/history", order_reads.order_history, 20),
    _read(f"{_ORDERS}/{{order_id}}/matchresults", match_reads.order_fills, 50),
    _read("/v1/order/matchresults", match_reads.fills, 20),
    _read("/v2/reference/transact-fee-rate", match_reads.fee_rates, 50, V2),
)
