"""Any request and any message gets one of the venue's own answers, and changes nothing.

Queries and messages are built of the names that the venue knows and of values that are almost right, because random bytes alone
do not get past the first check.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from htx_support import HOST, Bench, probe, probe_venue, read_reply
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockex.core.invariants import violations
from mockex.venues.htx import VENUE
from mockex.venues.htx.errors import V2
from mockex.venues.htx.order_terms import TYPES
from mockex.venues.htx.trading_routes import TRADING_ROUTES
from mockex.wire.credentials import Permission
from mockex.wire.messages import WireRequest
from mockex.wire.routing import Route

ROUTES = VENUE.routes.routes
STATUSES = {200, 403, 405, 429}
FIRST_ORDER = 1_322_796_192_271_763 + 1  # that is alice's

NAMES = st.sampled_from(
    ["symbol", "symbols", "type", "depth", "size", "period", "from", "to", "ts", "currency", "authorizedUser", "AccessKeyId",
     "SignatureMethod", "SignatureVersion", "Timestamp", "Signature", "show-desc", "id"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["", "btcusdt", "BTCUSDT", "ethbtc", "foo", "step0", "step5", "step6", "5", "20", "150", "1", "0", "-1", "2000", "2001",
     "1min", "1hour", "1year", "1week", "usdt", "true", "1707966245678", "1707966245", "99999999999", "9" * 40, "9" * 5_000,
     "1e9", "1.5", "NaN", "%", "%ff", "%00", "\x00", "é", "²", "HmacSHA256", "2", "2024-02-15T03:04:05", "btcusdt,ethbtc,,foo"]
)  # fmt: skip
TEXTS = WORDS | st.text(st.characters(codec="utf-8"), max_size=6)
QUERIES = st.lists(st.tuples(NAMES | TEXTS, TEXTS), max_size=6).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
MEANT = st.fixed_dictionaries(
    {"symbol": st.sampled_from(["btcusdt", "ethbtc"])},
    optional=dict.fromkeys(("type", "depth", "size", "period", "from", "to", "ts", "currency"), WORDS),
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs.items()))  # fmt: skip


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "seed_compat"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """A market in which something of everything has happened."""
    bench = Bench(seed_compat=request.param)
    bench.trade("100", "0.5")
    bench.rest("buy", "99")
    bench.rest("sell", "101")
    return bench


def answered(bench: Bench, request: WireRequest) -> Any:
    """The venue's answer, which is one of its own and has changed nothing."""
    before = bench.digest
    response = bench.simulation.handle(request)
    reply = read_reply(response)

    assert reply.status in STATUSES
    assert "status" in reply.body or "code" in reply.body, "or the vendor's SDK raises"
    if reply.body.get("status", "ok") != "ok" or reply.body.get("code", 200) != 200:
        assert reply.error[1] in VENUE.errors_by_code
    assert bench.digest == before
    assert violations(bench.desk.exchange) == []
    return reply


@pytest.mark.parametrize("route", ROUTES, ids=[route.path for route in ROUTES])
def test_any_request_gets_an_answer_of_the_venue(route: Route, bench: Bench) -> None:
    @settings(max_examples=40)
    @given(query=QUERIES | MEANT)
    def check(query: str) -> None:
        answered(bench, WireRequest("GET", route.path, query, {"host": HOST}, b"", "127.0.0.1"))

    check()


@settings(max_examples=40)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "get", ""]),
    path=st.sampled_from(["/", "", "/market", "/market/", "/v1/common/symbols", "/V1", "//", "/market/depth%2f", "/\udcff"])
    | TEXTS,
    query=QUERIES,
    body=st.binary(max_size=20),
)
def test_any_path_and_method_gets_an_answer_of_the_venue(method: str, path: str, query: str, body: bytes) -> None:
    answered(Bench(), WireRequest(method, path, query, {}, body, "127.0.0.1"))


PRIVATE = probe_venue(
    probe("GET", "/v1/probe", Permission.READ),
    probe("POST", "/v1/probe", Permission.TRADE),
    probe("GET", "/v2/probe", Permission.READ, tags=frozenset({V2})),
)


@pytest.mark.parametrize("guide", [False, True])
def test_nobody_gets_in_with_anything_but_a_signature(guide: bool) -> None:
    bench = Bench(venue=PRIVATE, seed_compat=guide)
    key = bench.simulation.keys["alice"].material.api_key
    good = f"AccessKeyId={key}&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=2024-02-15T03%3A04%3A05"

    @settings(max_examples=200)
    @given(
        route=st.sampled_from(PRIVATE.routes.routes),
        query=QUERIES
        | st.tuples(st.just(good), QUERIES, TEXTS).map(lambda parts: f"{parts[0]}&{parts[1]}&Signature={parts[2]}"),
        header=TEXTS.map(lambda text: text.encode("utf-8", "replace").decode("latin-1")),
        body=st.binary(max_size=20) | st.just(json.dumps({"AccessKeyId": key, "Timestamp": 1, "Signature": []}).encode()),
    )
    def check(route: Route, query: str, header: str, body: bytes) -> None:
        headers = {"host": header, "signature": header}
        body = body if route.method == "POST" else b""
        reply = answered(bench, WireRequest(route.method, route.path, query, headers, body, "127.0.0.1"))
        assert reply.error[1] in ("login-required", "api-signature-not-valid", "1002", "1003")

    check()


# --- signed calls of trading

SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=4), max_leaves=8
)
ORDER_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "account-id": st.sampled_from(["100009", 100_009, "100010", 1, "x", None]),
    "symbol": st.sampled_from(["btcusdt", "ethusdt", "btcusdt,ethusdt", "foo"]),
    "type": st.sampled_from([*TYPES, "buy", 1]),
    "types": st.sampled_from(["buy-limit", "buy-limit,sell-market", "x"]),
    "amount": st.sampled_from(["1", 1, 0.5, "0.0000001", "0", "-1", "1e30", "9" * 40, "1e-40", 1e30, 7e-8, "NaN", True]),
    "price": st.sampled_from(["100", 99.5, "101", "0", "-1", "0.001", "9" * 40, "1e40", -(2**63), [1]]),
    "stop-price": st.sampled_from(["102", "98", 0, "-1", "9" * 40]),
    "operator": st.sampled_from(["gte", "lte", "eq"]),
    "source": st.sampled_from(["api", "x"]),
    "client-order-id": st.sampled_from(["a1", "a2", "a b", "x" * 65, 7]),
    "self-match-prevent": st.sampled_from([0, 1, "1", 2]),
    "order-ids": st.lists(st.sampled_from(["1", FIRST_ORDER, str(FIRST_ORDER + 3), "x", None, "9" * 5_000]), max_size=3),
    "client-order-ids": st.lists(st.sampled_from(["a1", "x" * 70, 1, None]), max_size=3),
    "side": st.sampled_from(["buy", "sell", "x"]),
    "size": st.sampled_from([1, "10", 101, "x", -1]),
    "states": st.sampled_from(["filled,canceled", "submitted", "canceling", "x"]),
    "direct": st.sampled_from(["prev", "next", "x"]),
    "from": st.sampled_from([str(FIRST_ORDER + 3), "0", "-1", "x", "9" * 40]),
    "start-time": st.sampled_from(["1707966245678", "1707900000000", "0", "x", "9" * 30]),
    "end-time": st.sampled_from(["1707966245678", "1707900000000", "0", "x", "9" * 30]),
    "start-date": st.sampled_from(["2024-02-14", "2024-02-30", "9999-12-31", "0001-01-01", "x"]),
    "end-date": st.sampled_from(["2024-02-15", "9999-12-31", "0001-01-01"]),
    "clientOrderId": st.sampled_from(["a1", "x"]),
    "symbols": st.sampled_from(["btcusdt", "btcusdt,x", ","]),
}
MEANT_FIELDS = st.lists(
    st.sampled_from(list(ORDER_VALUES)).flatmap(lambda name: st.tuples(st.just(name), ORDER_VALUES[name])), max_size=3
).map(dict)
# What some reading needs, and a few fields besides.
GOOD_PARAMS = {"symbol": "btcusdt", "states": "filled,submitted", "clientOrderId": "a1", "symbols": "btcusdt"}
MEANT_PARAMS = MEANT_FIELDS.map(lambda fields: GOOD_PARAMS | {name: str(value) for name, value in fields.items()})
# Good in all but a field or two.
MEANT_ORDERS = st.fixed_dictionaries(
    {
        "account-id": st.just(100_009),
        "symbol": st.just("btcusdt"),
        "type": st.sampled_from(list(TYPES)),
        "amount": st.sampled_from(["0.1", "0.5", "10", "1000"]) | ORDER_VALUES["amount"],
        "price": st.sampled_from(["98", "100", "101", "102"]) | ORDER_VALUES["price"],
        "stop-price": st.sampled_from(["95", "105"]) | ORDER_VALUES["stop-price"],
        "operator": ORDER_VALUES["operator"],
    },
    optional={name: ORDER_VALUES[name] for name in ("client-order-id", "self-match-prevent", "source")},
)
GOOD_ORDER = {"account-id": 100_009, "symbol": "btcusdt", "type": "buy-limit", "amount": "0.1", "price": "98"}
GOOD_BODIES: dict[str, Any] = {
    "place": GOOD_ORDER,
    "batch-orders": [GOOD_ORDER],
    "batchcancel": {"client-order-ids": ["a1"]},
    "submitCancelClientOrder": {"client-order-id": "a1"},
    "cancel-all-after": {"timeout": 5},
}
MEANT_BODIES = {"place": MEANT_ORDERS, "batch-orders": st.lists(MEANT_ORDERS, min_size=1, max_size=3)}
ANY_BODY = MEANT_FIELDS | st.lists(MEANT_FIELDS | JSON, max_size=12) | JSON


def as_json(bodies: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    return bodies.map(lambda value: json.dumps(value, default=str).encode())


ORDER_IDS = st.sampled_from(["1", str(FIRST_ORDER), str(FIRST_ORDER + 3), "9" * 5_000, "x", "-1", "%20", "%ff"])


@pytest.mark.parametrize("route", TRADING_ROUTES, ids=[f"{route.method} {route.path}" for route in TRADING_ROUTES])
def test_any_signed_call_of_trading_gets_an_answer_and_a_refusal_changes_nothing(route: Route) -> None:
    bench = Bench()
    bench.trade("100", "0.5")
    bench.rest("buy", "99")
    bench.rest("sell", "101")
    resting = bench.place_id("sell-limit", "1", "100.5", client_order_id="a1")

    name = route.path.rpartition("/")[2]
    bodies = as_json(MEANT_BODIES.get(name, MEANT_FIELDS))
    good = json.dumps(GOOD_BODIES.get(name, {})).encode()
    accepted = []

    @settings(max_examples=80)
    @given(
        order_id=ORDER_IDS,
        params=MEANT_PARAMS | st.dictionaries(TEXTS, TEXTS, max_size=4),
        body=bodies | as_json(ANY_BODY) | st.binary(max_size=20),
    )
    @example(order_id=str(resting), params=GOOD_PARAMS, body=good)
    def check(order_id: str, params: dict[str, str], body: bytes) -> None:
        bench.clock.advance(10**9)
        path = route.path.replace("{order_id}", order_id)
        query = bench.signed_query(route.method, path, params if route.method == "GET" else None)

        # Which checks the invariants, and that a read or a failure has changed nothing.
        reply = bench.send(route.method, path, query, body=body if route.method == "POST" else b"")

        assert reply.status == 200
        if reply.body.get("status", "ok") != "ok" or reply.body.get("code", 200) != 200:
            code, message = reply.error[1:]
            assert code in VENUE.errors_by_code
            assert "{" not in message
            assert not code.startswith(("login", "api-signature", "base-system", "500"))
        else:
            accepted.append(reply)

    check()
    assert accepted, "some got through"


# --- sockets

TOPICS = st.sampled_from(
    ["market.btcusdt.bbo", "market.btcusdt.depth.step1", "market.btcusdt.kline.1min", "market.btcusdt.mbp.150",
     "market.btcusdt.mbp.refresh.5", "market.foo.bbo", "market.foo.mbp.5", "market.", "market..bbo", ".", "", "market.btcusdt.",
     "market.tickers", "market.btcusdt.trade.detail", "market.btcusdt.detail", "x" * 5_000]
)  # fmt: skip
OPERATIONS = st.sampled_from(["sub", "unsub", "req", "ping", "pong", "SUB"])
MESSAGES: st.SearchStrategy[Any] = st.one_of(
    st.tuples(OPERATIONS, TOPICS | st.lists(TOPICS | SCALARS, max_size=4) | JSON, JSON, JSON).map(
        lambda parts: {parts[0]: parts[1], "id": parts[2], "from": parts[3], "to": parts[3]}
    ),
    JSON,
).map(lambda value: json.dumps(value, default=str))


@pytest.mark.parametrize("path", ["/ws", "/feed"])
def test_any_message_on_a_socket_gets_an_answer_of_the_venue(path: str) -> None:
    bench = Bench()
    bench.trade("100", "0.5")
    before = bench.digest

    @settings(max_examples=250)
    @given(message=MESSAGES | st.text(max_size=40) | st.binary(max_size=40))
    def check(message: str | bytes) -> None:
        socket = bench.connect(path)

        answers = socket.send(message)  # which are all binary and packed, or this raises

        is_pong = isinstance(message, str) and '"pong"' in message
        assert answers or is_pong, "nothing is passed over in silence"
        for answer in answers:
            assert answer.get("status") in ("ok", "error") or "pong" in answer or "ch" in answer, answer
        assert bench.digest == before
        bench.simulation.close_connection(socket.connection)

    check()
    assert len(bench.desk.hub) == 0
    bench.clock.advance(10**12)
    assert bench.clock.pending_count == 0, "nothing of a closed connection stays"
