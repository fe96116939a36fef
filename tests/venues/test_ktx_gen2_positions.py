"""Positions of KTX's second generation: as they are told, with their leverage changed, and with margin added and taken away."""

from __future__ import annotations

from typing import Any

import pytest
from ktx_gen2_support import PERPETUAL, Bench2, unwrapped
from ktx_user_client import UserSocket
from ktx_user_client import order as placed
from mockex.fixtures import load

from mockex.core.commands import SetMarkPrice

FIXTURE = load("ktx", "gen2")
FIELDS = next({field["path"] for field in shape["fields"]} for shape in FIXTURE["objects"] if shape["of"] == "position")
PRINTED = next(row["body"][0] for row in FIXTURE["responses"] if row["path"] == "/v1/positions")
SAMPLES = {row["path"]: row["body"] for row in FIXTURE["requests"]}


@pytest.fixture
def bench() -> Bench2:
    return Bench2()


def position(bench: Bench2) -> dict[str, Any]:
    (row,) = unwrapped(bench.read("/v1/positions", "market=lpc"))
    return dict(row)


def test_the_published_short_is_told_as_it_was_printed(bench: Bench2) -> None:
    placed(bench, "bob", "buy", "0.1", "109398.9")
    unwrapped(bench.place_contract(side="sell", price="109398.9", positionMerge="short", marginMethod="cross"))

    row = position(bench)

    assert set(row) == FIELDS
    numbers = {"entryPrice", "quantity", "posMargin", "closableQty", "initMargin", "maintMargin", "orderMargin"}
    assert {name: float(row[name]) for name in numbers} == {name: float(PRINTED[name]) for name in numbers}
    words = FIELDS - numbers - {"id"}
    assert {name: row[name] for name in words} == {name: PRINTED[name] for name in words}


def test_what_closing_orders_want_is_no_longer_closable(bench: Bench2) -> None:
    bench.hold_long()
    unwrapped(bench.place_contract(side="sell", close=True, quantity="0.04", price="110000"))

    assert (position(bench)["quantity"], position(bench)["closableQty"]) == ("0.1", "0.06")


def test_a_push_has_the_same_fields_as_the_list(bench: Bench2) -> None:
    socket = UserSocket.of(bench)
    bench.hold_long()

    assert socket.rows("position")[-1] == position(bench)


@pytest.mark.parametrize(("leverage", "margin", "rate"), [(20, "500", "0.05"), (5, "2000", "0.2"), (100, "100", "0.01")])
def test_a_changed_leverage_asks_for_its_own_margin(bench: Bench2, leverage: int, margin: str, rate: str) -> None:
    body = {**SAMPLES["/v1/change/leverage"], "positionId": bench.hold_long(), "leverage": leverage}

    assert unwrapped(bench.post("/v1/change/leverage", **body)) == {}

    row = position(bench)
    assert (row["leverage"], row["posMargin"], row["initMargin"]) == (f"{leverage}.0", margin, rate)
    (account,) = unwrapped(bench.read("/v1/trade/accounts", "asset=USDT"))
    assert account["locked"] == margin


def test_a_position_that_is_only_an_order_yet_changes_its_leverage(bench: Bench2) -> None:
    order = unwrapped(bench.place_contract(price="90000"))

    assert unwrapped(bench.post("/v1/change/leverage", positionId=order["positionId"], leverage=3)) == {}
    assert position(bench)["orderMargin"] == "3009"
    assert unwrapped(bench.read("/v1/order", f"id={order['orderId']}"))["leverage"] == 3


def test_an_order_that_has_ended_keeps_the_leverage_that_it_had(bench: Bench2) -> None:
    bench.post("/v1/change/leverage", positionId=bench.hold_long(), leverage=20)

    (order,) = unwrapped(bench.read("/v1/history/orders", f"market=lpc&symbol={PERPETUAL}"))
    assert order["leverage"] == 10


def test_margin_is_added_and_what_was_added_taken_away(bench: Bench2) -> None:
    position_id, sample = bench.hold_long(), SAMPLES["/v1/margin/transfer"]

    assert unwrapped(bench.post("/v1/margin/transfer", **{**sample, "positionId": position_id})) == {}
    assert position(bench)["posMargin"] == "1012"
    assert unwrapped(bench.post("/v1/margin/transfer", positionId=position_id, type=2, amount="12")) == {}
    assert position(bench)["posMargin"] == "1000"
    assert bench.post("/v1/margin/transfer", positionId=position_id, type=2, amount="0.0001").state == -21411


def test_added_margin_keeps_a_position_that_would_be_liquidated(bench: Bench2) -> None:
    position_id = bench.hold_long()
    bench.post("/v1/margin/transfer", positionId=position_id, type=1, amount="1000")
    bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=900_000_000))

    assert position(bench)["posMargin"] == "2000"
    assert bench.post("/v1/margin/transfer", positionId=position_id, type=2, amount="1000").state == -21411
    assert bench.post("/v1/change/leverage", positionId=position_id, leverage=50).state == -21411


def test_a_cross_position_has_no_margin_to_move(bench: Bench2) -> None:
    position_id = bench.hold_long(marginMethod="cross")

    assert bench.post("/v1/margin/transfer", positionId=position_id, type=1, amount=1).state == -21118


def test_nobody_changes_the_position_of_another(bench: Bench2) -> None:
    position_id = bench.hold_long()

    assert bench.post("/v1/change/leverage", who="bob", positionId=position_id, leverage=2).state == -21115
    assert bench.post("/v1/margin/transfer", who="bob", positionId=position_id, type=1, amount=1).state == -21115
    assert bench.post("/v1/change/leverage", who="viewer", positionId=position_id, leverage=2).state == -11002


def test_both_changes_are_pushed_without_an_order(bench: Bench2) -> None:
    position_id = bench.hold_long()
    socket = UserSocket.of(bench)
    bench.post("/v1/change/leverage", positionId=position_id, leverage=20)
    bench.post("/v1/margin/transfer", positionId=position_id, type=1, amount=5)

    assert [(name, data.get("posMargin") or data["locked"]) for name, data in socket.said()] == [
        ("position", "500"),
        ("account", "500"),
        ("position", "505"),
        ("account", "505"),
    ]
