"""Any frame on the account socket, and any call of conditional orders, gets one of the venue's own answers and breaks nothing.

Messages are built of the venue's names and of values that are almost right.
"""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from htx_account_client import AccountSocket
from htx_support import SECOND, Bench, make_listing
from hypothesis import given, settings
from hypothesis import strategies as st
from mockex.fixtures import load

from mockex.core.invariants import digest, violations
from mockex.venues.htx import VENUE
from mockex.wire.routing import Route

ROUTES = [route for route in VENUE.routes.routes if route.path.startswith("/v2/algo-orders")]
KNOWN = {(row["code"], row["message"]) for row in load("htx", "ws/errors")["account"]}

WORDS = st.sampled_from(
    ["", "*", "#", "btcusdt", "BTCUSDT", "auth", "orders#*", "orders#btcusdt", "orders##", "trade.clearing#*#1",
     "accounts.update", "accounts.update#2", "trade.clearing#btcusdt#", "9" * 5_000, "1", "0", "-1", "1e400", "NaN", "\x00",
     "é", "²", "HmacSHA256", "2.1", "2024-02-15T03:04:05", "2024-02-30T99:04:05"]
)  # fmt: skip
TEXTS = WORDS | st.text(st.characters(codec="utf-8"), max_size=6)
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.sampled_from(
    ["action", "ch", "params", "data", "ts", "code", "cid", "authType", "accessKey", "signatureMethod", "signatureVersion",
     "timestamp", "signature"]
)  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=4), max_leaves=8
)
MEANT = st.fixed_dictionaries(
    {"action": st.sampled_from(["sub", "unsub", "req", "pong", "ping", "push", "close"]), "ch": WORDS | JSON},
    optional={"params": JSON, "data": JSON},
)
MESSAGES = st.one_of(MEANT, MEANT, JSON).map(json.dumps) | st.binary(max_size=20) | TEXTS


def checked(frames: list[Any]) -> None:
    """Each is a push, an acknowledgement, a ping, a pong or a refusal of the table. That each has an action is known by now."""
    for frame in frames:
        match frame["action"]:
            case "push":
                assert frame.keys() == {"action", "ch", "data"}
            case "ping" | "pong":
                assert frame.keys() == {"action", "data"}
            case "req" | "sub" | "unsub" if frame["code"] == 200:
                assert frame.keys() == {"action", "code", "ch", "data"}
            case _:
                assert (frame["code"], frame["message"]) in KNOWN


@pytest.mark.parametrize("logged_in", [False, True])
def test_any_frame_is_answered_by_the_table_and_changes_nothing(logged_in: bool) -> None:
    bench = Bench(make_listing())
    bench.rest("buy", "90", who="alice")
    sockets = [AccountSocket(bench)]

    @settings(max_examples=80)
    @given(messages=st.lists(MESSAGES, min_size=1, max_size=5))
    def check(messages: list[str | bytes]) -> None:
        if sockets[0].closing is not None or (sockets[0].connection.credential is None and logged_in):
            sockets[0] = AccountSocket.of(bench) if logged_in else AccountSocket(bench)
        before = digest(bench.desk.exchange)
        for message in messages:
            bench.simulation.receive(sockets[0].connection, message)
            checked(sockets[0].frames())
        assert digest(bench.desk.exchange) == before

    check()
    assert violations(bench.desk.exchange) == []


TERMS: dict[str, st.SearchStrategy[Any]] = {
    "accountId": st.sampled_from([100_009, "100009", "100010", 1, "x", None, True, 1.5]),
    "symbol": st.sampled_from(["btcusdt", "ethusdt", "foo", 1]),
    "orderSide": st.sampled_from(["buy", "sell", "x"]),
    "orderType": st.sampled_from(["limit", "market", "x"]),
    "clientOrderId": st.sampled_from(["a1", "a2", "a3", "a b", 7]),
    "stopPrice": st.sampled_from(["102", "98", "105.5", 103, "0", "-1", "9" * 40, "1e40", 1e-9]),
    "orderPrice": st.sampled_from(["102", "98", 100.5, "0", "9" * 40, [1]]),
    "orderSize": st.sampled_from(["1", 0.5, "0", "-1", "1e30", "1e-40", "9" * 40]),
    "orderValue": st.sampled_from(["50", 7, "0", "-1", "1e30", "9" * 40]),
    "timeInForce": st.sampled_from(["gtc", "boc", "ioc", "fok", "x"]),
    "trailingRate": st.sampled_from(["0.01", 0.05, "1", "1e-9", "9" * 40]),
}
FURTHER: dict[str, st.SearchStrategy[Any]] = {
    "clientOrderIds": st.lists(st.sampled_from(["a1", "a2", "x", 1, None]), max_size=3) | st.just("a1"),
    "timeout": st.sampled_from([0, 5, "6", 4, -1, 1.5, 2**70, "x", True]),
    "orderStatus": st.sampled_from(["canceled", "rejected", "triggered", "created"]),
    "startTime": st.sampled_from(["0", "1707966245678", "x", "9" * 40]),
    "endTime": st.sampled_from(["0", "1707966245678", "x", "9" * 40]),
    "sort": st.sampled_from(["asc", "desc", "x"]),
    "limit": st.sampled_from(["1", "500", "501", "x"]),
    "fromId": st.sampled_from(["0", "1", "5", "-1", "9" * 40]),
}
FIELDS = st.fixed_dictionaries({}, optional={**TERMS, **FURTHER})
ORDERS = st.fixed_dictionaries(TERMS | {"timeInForce": st.just("gtc"), "trailingRate": st.none()}) | st.fixed_dictionaries(
    {name: TERMS[name] for name in TERMS if name not in ("timeInForce", "trailingRate")},
    optional={name: TERMS[name] for name in ("timeInForce", "trailingRate")},
)


@pytest.mark.parametrize("route", ROUTES, ids=[f"{route.method} {route.path}" for route in ROUTES])
def test_any_signed_call_gets_an_answer_and_a_refusal_changes_nothing(route: Route) -> None:
    bench = Bench(make_listing())
    bench.trade("100")

    @settings(max_examples=80)
    @given(
        params=FIELDS.map(lambda fields: {name: str(value) for name, value in fields.items()}),
        body=(ORDERS | ORDERS | FIELDS | JSON).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20),
    )
    def check(params: dict[str, str], body: bytes) -> None:
        bench.clock.advance(SECOND)
        query = bench.signed_query(route.method, route.path, params if route.method == "GET" else None)
        # Which checks the invariants, and that a read or a failure has changed nothing.
        reply = bench.send(route.method, route.path, query, body=body if route.method == "POST" else b"")
        assert (reply.status, type(reply.body["code"])) == (200, int)
        assert reply.body["code"] != 500

    check()


def test_whatever_waits_and_trades_the_pushes_are_sound() -> None:
    """Random conditional orders in a market that moves: every frame is of the table, every invariant holds."""
    bench = Bench(make_listing())
    bench.trade("100")
    socket = AccountSocket.of(bench, "alice", "orders#*", "trade.clearing#*#1", "accounts.update#1")
    number = bench.desk.state.identities.account_number("alice")
    seen: set[str] = set()

    chance = Random(2)  # examples of hypothesis depend on which modules are loaded, and with them what has come up at the end
    for _ in range(50):
        bench.clock.advance(SECOND)
        name = f"c{bench.now_ms}"
        size = chance.choice(["0.5", "2", "100000000000"])
        body = {
            "accountId": number, "symbol": "btcusdt", "clientOrderId": name,
            "orderSide": chance.choice(["buy", "sell"]), "orderType": chance.choice(["limit", "market"]),
            "stopPrice": str(chance.randint(94, 106)), "orderPrice": str(chance.randint(94, 106)),
            "orderSize": size, "orderValue": str(Decimal(size) * 90), "trailingRate": chance.choice([None, "0.01", "0.05"]),
        }  # fmt: skip
        bench.write("/v2/algo-orders", body)
        for _ in range(chance.randint(1, 4)):
            price = str(chance.randint(95, 105))
            bench.place("sell", price, "1")
            bench.place("buy", price, "1")
            assert violations(bench.desk.exchange) == []
        if chance.random() < 0.5:
            bench.write("/v2/algo-orders/cancellation", {"clientOrderIds": [name]})
        frames = socket.messages()
        checked(frames)
        seen.update(frame["data"].get("eventType", "balance") for frame in frames if frame["action"] == "push")

    assert seen == {"creation", "trade", "cancellation", "deletion", "trigger", "balance"}, "every event has come up"
