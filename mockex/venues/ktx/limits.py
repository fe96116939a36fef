"""KTX's two limits, both of an address and of sliding 10 s windows, over REST only; and how many streams a socket may have.
Source: ktx§4.

Requests: a refused one counts too. Usage: points that a request costs; costs are the specification's proposal, and a refused
request costs nothing. All figures are switches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockex.core.policy import SECOND_NS
from mockex.venues.ktx.faults import KtxFault
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault
from mockex.wire.limits import RateRule
from mockex.wire.pipeline import Call, charge
from mockex.wire.venue import Switch

MAX_REQUESTS = 10_000
MAX_POINTS = 10_000
WINDOW_NS = 10 * SECOND_NS

MAX_STREAMS = 200  # ASSUMED: the document has a code for too many and no number (ktx§5)

REQUESTS_SWITCH, POINTS_SWITCH, STREAMS_SWITCH = "max_requests", "max_points", "max_streams"
SWITCHES = {
    REQUESTS_SWITCH: Switch(default=MAX_REQUESTS, help="requests that an address may send in 10 s"),
    POINTS_SWITCH: Switch(default=MAX_POINTS, help="usage points that an address may spend in 10 s"),
    STREAMS_SWITCH: Switch(default=MAX_STREAMS, help="streams that a market socket may have at a time"),
}


class Limits:
    """Both, as this world has them."""

    def __init__(self, desk: Desk) -> None:
        self.requests = RateRule(
            name="requests of one address",
            limit=desk.number(REQUESTS_SWITCH),
            window_ns=WINDOW_NS,
            refused_calls_count=True,
        )
        self.points = RateRule(name="usage points of one address", limit=desk.number(POINTS_SWITCH), window_ns=WINDOW_NS)


CACHED, SYMBOLS, ORDER, CANCEL, CANCEL_ALL, DATABASE = 1, 5, 5, 5, 10, 10
_ROWS_A_POINT = 100
_DEEP_BOOKS = {"500": 2, "1000": 4}
_DEFAULT_ROWS, _MAX_ROWS = 100, 1_000
_BOUNDS = ("before", "after", "start_time", "end_time")

HEADER = "Ktx-Usage"

Cost = Callable[[Mapping[str, str]], int]
"""From the query's parameters as they came, right or wrong."""


def cached(query: Mapping[str, str]) -> int:
    return CACHED


def of_symbols(query: Mapping[str, str]) -> int:
    """More without a symbol: every product is told."""
    return CACHED if query.get("symbol") else SYMBOLS


def of_book(query: Mapping[str, str]) -> int:
    return _DEEP_BOOKS.get(query.get("level", ""), CACHED)


def of_rows(query: Mapping[str, str]) -> int:
    """A read of the database: more for more rows."""
    text = query.get("limit", "")
    rows = min(int(text), _MAX_ROWS) if text.isascii() and text.isdigit() and len(text) < 10 else _DEFAULT_ROWS
    return DATABASE - (-rows // _ROWS_A_POINT)


def of_history(query: Mapping[str, str]) -> int:
    """A read of the cache, unless a bound asks for older rows."""
    return of_rows(query) if any(name in query for name in _BOUNDS) else CACHED


# The last of each are gen2's.
_FIXED = {"POST /api/v1/order": ORDER, "POST /papi/v1/order": ORDER}
_CANCELS = {"DELETE /api/v1/order", "POST /api/v1/order/delete", "POST /papi/v1/order/delete"}
_CANCELS_OF_ALL = {"DELETE /api/v1/orders", "POST /api/v1/orders/delete", "POST /papi/v1/orders/delete"}
_BY_PATH: Mapping[str, Cost] = {
    "/api/v1/products": of_symbols,
    "/api/v1/ticker": of_symbols,
    "/api/v1/order_book": of_book,
    "/api/v1/candles": of_history,
    "/api/v1/trades": of_history,
    "/api/v1/ledger": of_rows,
    "/api/v1/orders": of_rows,
    "/api/v1/fills": of_rows,
    "/papi/v1/ledgers": of_rows,
    "/papi/v1/history/orders": of_rows,
    "/papi/v1/pending/orders": of_rows,
    "/papi/v1/fills": of_rows,
}


def cost_of(call: Call) -> int:
    """The points that a request to a known route costs."""
    name = call.route_name
    assert name is not None
    assert call.route is not None
    if name in _FIXED:
        return _FIXED[name]
    if name in _CANCELS:
        return CANCEL
    if name in _CANCELS_OF_ALL:
        return CANCEL_ALL
    return _BY_PATH.get(call.route.path, cached)(call.query)


def count_request(call: Call) -> None:
    charge(call, call.state.limits.requests, call.request.peer_ip)
    call.verdict = None  # what is told is the other limit's


def count_usage(call: Call) -> None:
    verdict = call.verdict = call.desk.admit(call.state.limits.points, call.request.peer_ip, cost_of(call))
    if not verdict.allowed:
        raise ApiFault(KtxFault.USAGE_EXCEEDED, limit=str(call.state.limits.points.limit))


def usage_headers(call: Call) -> tuple[tuple[str, str], ...]:
    """Points of this request, of the last 10 s with it, and left: `10:240:9760`. None where no route was found (ASSUMED)."""
    verdict = call.verdict
    if verdict is None or call.route is None:
        return ()
    cost = cost_of(call) if verdict.allowed else 0
    most = call.state.limits.points.limit
    left = verdict.remaining if call.desk.settings.limits_enabled else max(0, most - cost)
    return ((HEADER, f"{cost}:{most - left}:{left}"),)
