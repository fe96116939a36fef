"""What the account socket tells of orders and fills: every event, in order, with the state that it left behind (htx§6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_account_client import AccountSocket
from htx_support import MS, SECOND, START_MS, Bench, make_listing
from mockex.fixtures import load

from mockex.core.commands import CancelOrder
from mockex.core.orders import CancelReason
from mockex.venues.htx.policy import POLICY

ORDERS, CLEARING = load("htx", "ws/orders"), load("htx", "ws/trade_clearing")
WORDS = load("htx", "states")

ALWAYS = {"action", "ch"}
# Fields that tables list as optional, or that only some events have, by event.
OPTIONAL = {"orderPrice", "orderSize", "orderValue", "accountId", "totalTradeAmount", "canceledSource", "canceledSourceDesc"}


def order_shape(push: dict[str, Any]) -> list[str]:
    """Deviations from the table of `orders#`, cut to the fields of the event."""
    event = push["data"]["eventType"]
    wanted = {f"data.{name}" for name in (*ORDERS["events"][event], "eventType")} | ALWAYS
    rows = []
    for row in ORDERS["fields"]:
        name = row["path"].removeprefix("data.")
        if row["path"] in wanted or name in OPTIONAL:
            rows.append(row | {"presence": "optional" if name in OPTIONAL else "always"})
    return deviations(push, rows)


def number(text: str) -> Decimal:
    assert isinstance(text, str)
    return Decimal(text)


def events(pushes: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(push["eventType"], push["orderStatus"]) for push in pushes]


def amounts(push: dict[str, Any], *names: str) -> list[Decimal]:
    return [number(push[name]) for name in names]


def new_bench(**how: Any) -> Bench:
    return Bench(make_listing(), **how)


# --- the document's examples


def test_a_new_order_is_told_as_in_the_example() -> None:
    """Placed with the example's terms; ids and time are the venue's own."""
    (example,) = (frame["frame"] for frame in ORDERS["frames"] if frame["shows"] == "creation")
    printed = example["data"]
    bench = Bench()
    socket = AccountSocket.of(bench, "alice", "orders#ethbtc")
    order_id = bench.place_id("sell-limit", "2", "77", symbol="ethbtc", client_order_id="abc123")

    (push,) = socket.messages()

    own = {
        "orderId": order_id,
        "accountId": bench.desk.state.identities.account_number("alice"),
        "orderCreateTime": START_MS,
    }
    assert push == example | {"data": printed | own}


def test_every_event_has_the_fields_of_its_table() -> None:
    bench = new_bench()
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.rest("sell", "100", "2")
    bench.order("buy-limit", "3", "101")
    bench.order("buy-market", "200")
    bench.order("sell-ioc", "1", "100.5")
    bench.order("sell-limit-maker", "1", "101")

    pushes = socket.messages()

    assert {push["data"]["eventType"] for push in pushes} == {"creation", "trade", "cancellation"}
    for push in pushes:
        assert order_shape(push) == [], push


def test_a_market_buy_that_is_filled_to_the_dust_is_told_as_in_the_example() -> None:
    """The trade of fixture `rest/orders`: 50 USDT at 0.338 buy 147.928994082840236."""
    (example,) = (frame["frame"]["data"] for frame in ORDERS["frames"] if frame["id"].endswith("frame.6"))
    bench = Bench(make_listing("SHIB", "USDT", price_precision=3, amount_precision=4))
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.rest("sell", "0.338", "1000", symbol="shibusdt")
    bench.order("buy-market", "50", symbol="shibusdt", source="spot-web")

    _, push = socket.pushes()

    assert push.keys() == example.keys()
    same = (
        "tradePrice",
        "tradeVolume",
        "aggressor",
        "remainAmt",
        "execAmt",
        "type",
        "orderSource",
        "orderValue",
        "orderStatus",
    )
    assert {name: push[name] for name in same} == {name: example[name] for name in same}


# --- what happens to an order


def test_an_order_passes_from_creation_over_trades_to_its_end() -> None:
    bench = new_bench()
    socket = AccountSocket.of(bench, "alice", "orders#btcusdt")
    order_id = bench.place_id("buy-limit", "3", "100", client_order_id="mine")
    for size in ("1", "0.5", "1.5"):
        bench.clock.advance(SECOND)
        bench.rest("sell", "99", size)

    created, *trades = socket.pushes()

    assert events([created, *trades]) == [
        ("creation", "submitted"), ("trade", "partial-filled"), ("trade", "partial-filled"), ("trade", "filled"),
    ]  # fmt: skip
    assert {(push["orderId"], push["clientOrderId"], push["type"]) for push in (created, *trades)} == {
        (order_id, "mine", "buy-limit")
    }
    assert [amounts(push, "tradePrice", "tradeVolume", "execAmt", "remainAmt", "totalTradeAmount") for push in trades] == [
        [100, 1, 1, 2, 100],
        [100, Decimal("0.5"), Decimal("1.5"), Decimal("1.5"), 150],
        [100, Decimal("1.5"), 3, 0, 300],
    ]
    assert [push["tradeTime"] for push in trades] == [START_MS + 1_000 * second for second in (1, 2, 3)]
    assert {push["aggressor"] for push in trades} == {False}


def test_a_taker_is_told_of_its_order_before_its_trades_and_one_push_for_each() -> None:
    bench = new_bench()
    for price in ("100", "101", "102"):
        bench.rest("sell", price)
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.order("buy-limit", "4", "102")

    pushes = socket.pushes()

    assert events(pushes) == [("creation", "submitted"), *[("trade", "partial-filled")] * 3]
    assert [push["aggressor"] for push in pushes[1:]] == [True] * 3
    assert [amounts(push, "execAmt", "remainAmt") for push in pushes[1:]] == [[1, 3], [2, 2], [3, 1]], "as each left it"
    assert len({push["tradeId"] for push in pushes[1:]}) == 3


@pytest.mark.parametrize(
    ("order_type", "price", "amount", "end", "source"),
    [
        ("buy-ioc", "100", "3", ("cancellation", "partial-canceled"), "ioc"),
        ("buy-ioc", "99", "3", ("cancellation", "canceled"), "ioc"),
        ("buy-limit-fok", "100", "3", ("cancellation", "canceled"), "fok"),
        ("buy-limit-maker", "100", "3", ("cancellation", "canceled"), "limit_maker"),
        ("sell-market", None, "3", ("cancellation", "canceled"), "market"),
    ],
)
def test_an_order_that_ends_at_once_is_created_and_cancelled_with_its_reason(
    order_type: str, price: str | None, amount: str, end: tuple[str, str], source: str
) -> None:
    bench = new_bench()
    bench.rest("sell", "100", "1")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.order(order_type, amount, price)

    first, *_, last = socket.pushes()

    assert events([first, last]) == [("creation", "submitted"), end]
    assert (last["canceledSource"], last["canceledSourceDesc"]) == (source, source)
    assert source in WORDS["cancelled_by"]["values"]
    done = number(last["execAmt"])
    assert (done, number(last["remainAmt"])) == (1 if end[1].startswith("partial") else 0, 3 - done)


@pytest.mark.parametrize(
    ("reason", "word"),
    [(CancelReason.REQUESTED, "api"), (CancelReason.OPERATOR, "admin"), (CancelReason.TIMEOUT, "timeout-canceled-order")],
)
def test_a_cancelled_order_is_told_with_who_has_cancelled_it(reason: CancelReason, word: str) -> None:
    bench = new_bench()
    order_id = bench.rest("buy", "100", "3", who="alice")
    bench.rest("sell", "100", "1")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.clock.advance(SECOND)
    bench.desk.execute(CancelOrder(account_id="alice", order_id=order_id, reason=reason))

    (push,) = socket.pushes()

    assert events([push]) == [("cancellation", "partial-canceled")]
    assert (push["canceledSource"], push["lastActTime"]) == (word, START_MS + 1_000)
    assert amounts(push, "execAmt", "remainAmt", "totalTradeAmount") == [1, 2, 100]


def test_a_self_match_that_is_prevented_is_a_cancellation() -> None:
    bench = new_bench()
    bench.rest("sell", "100", who="alice")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.order("buy-limit", "1", "100", self_match_prevent=1)
    assert [push.get("canceledSource") for push in socket.pushes()] == [None, "self_match_prevent"]


def test_who_trades_with_itself_is_told_twice() -> None:
    bench = new_bench()
    maker_id = bench.rest("sell", "100", who="alice")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    taker_id = bench.rest("buy", "100", who="alice")

    pushes = socket.pushes()

    assert [(push["eventType"], push["orderId"], push.get("aggressor")) for push in pushes] == [
        ("creation", taker_id, None), ("trade", maker_id, False), ("trade", taker_id, True),
    ]  # fmt: skip
    assert pushes[1]["tradeId"] == pushes[2]["tradeId"]


def test_a_cancel_over_rest_is_pushed_after_its_answer_is_made() -> None:
    """The state that an answer only promises is there with the push."""
    bench = new_bench()
    socket = AccountSocket.of(bench, "alice", "orders#*")
    order_id = bench.place_id("buy-limit", "1", "90")
    bench.write(f"/v1/order/orders/{order_id}/submitcancel", {})
    assert events(socket.pushes()) == [("creation", "submitted"), ("cancellation", "canceled")]


def test_a_refused_order_is_told_of_nowhere() -> None:
    bench = new_bench()
    socket = AccountSocket.of(bench, "alice", "orders#*", "trade.clearing#*#1", "accounts.update#2")
    bench.order("buy-limit", "1000000000000", "90")
    assert socket.messages() == []


# --- stop orders


def stop(bench: Bench, order_type: str = "buy-stop-limit") -> int:
    return bench.place_id(order_type, "1", "110", stop_price="105", operator="gte")


def test_a_stop_order_is_told_of_from_its_trigger_on_as_a_limit_order() -> None:
    bench = new_bench()
    bench.trade("100")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    order_id = stop(bench)
    assert socket.pushes() == [], "it waits"

    bench.clock.advance(SECOND)
    bench.rest("sell", "105", "1")
    bench.rest("buy", "105", "1", who="bob")

    (push,) = socket.pushes()
    assert (events([push]), push["type"], push["orderId"]) == ([("creation", "submitted")], "buy-limit", order_id)
    assert push["orderCreateTime"] == START_MS


def test_a_stop_order_that_is_cancelled_before_its_trigger_is_told_of() -> None:
    bench = new_bench()
    bench.trade("100")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    order_id = stop(bench, "buy-stop-limit-fok")
    bench.desk.execute(CancelOrder(account_id="alice", order_id=order_id))
    (push,) = socket.pushes()
    assert (events([push]), push["type"]) == ([("cancellation", "canceled")], "buy-stop-limit-fok")


# --- who is told


def test_a_topic_tells_of_its_symbol_and_the_asterisk_of_all() -> None:
    bench = Bench()
    one, every = AccountSocket.of(bench, "alice", "orders#btcusdt"), AccountSocket.of(bench, "alice", "orders#*")
    bench.rest("buy", "90", who="alice")
    bench.rest("buy", "90", who="alice", symbol="ethusdt")

    assert [(message["ch"], message["data"]["symbol"]) for message in one.messages()] == [("orders#btcusdt", "btcusdt")]
    assert [(message["ch"], message["data"]["symbol"]) for message in every.messages()] == [
        ("orders#*", "btcusdt"), ("orders#*", "ethusdt"),
    ]  # fmt: skip


def test_everybody_is_told_of_nobody_elses_orders() -> None:
    bench = new_bench()
    sockets = {
        who: AccountSocket.of(bench, who, "orders#*", "trade.clearing#*#1", "accounts.update#2") for who in ("alice", "bob")
    }
    numbers = {who: bench.desk.state.identities.account_number(who) for who in sockets}
    bench.trade()
    for who, socket in sockets.items():
        assert {push["accountId"] for push in socket.pushes()} == {numbers[who]}


def test_what_others_do_costs_their_readers_nothing() -> None:
    """A thousand other accounts' topics are not even asked."""
    bench = new_bench(accounts={name: {"USDT": "1000"} for name in ("alice", "bob", "carol")})
    socket = AccountSocket.of(bench, "carol", "orders#*")
    asked: list[object] = []
    (feed,) = (bench.desk.hub.feed(key) for key in socket.connection.topics)
    feed.on_event = asked.append  # type: ignore[union-attr, method-assign, assignment]  # a spy

    bench.rest("buy", "90", who="alice")
    assert asked == []

    bench.rest("buy", "90", who="carol")
    assert len(asked) == 1


# --- clearing


def clearing_rows(event: str) -> list[dict[str, Any]]:
    """The field table, cut to what the example of that event has."""
    (example,) = (frame["frame"] for frame in CLEARING["frames"] if frame["shows"] == event)
    known = {f"data.{name}" for name in example["data"]} | ALWAYS
    extra = [
        {"path": f"data.{name}", "type": "string", "presence": "optional"} for name in ("orderValue", "stopPrice", "operator")
    ]
    return [row for row in CLEARING["fields"] if row["path"] in known] + extra


@pytest.mark.parametrize("mode", ["", "#0", "#1"])
def test_a_cleared_trade_has_the_fields_of_the_example(mode: str) -> None:
    bench = new_bench()
    socket = AccountSocket.of(bench, "alice", f"trade.clearing#btcusdt{mode}")
    bench.rest("sell", "100", "1")
    order_id = bench.place_id("buy-limit", "2", "101", client_order_id="a001")

    (push,) = socket.messages()

    assert deviations(push, clearing_rows("trade")) == []
    data = push["data"]
    assert (data["orderId"], data["orderSide"], data["orderType"], data["orderStatus"]) == (
        order_id, "buy", "buy-limit", "partial-filled",
    )  # fmt: skip
    assert amounts(data, "tradePrice", "tradeVolume", "orderPrice", "orderSize") == [100, 1, 101, 2]
    assert (number(data["transactFee"]), data["feeCurrency"]) == (Decimal("0.002"), "btc")
    assert (data["feeDeduct"], data["feeDeductType"], data["aggressor"]) == ("0", "", True)
    assert (data["tradeTime"], data["orderCreateTime"]) == (START_MS, START_MS)


@pytest.mark.parametrize(
    ("maker_rate", "fee", "currency"), [(1_000_000, "0.1", "usdt"), (-1_000_000, "-0.001", "btc")], ids=["fee", "rebate"]
)
def test_a_sellers_fee_is_in_the_quote_currency_and_a_rebate_negative_in_the_base(
    maker_rate: int, fee: str, currency: str
) -> None:
    bench = new_bench()
    bench.desk.account("alice").fees = replace(POLICY.fees, maker_rate=maker_rate)
    socket = AccountSocket.of(bench, "alice", "trade.clearing#*")
    bench.rest("sell", "100", who="alice")
    bench.rest("buy", "100", who="bob")
    (push,) = socket.pushes()
    assert (number(push["transactFee"]), push["feeCurrency"], push["aggressor"]) == (Decimal(fee), currency, False)


def test_clearing_tells_of_cancellations_in_mode_1_alone() -> None:
    bench = new_bench()
    plain, full = AccountSocket.of(bench, "alice", "trade.clearing#*#0"), AccountSocket.of(bench, "alice", "trade.clearing#*#1")
    bench.rest("sell", "100", "1")
    bench.order("buy-ioc", "3", "100")

    assert events(plain.pushes()) == [("trade", "partial-filled")]
    trade, cancelled = full.messages()
    assert events([trade["data"], cancelled["data"]]) == [("trade", "partial-filled"), ("cancellation", "partial-canceled")]
    assert deviations(cancelled, clearing_rows("cancellation")) == []
    assert number(cancelled["data"]["remainAmt"]) == 2


def test_a_triggered_stop_order_is_cleared_with_its_trigger() -> None:
    bench = new_bench()
    bench.trade("100")
    stop(bench)
    socket = AccountSocket.of(bench, "alice", "trade.clearing#*")
    bench.rest("sell", "105", "2")
    bench.rest("buy", "105", "1", who="bob")
    (push,) = socket.pushes()
    assert (push["orderType"], number(push["stopPrice"]), push["operator"]) == ("buy-limit", 105, "gte")


# --- order of pushes


def test_an_orders_push_comes_before_the_balance_that_follows_from_it() -> None:
    bench = new_bench()
    socket = AccountSocket.of(bench, "alice", "accounts.update#2", "trade.clearing#*", "orders#*")
    bench.rest("sell", "100")
    bench.rest("buy", "100", who="alice")

    told = [message["ch"] for message in socket.messages()]

    assert told == ["orders#*", "trade.clearing#*", "orders#*", "accounts.update#2", "accounts.update#2"]


def test_times_are_the_venues_and_not_those_of_the_reading() -> None:
    bench = new_bench()
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.rest("buy", "90", who="alice")
    bench.clock.advance(7 * MS)
    (push,) = socket.pushes()
    assert push["orderCreateTime"] == START_MS
