"""Rules that judge from the wire: each objects to what is wrong, is content with what is right, and skips what it did not see.

The recordings are made by hand, from what okj§2 to okj§11 say a client may and may not send.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from mockex.conformance.judging import Judge, Surroundings, failure_of
from mockex.conformance.model import Case, discover
from mockex.conformance.simulator import Key
from mockex.conformance.trace import Entry
from runner_rig import FACTS

RULES = {case.id: case for case in discover(FACTS) if case.rule is not None}
KEY = Key(name="alice", api_key="a-key", secret="A-SECRET", passphrase="a-passphrase")
GRID = {"symbol": "BTC-JPY", "tick_size": "0.1", "lot_size": "0.00000001", "min_qty": "0.001"}
NOW_MS = 1_707_966_245_678  # 2024-02-15T03:04:05.678Z
NOW, NOW_ISO = "1707966245.678", "2024-02-15T03:04:05.678Z"
SIGNED = {"ok-access-key": "a-key", "ok-access-sign": "s", "ok-access-timestamp": NOW_ISO, "ok-access-passphrase": "p"}


class Wire:
    """A recording in the making. Time passes by `wait` alone."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._ms = 0

    def wait(self, ms: int) -> Wire:
        self._ms += ms
        return self

    def add(self, kind: str, **fields: Any) -> Wire:
        times = {"at_ns": str((NOW_MS + self._ms) * 1_000_000), "real_ns": str(self._ms * 1_000_000)}
        self.entries.append(Entry({"n": len(self.entries) + 1, "kind": kind, **times, **fields}))
        return self

    def ask(
        self,
        route: str | None,
        body: Any = None,
        *,
        target: str | None = None,
        headers: Mapping[str, str] = SIGNED,
        account: str | None = "alice",
        **answer: Any,
    ) -> Wire:
        """A request and its response. `route`: an operation of the facts, or None."""
        template = None if route is None else FACTS.route(route)
        method, path = (template or "GET /nowhere").split(" ")
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        target = target or path.replace("{order_ref}", "1")
        self.add(
            "request",
            method=method,
            target=target,
            headers=dict(headers),
            body=text,
            route=template,
            account=account,
        )
        said = {"status": 200, "headers": {}, "body": "{}", "error": None, "delivery": "sent"}
        return self.add("response", to=len(self.entries), **{**said, **answer})

    def open(self, connection: int = 1, peer: str = "127.0.0.1:5001") -> Wire:
        return self.add("open", connection=connection, path="/ws/v3", socket="main", peer=peer)

    def say(self, *args: str, op: str = "subscribe", connection: int = 1) -> Wire:
        return self.add("in", connection=connection, text=json.dumps({"op": op, "args": list(args)}))

    def hear(self, connection: int = 1, **message: Any) -> Wire:
        return self.add("out", connection=connection, text=json.dumps(message), channel=None)

    def refuse(self, code: int) -> Wire:
        return self.hear(event="error", message="no", errorCode=code)

    def subscribe(self, channel: str, connection: int = 1) -> Wire:
        self.say(channel, connection=connection)
        return self.add("subscribed", connection=connection, channel=channel)

    def login(self, connection: int = 1) -> Wire:
        self.say("a-key", "a-passphrase", NOW, "sign", op="login", connection=connection)
        return self.add("login", connection=connection, account="alice", key="alice")

    def close(self, code: int = 1006, *, by: str = "server", connection: int = 1) -> Wire:
        return self.add("close", connection=connection, by=by, code=code, reason="")


def order(**fields: Any) -> dict[str, Any]:
    return {"instrument_id": "BTC-JPY", "side": "buy", "type": "limit", "price": "7000000", "size": "0.01", **fields}


def judged(case: Case, wire: Wire) -> Judge:
    judge = Judge(Surroundings.of(FACTS, [GRID], [KEY]))
    assert case.rule is not None
    look = case.rule(judge)
    for entry in wire.entries:
        look(entry)
    judge.end()
    return judge


Play = Callable[[Wire], Wire]

ORDER_STREAM = "spot/order:BTC-JPY"
TICKER = "spot/ticker:BTC-JPY"


def days(*, pause_ms: int) -> Play:
    """Two connections, so far apart."""
    return lambda w: w.open(1).close(1000, by="client").wait(pause_ms).open(2, peer="127.0.0.1:5002")


def commands(count: int, *, apart_ms: int) -> Play:
    def play(w: Wire) -> Wire:
        for _ in range(count):
            w.subscribe(TICKER).wait(apart_ms)
        return w

    return play


def polls(count: int) -> Play:
    def play(w: Wire) -> Wire:
        w.open().login().subscribe(ORDER_STREAM)
        for _ in range(count):
            w.ask("open_orders")
        return w

    return play


# Of each rule: what it is content with, and what it objects to.
PLAYS: dict[str, tuple[Play, tuple[Play, ...]]] = {
    "common/auth/900": (
        lambda w: w.ask("balances").open().login(),
        (
            lambda w: w.ask("balances", headers={**SIGNED, "x-secret": "A-SECRET"}),
            lambda w: w.ask("balances", target="/api/spot/v3/accounts?secret=A-SECRET"),
            lambda w: w.ask("place_order", {"secret": "A-SECRET"}),
            lambda w: w.open().say("a-key", "A-SECRET", op="login"),
        ),
    ),
    "common/errors/900": (lambda w: w.ask("balances"), (lambda w: w.ask(None, status=404),)),
    "common/limits/900": (
        lambda w: w.ask("balances", status=429).wait(600).ask("balances"),
        (
            lambda w: w.ask("balances", status=429).wait(100).ask("balances", status=429),
            lambda w: w.ask("balances", error="30014").wait(100).ask("balances"),
        ),
    ),
    "common/faults/900": (
        lambda w: w.ask("place_order", order(), delivery="lost").ask("open_orders").ask("place_order", order()),
        (lambda w: w.ask("place_order", order(), delivery="lost").ask("place_order", order()),),
    ),
    "okcoinjp/auth/900": (lambda w: w.ask("balances"), (lambda w: w.ask("balances", error="30013", status=401),)),
    "okcoinjp/auth/910": (
        lambda w: w.ask("balances"),
        tuple(
            lambda w, code=code: w.ask("balances", error=code, status=400)
            for code in ("30001", "30002", "30003", "30004", "30006", "30015")
        ),
    ),
    "okcoinjp/auth/920": (
        lambda w: w.open().login(),
        tuple(
            lambda w, code=code: w.open().say("k", "p", "t", "s", op="login").refuse(code)
            for code in (30001, 30005, 30006, 30008, 30013, 30027)
        ),
    ),
    "okcoinjp/time/900": (lambda w: w.ask("balances"), (lambda w: w.ask("balances", error="30005", status=400),)),
    "okcoinjp/time/910": (lambda w: w.ask("balances"), (lambda w: w.ask("balances", error="30008", status=400),)),
    "okcoinjp/time/920": (
        lambda w: (
            w.ask("balances")
            .ask("balances", headers={**SIGNED, "ok-access-timestamp": NOW})
            .ask("balances", headers={**SIGNED, "ok-access-timestamp": "yesterday"})
        ),
        (
            lambda w: w.wait(6_000).ask("balances"),
            lambda w: w.ask("balances", headers={**SIGNED, "ok-access-timestamp": "1707966251.678"}),
        ),
    ),
    "okcoinjp/errors/900": (
        lambda w: w.ask("place_order", order()),
        tuple(lambda w, code=code: w.ask("place_order", "x", error=code) for code in ("30007", "30020", "30021")),
    ),
    "okcoinjp/errors/910": (
        lambda w: w.ask("balances"),
        tuple(lambda w, code=code: w.ask("orders", error=code) for code in ("30023", "30024", "30025", "30032", "33007")),
    ),
    "okcoinjp/errors/920": (
        lambda w: w.ask("orders", target="/api/spot/v3/orders?instrument_id=BTC-JPY&state=2"),
        tuple(
            lambda w, target=target: w.ask("orders", target=f"/api/spot/v3/orders{target}")
            for target in ("?a=1&&b=2", "?a=1&", "?", "?after=&b=1", "?a=1&a=2", "/")
        ),
    ),
    "okcoinjp/orders/900": (
        lambda w: w.ask("place_order", order(client_oid="oktspot79")),
        tuple(
            lambda w, name=name: w.ask("place_order", order(client_oid=name)) for name in ("12345", "my-order", "x" * 33, "ä1")
        ),
    ),
    "okcoinjp/orders/910": (
        lambda w: w.ask("place_order", order(client_oid="a1")).ask("place_order", order(client_oid="A1")),
        (
            lambda w: w.ask("place_order", order(client_oid="a1")).ask("place_order", order(client_oid="a1")),
            lambda w: w.ask("place_orders", [order(client_oid="a1"), order(client_oid="a1")]),
        ),
    ),
    "okcoinjp/orders/920": (
        lambda w: (
            w.ask("place_order", order(notional=""))
            .ask("place_order", order(type="market", price="", size="0", notional="5000"))
            .ask("place_order", order(type="market", side="sell", price=""))
        ),
        (
            lambda w: w.ask("place_order", order(type="market", price="")),
            lambda w: w.ask("place_order", order(type="market", side="sell", price="", size="", notional="1")),
            lambda w: w.ask("place_order", order(size="")),
            lambda w: w.ask("place_orders", [order(), order(notional="70000")]),
        ),
    ),
    "okcoinjp/orders/930": (
        lambda w: w.ask("place_orders", [order()] * 10).ask(
            "cancel_orders", [{"instrument_id": "btc-jpy", "order_ids": ["1"] * 10}]
        ),
        (
            lambda w: w.ask("place_orders", [order()] * 11),
            lambda w: w.ask("place_orders", [order(instrument_id=f"{n}-JPY") for n in range(5)]),
            lambda w: w.ask("cancel_orders", [{"instrument_id": "btc-jpy", "client_oids": ["a"] * 11}]),
            lambda w: w.ask("cancel_orders", [{"instrument_id": "BTC-JPY", "order_ids": ["1"] * 6}] * 2),
        ),
    ),
    "okcoinjp/orders/940": (
        lambda w: w.ask("cancel_order", {"instrument_id": "BTC-JPY"}),
        (lambda w: w.ask("cancel_order", {"instrument_id": "BTC-JPY"}, error="33026"),),
    ),
    "okcoinjp/orders/950": (polls(3), (polls(4),)),
    "okcoinjp/numbers/900": (
        lambda w: w.ask("place_order", order(order_type=1)),
        (lambda w: w.ask("place_order", order(price=7000000)), lambda w: w.ask("place_orders", [order(size=0.01)])),
    ),
    "okcoinjp/numbers/910": (
        lambda w: w.ask("place_order", order(price="7000000.1")).ask("place_order", order(instrument_id="X-Y", price="0.01")),
        (
            lambda w: w.ask("place_order", order(price="7000000.15")),
            lambda w: w.ask("place_orders", [order(instrument_id="btc-jpy", price=7000000.15)]),
        ),
    ),
    "okcoinjp/numbers/920": (
        lambda w: w.ask("place_order", order(size="0.00100001")),
        (
            lambda w: w.ask("place_order", order(size="0.001000001")),
            lambda w: w.ask("place_order", order(size="0.0001"), error="33024"),
        ),
    ),
    "okcoinjp/streams/900": (lambda w: w.open().login(), (lambda w: w.open().login().login().refuse(30042),)),
    "okcoinjp/streams/910": (lambda w: w.open().subscribe(TICKER), (lambda w: w.open().say("spot/nothing:X").refuse(30040),)),
    "okcoinjp/streams/920": (lambda w: w.open().subscribe(TICKER), (lambda w: w.open().say(op="dance").refuse(30039),)),
    "okcoinjp/streams/930": (
        lambda w: w.open().login().subscribe(ORDER_STREAM),
        (
            lambda w: w.open().say(ORDER_STREAM).refuse(30041),
            lambda w: w.open().login().close().open(2).subscribe(ORDER_STREAM, connection=2),
        ),
    ),
    "okcoinjp/streams/940": (
        lambda w: w.open().subscribe(TICKER).wait(20_000).add("in", connection=1, text="ping"),
        (lambda w: w.open().subscribe(TICKER).wait(30_000).close(4001),),
    ),
    "okcoinjp/streams/950": (lambda w: w.open().subscribe(TICKER), (lambda w: w.open().subscribe(TICKER).close(4002),)),
    "okcoinjp/streams/960": (
        lambda w: w.open().subscribe(TICKER).close().wait(3_000).open(2).subscribe(TICKER, connection=2),
        (
            lambda w: w.open().subscribe(TICKER).close(),
            lambda w: w.open().subscribe(TICKER).subscribe(ORDER_STREAM).close().open(2).subscribe(TICKER, connection=2),
            lambda w: w.open().subscribe(TICKER).close().wait(61_000).open(2).subscribe(TICKER, connection=2),
        ),
    ),
    "okcoinjp/limits/900": (days(pause_ms=1_000), (days(pause_ms=900),)),
    "okcoinjp/limits/910": (commands(51, apart_ms=20), (commands(51, apart_ms=10),)),
    "okcoinjp/limits/920": (commands(240, apart_ms=100), (commands(241, apart_ms=100),)),
    "okcoinjp/limits/930": (
        lambda w: w.open().say(*[TICKER] * 215),
        (lambda w: w.open().say(*[TICKER] * 216), lambda w: w.open().say("x" * 4_097, op="unsubscribe")),
    ),
}


def test_each_rule_has_its_plays() -> None:
    assert PLAYS.keys() == RULES.keys()


@pytest.mark.parametrize("id", PLAYS)
def test_a_rule_is_content_with_what_is_right(id: str) -> None:
    judge = judged(RULES[id], PLAYS[id][0](Wire()))

    assert judge.exercised
    assert judge.findings == []


@pytest.mark.parametrize(("id", "wrong"), [(id, play) for id, (_, wrong) in PLAYS.items() for play in wrong])
def test_a_rule_objects_to_what_is_wrong_and_shows_where(id: str, wrong: Play) -> None:
    wire = wrong(Wire())

    judge = judged(RULES[id], wire)

    assert judge.exercised
    assert judge.findings
    failure = failure_of(judge)
    assert failure.what
    assert failure.expected != failure.seen
    assert failure.at
    assert all(entry in wire.entries for entry in failure.at)


@pytest.mark.parametrize("id", RULES)
def test_a_rule_that_saw_nothing_is_not_exercised(id: str) -> None:
    judge = judged(RULES[id], Wire().add("fault", rule="f1", what="delay", on=None, connection=None, channel=None))

    assert not judge.exercised
    assert judge.findings == []


HOSTILE = [
    "",
    "[",
    "[" * 100_000,
    "null",
    "3",
    '"x"',
    "[[]]",
    "[null]",
    '{"price": {}, "size": [1]}',
    '{"price": "NaN"}',
    "é",
]


@pytest.mark.parametrize("id", RULES)
def test_a_rule_bears_whatever_a_client_sends(id: str) -> None:
    wire = Wire().open()
    for text in HOSTILE:
        for route in ("place_order", "place_orders", "cancel_orders", "cancel_order", None):
            wire.ask(route, text, account=None, error="30021", status=400)
        wire.add("in", connection=1, text=text).add("out", connection=1, text='"error"' + text, channel=None)
        wire.add("in", connection=1, text=json.dumps({"op": text, "args": {"a": 1}}))
    wire.add("in", connection=1, base64="/w==").add("out", connection=1, base64="/w==", channel=None)
    wire.add("refused", connection=2, path="/ws/v3", socket="main", status=429).close(by="client").close(connection=7)

    judged(RULES[id], wire)


def test_many_findings_are_counted_and_the_first_kept() -> None:
    wire = Wire()
    for _ in range(100):
        wire.ask(None, status=404)

    judge = judged(RULES["common/errors/900"], wire)

    assert (judge.count, len(judge.findings)) == (100, 12)
    assert failure_of(judge).seen == "GET /nowhere (the first of 100 findings)"
