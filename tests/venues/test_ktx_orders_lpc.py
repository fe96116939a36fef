"""Placing, cancelling and reading orders of perpetual contracts (ktx§7, ktx§11)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ktx_support import START_MS, Bench, Reply, by_id
from mockex.fixtures import load

PERPETUALS = load("ktx", "perpetuals")
PLACED = load("ktx", "rest/place_order")

ORDER: dict[str, object] = {
    "market": "lpc",
    "symbol": "BTC_USDT_SWAP",
    "type": "limit",
    "quantity": "0.1",
    "price": "99990",
    "positionMerge": "long",
    "marginMethod": "isolate",
    "leverage": 10,
    "close": False,
}
UNKNOWN_POSITION = "1125899906842634000"


def place(bench: Bench, *, who: str = "alice", without: str = "", **fields: object) -> Reply:
    """An order that is ORDER but for some fields."""
    body = {name: value for name, value in {**ORDER, **fields}.items() if name != without}
    return bench.order("POST", "/v1/order", body, who=who)


def take(bench: Bench, quantity: str, price: str) -> None:
    """bob trades with what rests at a price, against a position of his own."""
    merge = "short" if quantity.startswith("-") else "long"
    assert place(bench, who="bob", quantity=quantity, price=price, positionMerge=merge).data["status"] == "filled"


def hold(bench: Bench, merge: str, quantity: str = "0.1", price: str = "99990", **fields: object) -> str:
    """The id of a position of alice, just opened."""
    order = place(bench, positionMerge=merge, quantity=quantity, price=price, **fields).data
    take(bench, quantity[1:] if quantity.startswith("-") else f"-{quantity}", price)
    return str(order["positionId"])


def test_the_order_that_is_told_is_the_one_of_the_specification() -> None:
    """But for the position's number, which is the third there and the first here."""
    (told,) = [response["body"] for response in PLACED["responses"] if response["provenance"] == "inferred"]
    bench = Bench(start_ms=int(told["createTime"]))

    order = place(bench, client_order_id=told["clientOrderId"]).data

    assert order == {**told, "positionId": "1125899906842624001"}
    assert bench.read("/v1/order", f"id={told['orderId']}").data == order


@pytest.mark.parametrize("vector", **by_id(PERPETUALS["actions"]))
def test_merging_closing_and_the_sign_say_what_an_order_does(vector: dict[str, Any]) -> None:
    bench = Bench()
    merge, quantity = vector["positionMerge"], vector["quantity"]
    fields: dict[str, object] = {}
    if vector["close"]:
        held = {"long": "0.1", "short": "-0.1"}.get(merge, quantity[1:] if quantity.startswith("-") else f"-{quantity}")
        fields["positionId"] = hold(bench, merge, held)
    order = place(bench, quantity=quantity, price="99000", positionMerge=merge, close=vector["close"], **fields)

    if vector["error"] is not None:
        assert order.state == vector["error"]
    else:
        row = order.data
        assert (row["action"], row["close"], row["positionMerge"]) == (vector["action"], vector["close"], merge)
        assert row["leverage"] == 10


def test_a_split_position_is_closed_by_the_opposite_sign_alone() -> None:
    bench = Bench()
    position_id = hold(bench, "none")

    assert place(bench, positionMerge="none", close=True, positionId=position_id).state == -22002
    closed = place(bench, positionMerge="none", close=True, positionId=position_id, quantity="-0.1").data
    assert (closed["action"], closed["positionId"]) == ("reduce_long", position_id)


def test_each_opening_order_of_a_split_one_has_a_position_of_its_own() -> None:
    bench = Bench()

    assert [place(bench, positionMerge="none").data["positionId"] for _ in range(2)] == [
        "1125899906842624001",
        "1125899906842624002",
    ]


# --- refusals


@pytest.mark.parametrize("name", ["positionMerge", "marginMethod", "leverage", "close"])
def test_what_contracts_need_may_not_be_missing(name: str) -> None:
    bench = Bench()
    (vector,) = [each for each in PERPETUALS["refused"] if each["id"].endswith("lpc-fields")]

    missing = place(bench, without=name)
    assert (missing.state, missing.body["msg"]) == (vector["error"], f"missing_parameter: {name}")
    assert place(bench, **{name: ""}).state == -21002


def test_spot_orders_need_nothing_of_it_and_do_not_look_at_it() -> None:
    fields = {"market": "spot", "symbol": "BTC_USDT", "positionMerge": "up", "leverage": -1}
    order = place(Bench(), without="close", **fields).data

    assert {name: order[name] for name in ("positionMerge", "positionId", "close", "leverage", "action")} == {
        "positionMerge": "none",
        "positionId": 0,
        "close": False,
        "leverage": 0,
        "action": "unknown",
    }


def refusal(name: str) -> int:
    (vector,) = [each for each in PERPETUALS["refused"] if each["id"] == f"perpetuals.refused.{name}"]
    return int(vector["error"])


def test_a_split_position_is_not_closed_without_its_id() -> None:
    bench = Bench()

    assert place(bench, positionMerge="none", close=True, quantity="-0.1").state == refusal("position-id")
    assert place(bench, positionMerge="none", close=True, quantity="-0.1", positionId=0).state == refusal("position-id")


@pytest.mark.parametrize("merge", ["none", "long"])
def test_the_position_named_must_be_there(merge: str) -> None:
    bench = Bench()
    hold(bench, "long")

    reply = place(bench, positionMerge=merge, close=True, quantity="-0.1", positionId=UNKNOWN_POSITION)
    assert reply.state == refusal("unknown-position")


def test_nobody_closes_the_position_of_another() -> None:
    bench = Bench()
    position_id = hold(bench, "none")

    reply = place(bench, who="bob", positionMerge="none", close=True, quantity="-0.1", positionId=position_id)
    assert reply.state == -30001


def test_no_more_is_closed_than_no_other_order_closes() -> None:
    bench = Bench()
    position_id = hold(bench, "long")
    assert place(bench, close=True, quantity="-0.11").state == refusal("closable")
    place(bench, close=True, quantity="-0.06", price="100100")

    assert place(bench, close=True, quantity="-0.05").state == refusal("closable")
    order = place(bench, close=True, quantity="-0.04", price="100100", positionId=position_id).data
    assert order["status"] == "accepted"
    assert place(bench, positionMerge="short", close=True, quantity="0.1").state == refusal("closable")


@pytest.mark.parametrize("fields", [{"leverage": 20}, {"marginMethod": "cross"}], ids=json.dumps)
def test_a_merged_position_keeps_its_leverage_and_its_margin_method(fields: dict[str, object]) -> None:
    bench = Bench()
    hold(bench, "long")

    assert place(bench, **fields).state == refusal("other-leverage")


@pytest.mark.parametrize("fields", [{"leverage": 20}, {"marginMethod": "cross"}], ids=json.dumps)
def test_a_merged_position_of_resting_orders_alone_keeps_its_terms_until_they_are_gone(fields: dict[str, object]) -> None:
    bench = Bench()
    resting = place(bench).data["orderId"]

    assert place(bench, **fields).state == refusal("other-leverage")
    assert bench.order("DELETE", "/v1/order", {"id": resting}).data == [1]
    assert place(bench, **fields).data["status"] == "accepted"


def test_whoever_closes_need_not_know_the_leverage_but_the_margin_method() -> None:
    bench = Bench()
    hold(bench, "long")

    assert place(bench, close=True, quantity="-0.05", marginMethod="cross", price="100100").state == refusal("other-leverage")
    order = place(bench, close=True, quantity="-0.05", leverage=20, price="100100").data
    assert (order["status"], order["leverage"]) == ("accepted", 10)


@pytest.mark.parametrize("leverage", [0, -1, 101, "10.5", 10.5, "ten", True], ids=repr)
def test_leverage_is_a_whole_number_that_the_tier_allows(leverage: object) -> None:
    assert place(Bench(), leverage=leverage).state == refusal("leverage")


def test_a_greater_value_allows_less_leverage() -> None:
    bench = Bench()

    assert place(bench, quantity="10", price="100000", leverage=100, positionMerge="none").data["leverage"] == 100
    assert place(bench, quantity="10", price="100000.1", leverage=100, positionMerge="none").state == -21003
    assert place(bench, quantity="10", price="100000.1", leverage=67, positionMerge="none").data["leverage"] == 67


@pytest.mark.parametrize(
    "fields",
    [{"positionMerge": "both"}, {"marginMethod": "isolated"}, {"close": "false"}, {"close": 0}, {"positionId": "first"}],
    ids=json.dumps,
)
def test_a_word_that_contracts_do_not_have_is_invalid(fields: dict[str, object]) -> None:
    assert place(Bench(), **fields).state == -21003


def test_a_split_order_that_opens_has_no_position_to_name() -> None:
    assert place(Bench(), positionMerge="none", positionId=UNKNOWN_POSITION).state == -21003


def test_margin_and_fee_must_be_free() -> None:
    bench = Bench()
    bench.open("carol", USDT="1009.8989")
    assert place(bench, who="carol").state == refusal("margin")
    assert place(bench, who="carol", price="99989.9").data["status"] == "accepted"


def test_the_product_must_be_of_that_market() -> None:
    assert place(Bench(), symbol="BTC_USDT").state == -22003


# --- what comes of them


def test_closing_tells_the_profit_without_the_fee() -> None:
    """A short from 94000 closed at 1000000, the published fill."""
    vector = PERPETUALS["profits"][0]
    (published,) = load("ktx", "rest/fills")["responses"]
    bench = Bench()
    hold(bench, "short", f"-{vector['quantity']}", vector["entryPrice"])
    place(bench, who="bob", positionMerge="short", quantity=f"-{vector['quantity']}", price=vector["price"])

    fields = {"positionMerge": "short", "close": True, "quantity": vector["quantity"]}
    order = place(bench, type="market", without="price", **fields).data

    assert (order["status"], order["profit"], order["executedCost"]) == ("filled", vector["profit"], "10000")
    assert order["fees"] == [{"amount": vector["fee"], "asset": "USDT", "value": vector["fee"]}]
    assert order["fills"][0]["profit"] == vector["profit"]
    (fill,) = bench.read("/v1/fills", f"market=lpc&order_id={order['orderId']}").data
    (told,) = published["body"]
    changed = {"orderId": order["orderId"], "time": str(START_MS), "tradeId": 2}
    assert fill == {**told, **changed}


def test_a_market_order_opens_with_what_the_book_has() -> None:
    bench = Bench()
    place(bench, who="bob", positionMerge="short", quantity="-0.1")
    order = place(bench, type="market", quantity="0.3").data

    assert (order["status"], order["executedQty"], order["price"]) == ("partially-cancelled", "0.1", "0")


def test_a_market_order_without_a_book_is_rejected_and_leaves_no_position() -> None:
    bench = Bench()

    assert place(bench, type="market").data["status"] == "rejected"
    assert bench.read("/v1/positions").data == []


def test_an_order_that_may_not_take_is_refused_kept_and_leaves_no_position() -> None:
    bench = Bench()
    place(bench, who="bob", positionMerge="short", quantity="-0.1")

    assert place(bench, post_only=True).state == -22002
    (kept,) = bench.read("/v1/orders", "status=settled&symbol=BTC_USDT_SWAP").data
    assert (kept["status"], kept["action"]) == ("rejected", "increase_long")
    assert bench.read("/v1/positions").data == []


def test_orders_of_contracts_are_listed_and_cancelled_with_their_market() -> None:
    bench = Bench()
    order_id = place(bench, client_order_id="1").data["orderId"]
    place(bench, price="99000")
    place(bench, positionMerge="short", quantity="-0.1", price="101000")

    assert len(bench.read("/v1/orders", "market=lpc").data) == 3
    assert bench.read("/v1/orders", "market=spot").data == []
    assert bench.order("DELETE", "/v1/order", {"id": "c:1", "market": "spot"}).state == -30001
    assert bench.order("DELETE", "/v1/order", {"id": order_id, "market": "lpc"}).data == [1]
    assert bench.order("DELETE", "/v1/orders", {"symbol": "BTC_USDT_SWAP", "side": "buy"}).data == [1]
    assert bench.order("DELETE", "/v1/orders", {"symbol": "BTC_USDT_SWAP"}).data == [1]
    (holds,) = [row["holds"] for row in bench.read("/v1/accounts", "asset=USDT").data]
    assert holds == 0


def test_own_ids_are_shared_by_both_markets() -> None:
    bench = Bench()
    place(bench, client_order_id="1")

    assert place(bench, market="spot", symbol="BTC_USDT", client_order_id="1").state == -30002
