"""What becomes of conditional orders: triggers, failures, cancels, pushes, and how they are read (htx§3.4, htx§6)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from htx_account_client import AccountSocket
from htx_algo_rig import MARKET_BUY, MARKET_SELL, PATH, fields, held, live, placed, row, trade_at
from htx_support import SECOND, START_MS, Bench, make_listing
from mockex.fixtures import load

from mockex.core.commands import CancelOrder
from mockex.core.fees import FeeSchedule
from mockex.core.markets import MarketPhase
from mockex.core.units import Wallet
from mockex.operator import conditionals


@pytest.fixture
def bench() -> Bench:
    """The last price of btcusdt is 100, and its book is empty."""
    bench = Bench(make_listing())
    bench.trade("100")
    return bench


# --- triggers


@pytest.mark.parametrize(
    ("side", "stop_price", "prices", "expected"),
    [
        ("buy", "105", ["104.99", "96"], "created"),
        ("buy", "105", ["106"], "triggered"),
        ("sell", "105", ["105"], "triggered"),
        ("sell", "95", ["95.01", "104"], "created"),
        ("sell", "95", ["94"], "triggered"),
        ("buy", "95", ["95"], "triggered"),
    ],
)
def test_the_price_must_come_to_the_stop_price_from_where_it_was(
    bench: Bench, side: str, stop_price: str, prices: list[str], expected: str
) -> None:
    placed(bench, orderSide=side, stopPrice=stop_price, orderPrice="95" if side == "buy" else "105")
    trade_at(bench, *prices)
    assert row(bench)["orderStatus"] == expected


@pytest.mark.parametrize(("side", "price"), [("buy", "106"), ("sell", "104")])
def test_before_the_first_trade_a_buy_waits_for_a_rise_and_a_sale_for_a_fall(side: str, price: str) -> None:
    bench = Bench(make_listing())
    placed(bench, orderSide=side, orderPrice="105")
    trade_at(bench, "105.5" if side == "sell" else "104.5")
    assert row(bench)["orderStatus"] == "created"
    trade_at(bench, price)
    assert row(bench)["orderStatus"] == "triggered"


def test_a_triggered_order_is_an_order_of_its_client_id(bench: Bench) -> None:
    placed(bench)
    bench.clock.advance(SECOND)
    trade_at(bench, "105")

    (order,) = live(bench)
    assert row(bench) == {
        "accountId": bench.desk.state.identities.account_number("alice"), "symbol": "btcusdt", "source": "api",
        "clientOrderId": "a001", "orderSide": "buy", "orderType": "limit", "timeInForce": "gtc", "stopPrice": "105",
        "orderPrice": "104", "orderSize": "1", "orderStatus": "triggered", "orderOrigTime": START_MS,
        "lastActTime": START_MS + 1_000, "orderId": order.order_id, "orderCreateTime": START_MS + 1_000,
    }  # fmt: skip
    detail = bench.read("/v1/order/orders/getClientOrder", {"clientOrderId": "a001"}).body["data"]
    assert (detail["id"], detail["state"], detail["type"]) == (order.order_id, "submitted", "buy-limit")
    assert held(bench) == 104 * 10**18


@pytest.mark.parametrize(
    ("force", "left", "order_type"),
    [("gtc", 1, "buy-limit"), ("boc", 1, "buy-limit-maker"), ("ioc", 0, "buy-ioc"), ("fok", 0, "buy-limit-fok")],
)
def test_a_limit_order_stands_as_its_time_in_force_says(bench: Bench, force: str, left: int, order_type: str) -> None:
    placed(bench, timeInForce=force)
    trade_at(bench, "105")
    assert len(live(bench)) == left
    assert row(bench)["timeInForce"] == force
    detail = bench.read("/v1/order/orders/getClientOrder", {"clientOrderId": "a001"}).body["data"]
    assert detail["type"] == order_type


@pytest.mark.parametrize(
    ("changes", "asset", "bought"), [(MARKET_BUY, "BTC", 50 * 10**18 // 106), (MARKET_SELL, "USDT", 104 * 10**18)]
)
def test_a_market_order_trades_at_once(bench: Bench, changes: dict[str, object], asset: str, bought: int) -> None:
    bench.desk.account("alice").fees = FeeSchedule(
        maker_rate=0, taker_rate=0, rounding=bench.desk.account("alice").fees.rounding, decimals=18
    )
    placed(bench, **changes)
    before = bench.desk.account("alice").balance(Wallet.SPOT, asset).total
    bench.rest("sell", "106", "5")
    bench.rest("buy", "104", "5")
    bench.rest("sell", "105", "1")
    bench.rest("buy", "105", "1")

    gained = bench.desk.account("alice").balance(Wallet.SPOT, asset).total - before

    assert row(bench)["orderStatus"] == "triggered"
    assert abs(gained - bought) < 10**3, "to the last lot"
    assert row(bench)["timeInForce"] == "ioc"


def test_a_trailing_sale_goes_once_the_price_has_come_back_from_its_height(bench: Bench) -> None:
    placed(bench, **MARKET_SELL, trailingRate="0.05")
    trade_at(bench, "104", "96", "105", "115", "109.26")
    assert (row(bench)["orderStatus"], row(bench)["trailingRate"]) == ("created", "0.05")

    trade_at(bench, "109.25")
    assert row(bench)["orderStatus"] == "triggered"


def test_a_trailing_buy_whose_price_has_been_reached_begins_at_once(bench: Bench) -> None:
    placed(bench, **MARKET_BUY, trailingRate="0.01")
    trade_at(bench, "100.99")
    assert row(bench)["orderStatus"] == "created"
    trade_at(bench, "101")
    assert row(bench)["orderStatus"] == "triggered"


def test_of_several_the_one_that_came_first_goes_first_after_the_stop_orders(bench: Bench) -> None:
    for name in ("z", "a"):
        placed(bench, clientOrderId=name)
    bench.place_id("buy-stop-limit", "1", "104", stop_price="105", operator="gte", client_order_id="stop")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    trade_at(bench, "105")
    assert [push["clientOrderId"] for push in socket.pushes()] == ["stop", "z", "a"]


# --- triggers that fail


def test_without_the_money_a_trigger_fails_and_says_so(bench: Bench) -> None:
    placed(bench, orderSize="100000000000")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.clock.advance(SECOND)
    trade_at(bench, "105")

    found = row(bench)
    assert (found["orderStatus"], found["errCode"], found["errMessage"]) == ("rejected", 2002, "insufficient.balance (NT)")
    assert "orderId" not in found
    (push,) = socket.messages()
    assert push["data"] == {
        "eventType": "trigger", "symbol": "btcusdt", "clientOrderId": "a001", "orderSide": "buy", "orderStatus": "rejected",
        "lastActTime": START_MS + 1_000, "errCode": 2002, "errMessage": "insufficient.balance (NT)",
    }  # fmt: skip
    assert held(bench) == 0


def test_an_open_order_of_the_same_client_id_makes_it_fail_as_in_the_example(bench: Bench) -> None:
    (example,) = (frame["frame"]["data"] for frame in load("htx", "ws/orders")["frames"] if frame["shows"] == "trigger")
    placed(bench, clientOrderId="abc123")
    bench.place_id("buy-limit", "1", "90", client_order_id="abc123")
    socket = AccountSocket.of(bench, "alice", "orders#btcusdt")
    trade_at(bench, "105")
    (push,) = socket.pushes()
    assert push == example | {"lastActTime": START_MS, "symbol": "btcusdt"}


def test_what_is_refused_by_then_is_told_in_the_words_of_a_refusal(bench: Bench) -> None:
    placed(bench, **MARKET_SELL)
    bench.set_phase(MarketPhase.CALL_AUCTION)
    trade_at(bench, "105")
    found = row(bench)
    assert (found["orderStatus"], found["errCode"]) == ("rejected", 3100)
    assert found["errMessage"] == "market orders are not supported during limit price trading"


# --- pushes


def test_a_triggered_order_is_told_of_as_an_order_and_nothing_before(bench: Bench) -> None:
    socket = AccountSocket.of(bench, "alice", "orders#*", "accounts.update#2")
    placed(bench)
    assert socket.messages() == []
    trade_at(bench, "105")
    assert [(message["ch"], message["data"].get("eventType")) for message in socket.messages()] == [
        ("orders#*", "creation"), ("accounts.update#2", None),
    ]  # fmt: skip


def test_a_cancelled_one_is_told_as_in_the_example(bench: Bench) -> None:
    (example,) = (frame["frame"]["data"] for frame in load("htx", "ws/orders")["frames"] if frame["shows"] == "deletion")
    placed(bench, clientOrderId="abc123")
    socket = AccountSocket.of(bench, "alice", "orders#btcusdt", "trade.clearing#*#1")
    bench.write(f"{PATH}/cancellation", {"clientOrderIds": ["abc123"]})
    (push,) = socket.pushes()
    assert push == example | {"lastActTime": START_MS, "symbol": "btcusdt"}


# --- cancelling


def cancelled(bench: Bench, *names: str, who: str = "alice") -> tuple[list[str], list[str]]:
    reply = bench.write(f"{PATH}/cancellation", {"clientOrderIds": list(names)}, who=who)
    assert deviations(reply.body, _cancel_fields()) == []
    return reply.body["data"]["accepted"], reply.body["data"]["rejected"]


def _cancel_fields() -> list[dict[str, Any]]:
    return [*fields("algo_cancel"), {"path": "data.rejected[]", "type": "string", "presence": "always"}]


def test_one_that_an_operator_cancels_is_told_of_too(bench: Bench) -> None:
    socket = AccountSocket.of(bench, "alice", "orders#btcusdt")
    placed(bench)
    (seen,) = conditionals.list_conditionals(bench.simulation)

    assert conditionals.cancel(bench.simulation, seen["conditional_id"])["status"] == "cancelled"
    (push,) = socket.pushes()
    assert (push["eventType"], push["clientOrderId"], push["orderStatus"]) == ("deletion", "a001", "canceled")
    assert row(bench)["orderStatus"] == "canceled"


def test_those_that_wait_are_cancelled_and_others_are_named(bench: Bench) -> None:
    for name, stop_price in (("a", "105"), ("b", "110"), ("c", "120")):
        placed(bench, clientOrderId=name, stopPrice=stop_price)
    placed(bench, "bob", clientOrderId="bobs")
    trade_at(bench, "105")

    assert cancelled(bench, "b", "a", "nobody", "bobs", "b") == (["b"], ["a", "nobody", "bobs", "b"])
    trade_at(bench, "115", "120")
    assert [row(bench, name)["orderStatus"] for name in ("a", "b", "c")] == ["triggered", "canceled", "triggered"]


@pytest.mark.parametrize(
    ("ids", "error"),
    [
        (None, ("2003", 'missing mandatory field "clientOrderIds"')),
        ([], ("2002", 'invalid field value in "clientOrderIds"')),
        ("a", ("2002", 'invalid field value in "clientOrderIds"')),
        ([1], ("2002", 'invalid field value in "clientOrderIds"')),
        (["a", None], ("2002", 'invalid field value in "clientOrderIds"')),
        (["a"] * 51, ("2002", 'invalid field value in "clientOrderIds"')),
    ],
)
def test_a_list_of_ids_that_is_none_cancels_nothing(bench: Bench, ids: object, error: tuple[str, str]) -> None:
    placed(bench, clientOrderId="a")
    assert bench.write(f"{PATH}/cancellation", {"clientOrderIds": ids}).error[1:] == error
    assert row(bench, "a")["orderStatus"] == "created"


def test_50_are_cancelled_at_once(bench: Bench) -> None:
    names = [placed(bench, clientOrderId=f"n{index}") for index in range(50)]
    assert cancelled(bench, *names) == (names, [])


# --- reading


EXTRAS = (
    "orderValue:string",
    "trailingRate:string",
    "orderId:integer",
    "orderCreateTime:integer",
    "errCode:integer",
    "errMessage:string",
)


@pytest.mark.parametrize(
    ("name", "path", "where"), [("algo_opening", "opening", "data[]."), ("algo_order", "specific", "data.")]
)
@pytest.mark.parametrize("changes", [{}, MARKET_BUY, MARKET_SELL, {"trailingRate": "0.01"}], ids=str)
def test_a_row_has_the_shape_of_the_example(bench: Bench, name: str, path: str, where: str, changes: dict[str, object]) -> None:
    placed(bench, **changes)
    reply = bench.read(f"{PATH}/{path}", {"clientOrderId": "a001"})
    rows = fields(name, *(f"{where}:{extra}" for extra in EXTRAS))
    loose = [each | {"presence": "optional"} if each["path"].endswith(("orderPrice", "orderSize")) else each for each in rows]
    assert deviations(reply.body, loose) == []


def listed(bench: Bench, path: str = "opening", **params: str) -> list[str]:
    reply = bench.read(f"{PATH}/{path}", params)
    assert reply.body["code"] == 200, reply.body
    return [found["clientOrderId"] for found in reply.body["data"]]


def test_opening_lists_what_waits_newest_first_by_any_filter() -> None:
    bench = Bench(make_listing(), make_listing("ETH"))
    for name, changes in {
        "a": {}, "b": {"symbol": "ethusdt"}, "c": MARKET_SELL, "d": {"orderSide": "sell"}, "gone": {},
    }.items():  # fmt: skip
        placed(bench, clientOrderId=name, **changes)
    cancelled(bench, "gone")
    account = str(bench.desk.state.identities.account_number("alice"))

    assert listed(bench) == ["d", "c", "b", "a"]
    assert listed(bench, sort="asc") == ["a", "b", "c", "d"]
    assert listed(bench, symbol="btcusdt", accountId=account) == ["d", "c", "a"]
    assert listed(bench, orderSide="sell") == ["d", "c"]
    assert listed(bench, orderType="market") == ["c"]
    assert bench.read(f"{PATH}/opening", who="bob").body["data"] == []


@pytest.mark.parametrize("sort", ["asc", "desc"])
def test_pages_follow_each_other_by_the_next_id(bench: Bench, sort: str) -> None:
    names = [placed(bench, clientOrderId=f"n{index}") for index in range(7)]
    if sort == "desc":
        names.reverse()
    found: list[str] = []
    params = {"limit": "3", "sort": sort}
    for _ in range(3):
        body = bench.read(f"{PATH}/opening", params).body
        found += [each["clientOrderId"] for each in body["data"]]
        if "nextId" in body:
            params["fromId"] = str(body["nextId"])
    assert found == names
    assert "nextId" not in body


def test_history_lists_each_end_apart(bench: Bench) -> None:
    for name, changes in {
        "done": {"stopPrice": "105"}, "poor": {"stopPrice": "105", "orderSize": "100000000000"}, "gone": {"stopPrice": "300"},
        "waiting": {"stopPrice": "300"},
    }.items():  # fmt: skip
        bench.clock.advance(SECOND)
        placed(bench, clientOrderId=name, **changes)
    cancelled(bench, "gone")
    trade_at(bench, "105")

    for status, name in (("triggered", "done"), ("rejected", "poor"), ("canceled", "gone")):
        assert listed(bench, "history", symbol="btcusdt", orderStatus=status) == [name]
        (found,) = bench.read(f"{PATH}/history", {"symbol": "btcusdt", "orderStatus": status}).body["data"]
        assert found["orderStatus"] == status
    assert listed(bench, "history", symbol="ethusdt", orderStatus="canceled") == []
    second = {"symbol": "btcusdt", "orderStatus": "canceled"}
    at = START_MS + 3_000
    assert listed(bench, "history", **second, startTime=str(at), endTime=str(at)) == ["gone"]
    assert listed(bench, "history", **second, startTime=str(at + 1)) == []
    assert listed(bench, "history", **second, endTime=str(at - 1)) == []


@pytest.mark.parametrize(
    ("path", "params", "error"),
    [
        ("history", {"orderStatus": "canceled"}, ("2003", 'missing mandatory field "symbol"')),
        ("history", {"symbol": "btcusdt"}, ("2003", 'missing mandatory field "orderStatus"')),
        ("history", {"symbol": "btcusdt", "orderStatus": "created"}, ("2002", 'invalid field value in "orderStatus"')),
        ("history", {"symbol": "btcusdt", "orderStatus": "canceled", "startTime": "2", "endTime": "1"},
         ("2002", 'invalid field value in "startTime"')),
        ("history", {"symbol": "btcusdt", "orderStatus": "canceled", "endTime": "x"},
         ("2002", 'invalid field value in "endTime"')),
        ("history", {"symbol": "nothing", "orderStatus": "canceled"}, ("2002", 'invalid field value in "symbol"')),
        ("opening", {"symbol": "nothing"}, ("2002", 'invalid field value in "symbol"')),
        ("opening", {"orderSide": "both"}, ("2002", 'invalid field value in "orderSide"')),
        ("opening", {"orderType": "ioc"}, ("2002", 'invalid field value in "orderType"')),
        ("opening", {"sort": "up"}, ("2002", 'invalid field value in "sort"')),
        ("opening", {"limit": "0"}, ("2002", 'invalid field value in "limit"')),
        ("opening", {"limit": "501"}, ("2002", 'invalid field value in "limit"')),
        ("opening", {"fromId": "-1"}, ("2002", 'invalid field value in "fromId"')),
        ("opening", {"accountId": "1"}, ("1002", "forbidden")),
        ("specific", {}, ("2003", 'missing mandatory field "clientOrderId"')),
        ("specific", {"clientOrderId": "nobody"}, ("1007", "no record")),
    ],
    ids=str,
)  # fmt: skip
def test_a_question_that_cannot_be_answered_says_why(
    bench: Bench, path: str, params: dict[str, str], error: tuple[str, str]
) -> None:
    assert bench.read(f"{PATH}/{path}", params).error[1:] == error


def test_nobody_sees_another_customers(bench: Bench) -> None:
    placed(bench)
    assert bench.read(f"{PATH}/specific", {"clientOrderId": "a001"}, who="bob").error[1] == "1007"


def test_of_two_of_a_name_the_newest_is_shown(bench: Bench) -> None:
    placed(bench)
    cancelled(bench, "a001")
    placed(bench, stopPrice="120")
    assert (row(bench)["orderStatus"], row(bench)["stopPrice"]) == ("created", "120")


def test_an_order_that_was_triggered_is_cancelled_like_any_other(bench: Bench) -> None:
    placed(bench)
    trade_at(bench, "105")
    (order,) = live(bench)
    bench.desk.execute(CancelOrder(account_id="alice", order_id=order.order_id))
    assert row(bench)["orderStatus"] == "triggered"
