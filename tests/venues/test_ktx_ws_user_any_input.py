"""Any frame and any upgrade on the user socket gets one of the venue's own answers and breaks nothing; and whatever happens to
an account, what is pushed of it adds up to what the account has.

Messages are built of the venue's names and of values that are almost right.
"""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from fixture_shapes import deviations
from hypothesis import given, settings
from hypothesis import strategies as st
from ktx_support import Bench
from ktx_user_client import PERPETUAL, UserSocket, auth, cancel, customer, order
from mockex.fixtures import load

from mockex.core.commands import SetMarkPrice
from mockex.core.contract_terms import MarginMethod
from mockex.core.events import OrderAccepted
from mockex.core.invariants import digest, violations
from mockex.core.units import Wallet
from mockex.venues.ktx import VENUE, gen1
from mockex.venues.ktx.codec import amount_text
from mockex.venues.ktx.position_codec import encode_position

KNOWN = {int(code) for code in VENUE.errors_by_code}
SHAPES = {stream: load("ktx", f"ws/{stream}")["fields"] for stream in ("order", "position", "account")}

WORDS = st.sampled_from(
    ["", "*", "LOGIN", "SUBSCRIBE", "UNSUBSCRIBE", "login", "order", "position", "account", "order.", "spot.BTC_USDT.trades",
     "api-key", "9" * 5_000, "0", "-1", "1e400", "NaN", "\x00", "é", "²", "f" * 40, "0" * 64, "1733390630904"]
)  # fmt: skip
TEXTS = WORDS | st.text(st.characters(codec="utf-8"), max_size=6)
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.sampled_from(["id", "method", "params", "auth", "ping", "api-key", "api-sign", "api-expire-time"])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=4), max_leaves=8
)
MEANT = st.fixed_dictionaries(
    {"method": st.sampled_from(["LOGIN", "SUBSCRIBE", "UNSUBSCRIBE", "PING"])},
    optional={"id": SCALARS, "params": st.lists(WORDS, max_size=3) | JSON, "auth": JSON, "ping": SCALARS},
)
MESSAGES = st.one_of(MEANT, MEANT, JSON).map(json.dumps) | st.binary(max_size=20) | TEXTS


def checked(frames: list[Any]) -> None:
    """Each is a success, a pong, or an error of the table."""
    for frame in frames:
        frame.pop("id", None)
        if "error" in frame:
            assert frame.keys() == {"error", "message"}
            assert frame["error"] in KNOWN
        elif "pong" in frame:
            assert frame.keys() == {"pong"}
        else:
            assert (frame.keys(), frame["result"]) == ({"result", "op", "events"}, "success")


@pytest.mark.parametrize("logged_in", [False, True])
def test_any_frame_is_answered_once_and_changes_nothing(logged_in: bool) -> None:
    bench = Bench()
    bench.rest("buy", "90", who="alice")

    def opened() -> UserSocket:
        return UserSocket.of(bench) if logged_in else UserSocket(bench)

    sockets = [opened()]

    @settings(max_examples=80)
    @given(messages=st.lists(MESSAGES, min_size=1, max_size=5))
    def check(messages: list[str | bytes]) -> None:
        before = digest(bench.desk.exchange)
        for message in messages:
            if sockets[0].closing is not None:
                sockets[0] = opened()
            bench.simulation.receive(sockets[0].connection, message)
            frames = sockets[0].messages()
            assert len(frames) == 1
            checked(frames)
        assert digest(bench.desk.exchange) == before

    check()


@settings(max_examples=80)
@given(headers=st.dictionaries(NAMES, TEXTS, max_size=4), query=st.sampled_from(["", "a=1", "\udcff", "%"]))
def test_any_upgrade_is_logged_in_or_told_why_not(headers: dict[str, str], query: str) -> None:
    bench = Bench()
    for good in ({}, auth(bench, text=query.encode("utf-8", "surrogateescape"))):
        socket = UserSocket(bench, headers={**good, **headers}, query=query)
        frames = socket.messages()
        checked(frames)
        tried = "api-key" in {*good, *headers} or "api-sign" in {*good, *headers}
        assert len(frames) == (tried and not socket.is_in)
        assert (socket.closing is not None) == bool(frames)


def test_whatever_happens_to_an_account_its_pushes_add_up_to_what_it_has() -> None:
    bench = Bench()
    customer(bench, "dave", "3000")
    socket = UserSocket.of(bench, "dave")
    told: dict[str, dict[str, Any]] = {"order": {}, "position": {}, "account": {}}
    statuses: set[str] = set()
    placed: list[Any] = []

    chance = Random(2)  # examples of hypothesis depend on which modules are loaded, and with them what has come up at the end
    for _ in range(150):
        first = order(
            bench,
            chance.choice(["dave", "dave", "bob"]),
            chance.choice(["buy", "sell"]),
            chance.choice(["0.5", "2", "60"]),
            chance.choice([None, "95", "99", "100", "101", "105"]),
            symbol=chance.choice([PERPETUAL, PERPETUAL, "BTC_USDT"]),
            method=chance.choice(list(MarginMethod)),
            close=chance.random() < 0.5,
            ioc=chance.random() < 0.5,
        )[0]
        if isinstance(first, OrderAccepted) and first.order.account.account_id == "dave":
            placed.append(first.order)
        if chance.random() < 0.5 and placed and placed[-1].is_live:
            cancel(bench, "dave", placed[-1])
        mark = chance.choice([None, *range(85, 116)])
        bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=None if mark is None else mark * 10_000))
        assert violations(bench.desk.exchange) == []
        bench.simulation.receive_ping(socket.connection)
        for message in socket.messages():
            stream, data = message["stream"], message["data"]
            if stream == "order":
                statuses.add(data["status"])
                data = {**data, "positionId": 0}  # the table has the number alone
            assert deviations({"stream": stream, "data": data}, SHAPES[stream]) == []
            told[stream][data.get("orderId") or data.get("id") or data["asset"]] = data
        compare(bench, told)

    assert statuses == {"accepted", "partial-filled", "filled", "partially-cancelled", "cancelled", "rejected"}
    assert len(told["position"]) > 2


def compare(bench: Bench, told: dict[str, dict[str, Any]]) -> None:
    exchange = bench.desk.exchange
    account = exchange.accounts["dave"]
    for code, balance in account.wallets[Wallet.SPOT].items():
        row = told["account"].get(code, {"balance": "3000" if code == "USDT" else "0", "holds": "0"})
        asset = exchange.assets[code]
        assert (row["balance"], row["holds"]) == (amount_text(asset, balance.total), amount_text(asset, balance.held))
    assert exchange.contracts is not None
    held = exchange.contracts.positions.of(account)
    positions = {str(each.position_id): encode_position(each, gen1.SPOKEN) for each in held}
    over = {name: row for name, row in told["position"].items() if name not in positions}
    assert {name: told["position"][name] for name in positions} == positions
    assert all((row["quantity"], row["posMargin"], row["orderMargin"]) == ("0", "0", "0") for row in over.values())
    live = {order.order_id for order in exchange.orders.live_of(account)}
    open_rows = [row for row in told["order"].values() if row["status"] in ("accepted", "partial-filled")]
    assert len(open_rows) == len(live)
    assert sum(Decimal(row["executedQty"]) for row in open_rows) == sum(
        order.filled_qty * order.instrument.qty_scale.increment for order in exchange.orders.live_of(account)
    )
