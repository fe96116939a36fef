"""Any request to any route gets one of the venue's own answers, and a failed one changes nothing.

The bodies and queries are built of the names that the venue knows and of values that are almost right, because random bytes
alone do not get past the first check.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from okcoinjp_support import SPOT, SpotBench

from mockex.core.invariants import violations
from mockex.venues.okcoinjp import VENUE
from mockex.wire.messages import WireRequest
from mockex.wire.routing import Route

ROUTES = VENUE.routes.routes
KNOWN_CODES = {"0", "404", *VENUE.errors_by_code}

NAMES = st.sampled_from(
    ["instrument_id", "side", "type", "order_type", "client_oid", "price", "size", "notional", "order_ids", "client_oids",
     "order_id", "state", "status", "after", "before", "limit", "depth", "granularity", "start", "end", "currency", "amount",
     "from", "to", "fee", "trade_pwd", "to_address", "destination", "chain", "account_type", "usage_agreement", "reason"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["", "BTC-JPY", "eth-jpy", "BTC-EUR", "buy", "sell", "limit", "market", "0", "1", "2", "3", "6", "7", "-1", "100", "0.001",
     "-0", "1e8", "1e-8", "1e999999999", "NaN", "9" * 40, "9" * 41, "a1", "BTC", "jpy", "2510789768709120", "8161858573", "60",
     "86400", "2024-02-15T03:04:05.678Z", "2024-02-15T03:04:05", "%", "%ff", "%00", "\x00", "é", "null", "true", "4", "5", "-2",
     "123456", "0.0005", "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw", "10000"]
)  # fmt: skip
TEXTS = WORDS | st.text(st.characters(codec="utf-8"), max_size=6)
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.decimals(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=4), max_leaves=8
)
PAIRS = st.sampled_from(["BTC-JPY", "btc-jpy", "ETH-JPY", "BTC-EUR"])
IDS = st.sampled_from(["2510789768709120", "2510789768709121", "2510789768709122", "1", "a1", "b2", "", "9" * 30]) | TEXTS


def fields(required: dict[str, Any], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object in which each field is good, and any of the optional ones may be there."""
    return st.fixed_dictionaries(required, optional=optional)


AMOUNTS = st.sampled_from(["100", "110", "0.5", "1", "0.001", "0", "1e30", 100, 0.5])
TERMS = {"instrument_id": PAIRS, "side": st.sampled_from(["buy", "sell"]), "price": AMOUNTS, "size": AMOUNTS}
MEANT_ORDER = fields(TERMS, order_type=st.sampled_from(["0", "1", "2", "3"]), client_oid=st.sampled_from(["a1", "b2", "1"]))
MEANT_BUDGET = fields({**TERMS, "type": st.just("market"), "notional": AMOUNTS})
MEANT_CANCEL = fields({"instrument_id": PAIRS}, order_id=IDS, client_oid=IDS)
MEANT_CANCELS = fields({"instrument_id": PAIRS, "order_ids": st.lists(IDS, min_size=1, max_size=3)}) | fields(
    {"instrument_id": PAIRS, "client_oids": st.lists(IDS, min_size=1, max_size=3)}
)
MEANT = {
    "orders": MEANT_ORDER | MEANT_BUDGET,
    "batch_orders": st.lists(MEANT_ORDER | MEANT_BUDGET, min_size=1, max_size=12),
    "cancel_orders": MEANT_CANCEL,
    "cancel_batch_orders": st.lists(MEANT_CANCELS, min_size=1, max_size=6),
}


@st.composite
def bodies(draw: st.DrawFn, route: Route) -> bytes:
    """What the route wants, the same with one field spoilt, something else, or no JSON at all."""
    meant = next((MEANT[part] for part in route.path.split("/") if part in MEANT), st.dictionaries(NAMES, SCALARS, max_size=8))
    kind = draw(st.sampled_from(["meant", "meant", "meant", "spoilt", "spoilt", "spoilt", "other", "cut", "bytes"]))
    if kind == "bytes":
        return draw(st.binary(max_size=40))
    value: Any = draw(JSON if kind == "other" else meant)
    if kind == "spoilt" and value:
        target = draw(st.sampled_from(value)) if isinstance(value, list) else value
        target[draw(st.sampled_from(sorted(target)) | NAMES if target else NAMES)] = draw(JSON)
    raw = json.dumps(value, default=str).encode("utf-8", "replace")
    return raw[:-1] if kind == "cut" else raw


RAW_QUERIES = st.lists(st.tuples(NAMES | TEXTS, TEXTS), max_size=6).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
SEGMENTS = st.sampled_from(
    ["BTC-JPY", "btc", "JPY", "a1", "1", "2510789768709120", "9" * 30, "%31", "%", "%ff", "é", "x" * 300]
)


@st.composite
def requests(draw: st.DrawFn, route: Route) -> tuple[str, str, bytes]:
    """Path, query and body of a request to `route`."""
    segments = [draw(SEGMENTS) if part.startswith("{") else part for part in route.path.split("/")]
    path = "/".join(segments) + draw(st.sampled_from(["", "", "/"]))
    return path, draw(RAW_QUERIES), draw(bodies(route)) if route.method == "POST" else b""


@pytest.fixture(scope="module", params=["documented", "observed"])
def bench(request: pytest.FixtureRequest) -> SpotBench:
    """One market for all requests: what they leave behind is part of what the next one meets."""
    bench = SpotBench(profile=request.param)
    bench.order("sell", "1", "110", who="bob", client_oid="a1")
    bench.order("buy", "1", "100", client_oid="a1")
    bench.order("buy", "0.5", "110")
    return bench


@pytest.mark.parametrize("route", ROUTES, ids=[f"{route.method} {route.path}" for route in ROUTES])
def test_any_request_gets_an_answer_of_the_venue(route: Route, bench: SpotBench) -> None:
    @settings(max_examples=150 if set(route.path.split("/")) & set(MEANT) and route.method == "POST" else 40)
    @given(request=requests(route))
    def check(request: tuple[str, str, bytes]) -> None:
        path, query, body = request
        before = bench.digest
        headers = bench.sign(route.method, f"{path}?{query}" if query else path, body)

        response = bench.simulation.handle(WireRequest(route.method, path, query, headers, body, "127.0.0.1"))

        answer = json.loads(response.body)
        assert response.status in (200, 400, 401, 404, 500 if bench.desk.settings.observed else 200)
        if response.status != 200:
            assert "System error" in answer.values() or answer["error_code"] in KNOWN_CODES
        if route.method == "GET" or response.status != 200:
            assert bench.digest == before
        assert violations(bench.desk.exchange) == []

    check()


OPERATIONS = st.sampled_from(["subscribe", "unsubscribe", "login", "", "SUBSCRIBE", "ping"])
CHANNELS = st.sampled_from(
    ["spot/ticker:BTC-JPY", "spot/depth:btc-jpy", "spot/trade:", "spot/candle60s:ETH-JPY", "spot/order:BTC-JPY",
     "spot/account:BTC", "spot/candle61s:BTC-JPY", "spot/depth5", ":", "spot/depth_l2_tbt:BTC-JPY", "x" * 5_000]
)  # fmt: skip
MESSAGES: st.SearchStrategy[Any] = st.one_of(
    st.fixed_dictionaries({"op": OPERATIONS, "args": st.lists(CHANNELS | TEXTS, max_size=5)}),
    st.fixed_dictionaries({"op": OPERATIONS | JSON, "args": JSON}),
    JSON,
).map(lambda value: json.dumps(value, default=str))


@settings(max_examples=300)
@given(message=MESSAGES | st.text(max_size=40) | st.binary(max_size=40))
def test_any_message_on_the_socket_gets_an_answer_of_the_venue(message: str | bytes) -> None:
    bench = SpotBench()
    bench.order("sell", "1", "110", who="bob")
    before = bench.digest
    socket = bench.connect()

    answers = socket.send(message)

    assert answers, "nothing is passed over in silence"
    for answer in answers:
        known = answer == "pong" or answer.get("event") in ("subscribe", "unsubscribe", "login", "error") or "table" in answer
        assert known, answer
    assert bench.digest == before
    assert bench.get(f"{SPOT}/instruments").status == 200
