"""Orders and cancels of HTX in batches: every item has its own answer, in the order of the request (htx§3.4)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import Bench, Reply
from mockex.fixtures import load

from mockex.core.markets import MarketPhase

ORDERS = "/v1/order/orders"
BATCH = "/v1/order/batch-orders"
BATCH_CANCEL = f"{ORDERS}/batchcancel"
CANCEL_OPEN = f"{ORDERS}/batchCancelOpenOrders"
CANCEL_ALL = "/v1/order/cancelAllOrders"


def order(amount: str = "1", price: str = "100", **fields: object) -> dict[str, object]:
    """An item of alice's."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return {
        "account-id": "100009", "symbol": "btcusdt", "type": "buy-limit", "amount": amount, "price": price, **named,
    }  # fmt: skip


def open_ids(bench: Bench, who: str = "alice") -> list[int]:
    """Oldest first."""
    rows = bench.read("/v1/order/openOrders", {"size": "500"}, who=who).body["data"]
    return [row["id"] for row in reversed(rows)]


def ok(reply: Reply) -> Any:
    assert reply.body["status"] == "ok", reply.body
    return reply.body["data"]


# --- placing


def test_a_batch_of_another_client_is_answered_in_the_shape_of_the_example() -> None:
    fixture = load("htx", "rest/batch_orders")
    bench = Bench()
    items = [item | {"symbol": "ethusdt"} for item in fixture["requests"][0]["body"]]
    items[1]["price"] = "4.9"  # as cheap as the example's order: one of 4.9 where 5 is the least

    reply = bench.write(BATCH, items)

    assert deviations(reply.body, fixture["fields"]) == []
    example = fixture["responses"][0]["body"]["data"]
    first, second = ok(reply)
    assert (first.keys(), first["client-order-id"]) == (example[0].keys(), example[0]["client-order-id"])
    assert second == example[1]
    assert open_ids(bench) == [first["order-id"]]


def test_answers_stand_in_the_order_of_the_request_and_a_failure_stops_nothing() -> None:
    bench = Bench()
    items = [
        order(client_order_id="a"),
        order(type="x"),
        order(symbol="x", client_order_id="c"),
        order(account_id=1),
        {},
        order(client_order_id="a b"),
        order(type="sell-limit", price="90"),
    ]  # fmt: skip

    answers = ok(bench.write(BATCH, items))

    assert [answer.get("err-code") for answer in answers] == [
        None, "order-type-invalid", "base-symbol-error", "account-account-id-inexistent", "validation-constraints-required",
        "invalid-client-order-id", None,
    ]  # fmt: skip
    assert [answer["client-order-id"] for answer in answers] == ["a", "", "c", "", "", "a b", ""]
    filled = bench.read(f"{ORDERS}/{answers[-1]['order-id']}").body["data"]
    assert filled["state"] == "filled", "orders of one batch can trade with each other"


def test_a_batch_whose_orders_all_fail_is_ok() -> None:
    assert len(ok(Bench().write(BATCH, [order("0")] * 3))) == 3


def test_of_a_name_that_an_open_order_has_that_order_is_told() -> None:
    bench = Bench()

    first, second = ok(bench.write(BATCH, [order(client_order_id="a"), order("2", client_order_id="a")]))

    assert first == second
    assert open_ids(bench) == [first["order-id"]]


def test_ten_orders_are_a_batch_and_eleven_are_refused_whole() -> None:
    bench = Bench()

    assert bench.write(BATCH, [order()] * 11).error[1] == "base-argument-unsupported"
    assert len(ok(bench.write(BATCH, [order()] * 10))) == len(open_ids(bench)) == 10


@pytest.mark.parametrize(("body", "code"), [
    ({}, "bad-request"), ([1], "bad-request"), ([[order()]], "bad-request"), ("x", "bad-request"),
    ([order(), None], "bad-request"), ([], "validation-constraints-required"), (None, "bad-request"),
])  # fmt: skip
def test_a_batch_is_a_list_of_objects(body: object, code: str) -> None:
    assert Bench().write(BATCH, body).error[1] == code


def test_conditions_of_the_venue_are_told_per_order_or_whole() -> None:
    bench = Bench()
    bench.desk.flags.add("orders_off")
    assert [answer["err-code"] for answer in ok(bench.write(BATCH, [order()] * 2))] == ["order-disabled"] * 2

    bench.desk.in_maintenance = True
    assert bench.write(BATCH, [order()]).error[1] == "system-maintenance"


# --- cancelling a list


def test_a_list_of_ids_is_cancelled_and_each_failure_told_as_the_example_does() -> None:
    bench = Bench()
    closed = bench.place_id("buy-limit", "1", "100", client_order_id="123456")
    bench.write(f"{ORDERS}/{closed}/submitcancel", {})
    live = bench.place_id("buy-limit", "1", "100")
    theirs = bench.place_id("buy-limit", "1", "90", who="bob")

    reply = bench.write(BATCH_CANCEL, {"order-ids": [str(live), str(closed), live, "1", str(theirs), "x"]})

    fixture = load("htx", "rest/batch_cancel")
    assert deviations(reply.body, fixture["fields"]) == []
    known, unknown = (each["body"]["data"]["failed"][0] for each in fixture["responses"])
    assert ok(reply) == {
        "success": [str(live)],
        "failed": [
            known | {"order-id": str(closed)},
            known | {"order-id": str(live), "client-order-id": ""},
            unknown,
            unknown | {"order-id": str(theirs)},
            {
                "order-id": "x",
                "client-order-id": "",
                "err-code": "validation-format-error",
                "err-msg": "Format Error: order-id.",
            },
        ],
    }
    assert open_ids(bench, "bob") == [theirs]


def test_a_list_of_client_ids_is_answered_with_client_ids() -> None:
    bench = Bench()
    filled = bench.place_id("buy-limit", "1", "100", client_order_id="b")
    bench.rest("sell", "100", "1")
    bench.place_id("buy-limit", "1", "100", client_order_id="a")

    data = ok(bench.write(BATCH_CANCEL, {"client-order-ids": ["a", "b", "c"]}))

    assert data["success"] == ["a"]
    assert [(row["order-id"], row["client-order-id"], row["err-code"], row.get("order-state")) for row in data["failed"]] == [
        (str(filled), "b", "order-orderstate-error", 6), ("", "c", "base-not-found", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("validation-constraints-required", "Field is missing: order-ids.")),
        ({"order-ids": []}, ("validation-constraints-required", "Field is missing: order-ids.")),
        ({"client-order-ids": []}, ("validation-constraints-required", "Field is missing: client-order-ids.")),
        ({"order-ids": ["1"], "client-order-ids": ["a"]}, ("base-argument-unsupported",)),
        ({"order-ids": ["1"] * 51}, ("base-argument-unsupported",)),
        ({"order-ids": "1,2"}, ("validation-format-error", "Format Error: order-ids.")),
        ({"order-ids": [["1"]]}, ("validation-format-error", "Format Error: order-ids.")),
        ({"order-ids": [True]}, ("validation-format-error", "Format Error: order-ids.")),
        ({"order-ids": [None]}, ("validation-format-error", "Format Error: order-ids.")),
        ([], ("bad-request",)),
    ],
)
def test_a_batch_of_cancels_is_exactly_one_list_of_up_to_50(body: object, error: tuple[str, ...]) -> None:
    assert Bench().write(BATCH_CANCEL, body).error[1 : 1 + len(error)] == error


def test_fifty_are_cancelled_at_once() -> None:
    bench = Bench()
    ids = [bench.place_id("buy-limit", "1", "100") for _ in range(50)]

    assert ok(bench.write(BATCH_CANCEL, {"order-ids": ids})) == {"success": [str(each) for each in ids], "failed": []}


# --- cancelling what meets a description


def crowded_bench() -> tuple[Bench, dict[str, int]]:
    """One open order of each kind, oldest first, and one of bob's."""
    bench = Bench()
    bench.trade("100", "1", symbol="btcusdt")
    ids = {
        "buy": bench.place_id("buy-limit", "1", "95"),
        "maker": bench.place_id("buy-limit-maker", "1", "95"),
        "sell": bench.place_id("sell-limit", "1", "105"),
        "stop": bench.place_id("sell-stop-limit", "1", "90", stop_price="90", operator="lte"),
        "eth": bench.place_id("buy-limit", "1", "3000", symbol="ethusdt"),
        "trx": bench.place_id("buy-limit", "1000", "0.1", symbol="trxusdt"),
    }
    bench.place_id("buy-limit", "1", "94", who="bob")
    return bench, ids


@pytest.mark.parametrize(
    ("body", "cancelled"),
    [
        (None, ["buy", "maker", "sell", "stop", "eth", "trx"]),
        ({}, ["buy", "maker", "sell", "stop", "eth", "trx"]),
        ({"account-id": "100009"}, ["buy", "maker", "sell", "stop", "eth", "trx"]),
        ({"symbol": "btcusdt"}, ["buy", "maker", "sell", "stop"]),
        ({"symbol": "ethusdt,trxusdt"}, ["eth", "trx"]),
        ({"side": "sell"}, ["sell", "stop"]),
        ({"types": "buy-limit-maker,sell-stop-limit"}, ["maker", "stop"]),
        ({"types": "buy-limit", "symbol": "btcusdt", "side": "buy"}, ["buy"]),
        ({"types": "buy-limit", "side": "sell"}, []),
        ({"size": 2}, ["buy", "maker"]),
        ({"size": "2", "side": "buy"}, ["buy", "maker"]),
    ],
)
def test_open_orders_that_meet_a_description_are_cancelled(body: dict[str, object] | None, cancelled: list[str]) -> None:
    bench, ids = crowded_bench()

    data = ok(bench.write(CANCEL_OPEN, body))

    assert (data["success-count"], data["failed-count"]) == (len(cancelled), 0)
    assert open_ids(bench) == [ids[name] for name in ids if name not in cancelled]
    assert len(open_ids(bench, "bob")) == 1


def test_what_is_left_over_is_told_in_the_shape_of_the_example() -> None:
    bench, ids = crowded_bench()
    fixture = load("htx", "rest/cancel_open_orders")

    reply = bench.write(CANCEL_OPEN, {"size": 2})

    assert deviations(reply.body, fixture["fields"]) == []
    assert ok(reply)["next-id"] == ids["sell"]
    assert ok(bench.write(CANCEL_OPEN, fixture["requests"][0]["body"])) == fixture["responses"][1]["body"]["data"]


def test_a_hundred_are_cancelled_at_once() -> None:
    bench = Bench()
    ids = [bench.place_id("buy-limit", "1", "100") for _ in range(101)]

    assert ok(bench.write(CANCEL_OPEN, {})) == {"success-count": 100, "failed-count": 0, "next-id": ids[100]}


def test_orders_of_a_market_that_takes_no_cancels_are_failures() -> None:
    bench, ids = crowded_bench()
    bench.set_phase(MarketPhase.PRICE_DISCOVERY, "ethusdt")

    assert ok(bench.write(CANCEL_OPEN, {})) == {"success-count": 5, "failed-count": 1, "next-id": -1}
    assert open_ids(bench) == [ids["eth"]]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"symbol": "x"}, "base-symbol-error"),
        ({"symbol": ",".join(["btcusdt", *(f"x{number}" for number in range(10))])}, "base-argument-unsupported"),
        ({"types": "x"}, "order-type-invalid"),
        ({"side": "x"}, "base-argument-unsupported"),
        ({"size": 0}, "base-argument-unsupported"),
        ({"size": 101}, "base-argument-unsupported"),
        ({"size": "x"}, "validation-format-error"),
        ({"account-id": "1"}, "account-account-id-inexistent"),
        ({"account-id": []}, "account-account-id-inexistent"),
        ([], "bad-request"),
    ],
)
def test_a_description_that_makes_no_sense_cancels_nothing(body: object, code: str) -> None:
    bench, ids = crowded_bench()

    assert bench.write(CANCEL_OPEN, body).error[1] == code
    assert len(open_ids(bench)) == len(ids)


@pytest.mark.parametrize(("params", "left"), [({}, []), ({"symbol": "btcusdt"}, ["eth", "trx"])])
def test_all_orders_can_be_cancelled_by_a_get(params: dict[str, str], left: list[str]) -> None:
    bench, ids = crowded_bench()

    reply = bench.read(CANCEL_ALL, params)

    assert reply.body == load("htx", "rest/cancel_all_orders")["responses"][0]["body"]
    assert open_ids(bench) == [ids[name] for name in left]
    assert len(open_ids(bench, "bob")) == 1


def test_a_get_that_cancels_needs_the_permission_to_trade_and_a_listed_symbol() -> None:
    bench, ids = crowded_bench()

    assert "API key has no permission" in bench.read(CANCEL_ALL, who="viewer").error[2]
    assert bench.read(CANCEL_ALL, {"symbol": "x"}).error[1] == "base-symbol-error"
    bench.desk.flags.add("cancels_off")
    assert bench.read(CANCEL_ALL).error[1] == "cancel-disabled"
    assert len(open_ids(bench)) == len(ids)


def test_all_orders_can_be_cancelled_once_in_two_seconds() -> None:
    bench = Bench(limits=True)

    assert [bench.read(CANCEL_ALL).status for _ in range(2)] == [200, 429]
