"""Any request gets one of the venue's own answers, and changes nothing unless it succeeds.

Queries and bodies are built of the names that the venue knows and of values that are almost right, because random bytes alone
do not get past the first check.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ktx_support import START_MS, Bench, Reply

from mockex.venues.ktx import VENUE
from mockex.wire.routing import Route

TEXTS = st.text(max_size=12) | st.sampled_from(["", "0", "-1", "9" * 40, "null", "BTC_USDT", "%ff", "c:"])
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
VALUES: dict[str, list[Any]] = {
    "market": ["spot", "lpc", "SPOT", 1],
    "symbol": ["BTC_USDT", "BTC_USDT_SWAP", "btc_usdt", "FOO_USDT", 1, []],
    "type": ["limit", "market", "stop", "trade", True],
    "quantity": ["1", "-1", 1, 0.5, "0.00001", "0", "1e30", "-1e-40", {}, None],
    "price": ["100", 99.5, "101", "0", "-1", "0.00001", "9" * 40, "1e40", 1e-40, [1], True],
    "side": ["buy", "sell", "BUY", 1],
    "client_order_id": ["1", 7, "-9223372036854775808", "9223372036854775808", "x", 1.5, []],
    "positionMerge": ["none", "long", "short", "both"],
    "marginMethod": ["isolate", "cross", "isolated"],
    "leverage": [1, "10", 100, 101, 0, 1.5, 2**70],
    "close": [True, False, "true", 1],
    "positionId": ["1125899906842624001", 0, 2**63, "x"],
    "post_only": [True, False, "true"],
    "time_in_force": ["gtc", "ioc", "fok"],
    "id": ["4611687117939015681", "c:1", "c:", 4_611_687_117_939_015_681, "9" * 5_000, "x", -1, 2**64],
    "order_id": ["4611687117939015681", "c:1", "x"],
    "status": ["settled", "unsettled", "open"],
    "start_time": [START_MS, "7", -1, 10**17, "x"],
    "end_time": [START_MS, "0", 10**15],
    "before": ["1", -1, 2**63, 2**63 - 1],
    "after": ["1", "x"],
    "limit": [1, "10", 0, 1_001, 10**30, "x"],
    "asset": ["USDT", "BTC,USDT", "DOGE", ","],
    "position_id": ["1125899906842624001", "x"],
    "level": ["5", "7", "1000"],
    "price_scale": ["0", "5", "6"],
    "time_frame": ["1m", "1M", "1w", "x"],
}
FIELDS = st.lists(
    st.sampled_from(list(VALUES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name]) | SCALARS)),
    max_size=5,
).map(dict)
SPOT = {"market": "spot", "symbol": "BTC_USDT"}
GOOD: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("POST", "/api/v1/order"): [
        SPOT | {"type": "limit", "quantity": "0.01", "price": "90"},
        SPOT | {"type": "market", "quantity": -0.01},
        {
            "market": "lpc", "symbol": "BTC_USDT_SWAP", "type": "limit", "quantity": "0.1", "price": "100",
            "positionMerge": "long", "marginMethod": "cross", "leverage": 5, "close": False,
        },
        {
            "market": "lpc", "symbol": "BTC_USDT_SWAP", "type": "market", "quantity": "-0.1",
            "positionMerge": "short", "marginMethod": "isolate", "leverage": "5", "close": False,
        },
    ],
    ("GET", "/api/v1/order"): [{"id": "c:1"}],
    ("DELETE", "/api/v1/order"): [{"id": "c:1"}],
    ("POST", "/api/v1/order/delete"): [{"id": "c:1"}],
    ("GET", "/api/v1/candles"): [SPOT | {"time_frame": "1m"}],
}  # fmt: skip


def plausible(reply: Reply) -> None:
    """One of the venue's own answers."""
    assert reply.status == 200, reply.body
    if reply.failed:
        assert str(reply.state) in VENUE.errors_by_code
        assert "{" not in reply.body["msg"]
        assert reply.state != -10001


def query_of(fields: dict[str, Any]) -> str:
    return "&".join(f"{quote(str(name))}={quote(str(value))}" for name, value in fields.items())


@pytest.mark.parametrize("route", VENUE.routes.routes, ids=[f"{route.method} {route.path}" for route in VENUE.routes.routes])
def test_any_call_gets_an_answer_and_a_refusal_changes_nothing(route: Route) -> None:
    bench = Bench()
    bench.trade("100", "0.5")
    bench.rest("buy", "99")
    bench.rest("sell", "101")
    goods = GOOD.get((route.method, route.path), [SPOT])
    bodies = FIELDS | st.tuples(st.sampled_from(goods), FIELDS).map(lambda pair: pair[0] | pair[1])
    accepted = 0

    @settings(max_examples=100)
    @given(fields=bodies, raw=st.binary(max_size=20), whole=st.integers(0, 9))
    @example(fields=goods[0], raw=b"", whole=9)
    def check(fields: dict[str, Any], raw: bytes, whole: int) -> None:
        nonlocal accepted
        bench.order("POST", "/v1/order", GOOD["POST", "/api/v1/order"][0] | {"client_order_id": "1"})  # or there is one
        path = route.path.removeprefix("/api")
        # Which checks the invariants, and that a read or a failure has changed nothing.
        if route.permission is None:
            reply = bench.send(route.method, route.path, query_of(fields))
        elif route.method == "GET":
            reply = bench.read(path, query_of(fields))
        else:
            reply = bench.order(route.method, path, raw if whole == 0 else json.dumps(fields).encode())
        plausible(reply)
        accepted += not reply.failed

    check()
    assert accepted, "some got through"


@settings(max_examples=150)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "FOO"]),
    path=st.text(max_size=30).map(lambda text: f"/{text}") | st.sampled_from(["/api", "/api/v1/order", "/api/v1/order/", ";"]),
    query=st.text(max_size=20),
    headers=st.dictionaries(st.sampled_from(["api-key", "api-sign", "api-expire-time"]), TEXTS | st.just("0" * 64)),
    body=st.binary(max_size=30),
)
def test_any_path_method_and_header_gets_an_answer(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    reply = Bench().send(method, path, query, headers=headers, body=body)

    assert reply.status in (200, 404)
    assert reply.failed
