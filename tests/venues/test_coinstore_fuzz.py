"""Any request and any message gets one of the venue's own answers, and changes nothing unless it succeeds.

Queries, bodies and messages are built of the names that the venue knows and of values that are almost right, because random
bytes alone do not get past the first check.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from coinstore_support import START_MS, Bench, Reply
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockex.venues.coinstore import VENUE
from mockex.wire.routing import Route

TEXTS = st.text(max_size=12) | st.sampled_from(["", "0", "-1", "9" * 40, "null", "BTCUSDT", "%ff"])
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
VALUES: dict[str, list[Any]] = {
    "symbol": ["BTCUSDT", "btcusdt", "FOOUSDT", 1],
    "side": ["BUY", "SELL", "1", "-1", "buy"],
    "ordType": ["LIMIT", "MARKET", "POST_ONLY", "X"],
    "timeInForce": ["GTC", "IOC", "FOK", "X"],
    "ordPrice": ["100", 99.5, "101", "0", "-1", "0.001", "9" * 40, "1e40", 1e-40, [1], True, "1e400"],
    "ordQty": ["1", 1, 0.5, "0.0000001", "0", "1e30", {}, None],
    "ordAmt": ["100", 5.25, "100.001", "0", "9" * 40],
    "clOrdId": ["a1", "x" * 65, "a b", 7, [], "\u0000"],
    "timestamp": [START_MS, "7", -1, 10**17, "x", 1.5, []],
    "ordId": ["1", 1_792_044_274_024_448, "9" * 5_000, "x", -1, 2**64],
    "orderIds": [[1], ["x"], [], 5, [2**63], [None], ["1792044274024448"] * 3, [[1]], [10**40]],
    "clientOrderIds": [["a1"], [], "a1", [1], ["x" * 5_000]],
    "orders": [[{"side": "BUY", "ordType": "MARKET", "ordAmt": "9"}], [{}], [], [1], {}, [{"clOrdId": []}] * 51],
    "currencyCode": ["USDT", "usdttrx", "DOGE", ""],
    "chain": ["TRX", "x"],
    "chainType": ["trc20", "x"],
    "amount": ["100", "1e-9", "9" * 40, "x", []],
    "address": ["T", "x" * 5_000],
    "withdrawId": [1, "x", 2**70],
    "type": ["0", "1", "2", 7],
    "from": ["1", 2, "x"],
    "to": ["2", 1, []],
    "subAccount": ["bob", "x"],
    "startDate": ["2024-02-27", "2024-02-30", "9999-12-31 23:59:59", "0001-01-01", "x"],
    "endDate": ["2024-02-27 10:00:00", "9999-12-31", "0001-01-01"],
    "fromId": ["1", "", -1, 10**30],
    "limit": [1, "10", 0, 10**30, "x"],
    "pageNum": ["1", "0", "9" * 30],
    "pageSize": ["20", "101"],
    "size": ["1", "101", "x"],
    "depth": ["5", "7", "501"],
    "level": ["1", "9"],
    "period": ["1min", "x"],
    "market_pair": ["BTC_USDT", "btc_usdt", "X"],
    "symbolCodes": [["BTCUSDT"], "x", [1.5]],
    "symbolIds": [[1], [10**300], {}],
}  # fmt: skip
FIELDS = st.lists(
    st.sampled_from(list(VALUES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name]) | SCALARS)),
    max_size=6,
).map(dict)
GOOD = {
    "symbol": "BTCUSDT", "side": "BUY", "ordType": "LIMIT", "ordPrice": "90", "ordQty": "0.01", "currencyCode": "USDT",
    "chain": "TRX", "chainType": "trc20", "amount": "10", "type": "0", "from": "1", "to": "2", "orderIds": [1],
    "clientOrderIds": ["a1"], "orders": [{"side": "BUY", "ordType": "MARKET", "ordAmt": "10"}], "market_pair": "BTC_USDT",
}  # fmt: skip


PAIRS = st.sampled_from(["BTCUSDT", "btcusdt", "x", "%ff", "%00", "é"])
PATHS = st.text(max_size=30).map(lambda text: f"/{text}") | st.sampled_from(["/api", "/s/ws", "/api/v1/ticker/price;", ";"])
HEADERS = st.dictionaries(
    st.sampled_from(["x-cs-apikey", "x-cs-expires", "x-cs-sign"]), TEXTS | st.just(str(START_MS)) | st.just("0" * 64)
)


def plausible(reply: Reply) -> None:
    """One of the venue's own answers."""
    assert reply.status in (200, 400), reply.text
    if reply.status == 400:
        assert reply.body["error"] == "Bad Request"
    elif reply.failed:
        code, slug = reply.error
        assert str(code) in VENUE.errors_by_code
        assert "{" not in slug
        assert code not in (500, 404)


def query_of(fields: dict[str, Any]) -> str:
    return "&".join(f"{quote(str(name))}={quote(str(value))}" for name, value in fields.items())


@pytest.mark.parametrize("route", VENUE.routes.routes, ids=[f"{route.method} {route.path}" for route in VENUE.routes.routes])
def test_any_call_gets_an_answer_and_a_refusal_changes_nothing(route: Route) -> None:
    bench = Bench()
    bench.trade("100", "0.5")
    bench.rest("buy", "99")
    bench.rest("sell", "101")
    good = GOOD | {"ordId": bench.place_id("SELL", "100.5", "1", clOrdId="a1")}
    if route.method == "GET":
        del good["side"]  # which is a number there
    meant = FIELDS | FIELDS.map(lambda fields: good | fields)
    accepted = []

    @settings(max_examples=60)
    @given(fields=meant, raw=st.binary(max_size=20), path=PAIRS, whole=st.integers(0, 9))
    @example(fields=good, raw=b"", path="BTCUSDT", whole=9)
    def check(fields: dict[str, Any], raw: bytes, path: str, whole: int) -> None:
        target = route.path.replace("{symbol}", path)
        body = raw if whole == 0 else json.dumps(fields).encode()
        query = query_of(fields)
        # Which checks the invariants, and that a read or a failure has changed nothing.
        if route.permission is None:
            reply = bench.send(route.method, target, query, body=body if route.method == "POST" else b"")
        elif route.method == "GET":
            reply = bench.read(target, query, body=raw if whole < 3 else b"")
        else:
            reply = bench.write(target, body)
        plausible(reply)
        if not reply.failed:
            accepted.append(reply)

    check()
    names = ("cancelWithdraw", "doWithdraw")  # which need an id or an address that nobody guesses
    assert accepted or route.path.endswith(names), "some got through"


@settings(max_examples=150)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "FOO"]),
    path=PATHS,
    query=st.text(max_size=20),
    headers=HEADERS,
    body=st.binary(max_size=30),
)
def test_any_path_method_and_header_gets_an_answer(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    reply = Bench().send(method, path, query, headers=headers, body=body)

    assert reply.status in (200, 404, 405), reply.text


@settings(max_examples=150)
@given(headers=HEADERS)
def test_nobody_gets_in_with_anything_but_a_signature(headers: dict[str, str]) -> None:
    bench = Bench()
    material = bench.simulation.keys["alice"].material

    for sent in (headers, headers | {"x-cs-apikey": material.api_key}):
        assert bench.send("GET", "/api/trade/order/active", headers=sent).error[0] in (401, 1401, 3005)


NAMES = st.sampled_from(
    ["1@trade", "btcusdt@depth@5", "1@kline@min_1", "!@ticker", "spot_asset", "spot_order", "USDT@account", "!@order", "x", "",
     "1@depth@7", "@@@", "x" * 5_000, "!@account"]
)  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=8
)
MESSAGES = st.fixed_dictionaries(
    {"op": st.sampled_from(["SUB", "unsub", "LIST", "REQ", "LOGIN", "pong", "x"]) | JSON},
    optional={
        "channel": st.lists(NAMES | SCALARS, max_size=3) | NAMES | JSON,
        "id": JSON,
        "param": JSON
        | st.fixed_dictionaries({"channel": NAMES}, optional={"limit": SCALARS, "endTime": SCALARS, "size": SCALARS}),
        "auth": JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(("token", "expires", "signature", "type"), SCALARS)),
    },
)


@pytest.mark.parametrize("logged_in", [False, True])
def test_any_message_on_the_socket_gets_an_answer_and_leaves_it_open(logged_in: bool) -> None:
    bench = Bench()
    bench.trade("100", "0.5")
    before = bench.digest

    @settings(max_examples=250)
    @given(message=MESSAGES.map(json.dumps) | JSON.map(json.dumps) | st.text(max_size=40) | st.binary(max_size=40))
    def check(message: str | bytes) -> None:
        socket = bench.connect()
        if logged_in:
            socket.logged_in()

        answers = socket.send(message)  # counted one by one, or this raises

        assert answers or "pong" in str(message).lower(), "nothing is passed over in silence"
        assert socket.closing is None
        assert bench.digest == before
        bench.simulation.close_connection(socket.connection)

    check()
    assert len(bench.desk.hub) == 0
    bench.clock.advance(10**12)
    assert bench.clock.pending_count == 0, "nothing of a closed connection stays"
