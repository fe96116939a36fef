"""Cancelling HTX's orders one by one, by id and by client id: answers, numbers of states, refusals (htx§3.4, htx§4.4)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import HOUR, Bench, Reply
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.core.markets import MarketPhase
from mockex.core.units import Wallet

ORDERS = "/v1/order/orders"
CLIENT = f"{ORDERS}/submitCancelClientOrder"
STATE_ERROR = next(body["body"] for body in load("htx", "errors")["bodies"] if body["id"] == "errors.body.order-state")


def cancel(bench: Bench, order_id: object, body: object = None, *, who: str = "alice") -> Reply:
    return bench.write(f"{ORDERS}/{order_id}/submitcancel", {} if body is None else body, who=who)


def cancel_named(bench: Bench, name: str, *, who: str = "alice") -> Any:
    reply = bench.write(CLIENT, {"client-order-id": name}, who=who)
    assert reply.body["status"] == "ok", reply.body
    assert deviations(reply.body, load("htx", "rest/cancel_client_order")["fields"]) == []
    return reply.body["data"]


def state(bench: Bench, order_id: int) -> str:
    found: str = bench.read(f"{ORDERS}/{order_id}").body["data"]["state"]
    return found


# --- by id


@pytest.mark.parametrize("example", load("htx", "rest/cancel_order")["requests"], ids=lambda each: each["source"])
def test_the_bodies_of_other_clients_cancel_and_the_answer_is_the_id_as_text(example: dict[str, Any]) -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")
    body = {name: str(order_id) if name == "order_id" else value for name, value in example["body"].items()}

    reply = cancel(bench, order_id, body)

    assert reply.body == {"status": "ok", "data": str(order_id)}
    assert deviations(reply.body, load("htx", "rest/cancel_order")["fields"]) == []
    assert state(bench, order_id) == "canceled"
    assert bench.desk.account("alice").balance(Wallet.SPOT, "USDT").held == 0


def test_a_cancel_need_not_have_a_body() -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")
    path = f"{ORDERS}/{order_id}/submitcancel"

    assert bench.send("POST", path, bench.signed_query("POST", path)).body["data"] == str(order_id)


def test_a_cancelled_order_keeps_what_it_had_filled() -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "3", "100")
    bench.rest("sell", "100", "1")

    cancel(bench, order_id)

    order = bench.read(f"{ORDERS}/{order_id}").body["data"]
    assert (order["state"], order["field-amount"]) == ("partial-canceled", "1.000000000000000000")
    assert order["canceled-at"] == order["finished-at"] == bench.now_ms


@pytest.mark.parametrize(("fills", "number"), [(0, 7), (1, 5), (2, 6)], ids=["canceled", "partial-canceled", "filled"])
def test_cancelling_a_closed_order_tells_its_state_as_the_example_does(fills: int, number: int) -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "2", "100")
    for _ in range(fills):
        bench.rest("sell", "100", "1")
    if fills < 2:
        cancel(bench, order_id)

    reply = cancel(bench, order_id)

    assert (reply.status, reply.body) == (200, STATE_ERROR | {"order-state": number})


def test_an_order_that_was_closed_long_ago_has_a_number_of_its_own() -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")
    bench.rest("sell", "100", "1")
    bench.clock.advance(2 * HOUR - 1)
    assert cancel(bench, order_id).body["order-state"] == 6
    bench.clock.advance(1)

    assert cancel(bench, order_id).body["order-state"] == -1


@pytest.mark.parametrize(
    ("order_type", "amount", "price"), [("buy-ioc", "1", "100"), ("buy-limit-fok", "1", "100"), ("buy-market", "100", None)]
)
def test_what_never_rests_cannot_be_cancelled(order_type: str, amount: str, price: str | None) -> None:
    bench = Bench()
    order_id = bench.place_id(order_type, amount, price)

    assert cancel(bench, order_id).error[1] == "order-user-cancel-forbidden"


@pytest.mark.parametrize("kind", ["stop-limit", "stop-limit-fok"])
def test_a_stop_order_can_be_cancelled_while_it_waits(kind: str) -> None:
    bench = Bench()
    order_id = bench.place_id(f"sell-{kind}", "1", "100", stop_price="90", operator="lte")
    assert state(bench, order_id) == "created"

    assert cancel(bench, order_id).body["status"] == "ok"

    assert state(bench, order_id) == "canceled"
    assert bench.desk.account("alice").balance(Wallet.SPOT, "BTC").held == 0
    assert cancel(bench, order_id).body["order-state"] == 7


@pytest.mark.parametrize(
    ("order_id", "error"),
    [
        ("1", ("base-record-invalid", "record invalid")),
        ("9" * 500, ("base-record-invalid", "record invalid")),
        ("x", ("validation-format-error", "Format Error: order-id.")),
        ("-1", ("validation-format-error", "Format Error: order-id.")),
        ("1.0", ("validation-format-error", "Format Error: order-id.")),
        ("%D9%A1", ("validation-format-error", "Format Error: order-id.")),
    ],
)
def test_an_id_must_be_that_of_an_order(order_id: str, error: tuple[str, str]) -> None:
    path = f"{ORDERS}/{order_id}/submitcancel"
    assert Bench().write(path, {}).error == (200, *error)


def test_somebody_elses_order_is_unknown() -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100", who="bob", client_order_id="b1")

    assert cancel(bench, order_id).error[1] == "base-record-invalid"
    assert cancel_named(bench, "b1") == 0


@pytest.mark.parametrize(("symbol", "code"), [("ethusdt", "base-record-invalid"), ("x", "base-symbol-error")])
def test_a_symbol_that_is_given_must_be_the_orders(symbol: str, code: str) -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")

    assert cancel(bench, order_id, {"symbol": symbol}).error[1] == code
    assert cancel(bench, order_id, {"symbol": "btcusdt"}).body["status"] == "ok"


@pytest.mark.parametrize("body", [[], "x", 1])
def test_a_body_is_an_object(body: object) -> None:
    bench = Bench()
    assert cancel(bench, bench.place_id("buy-limit", "1", "100"), body).error[1] == "bad-request"


# --- by client id


def test_a_cancel_by_client_id_answers_with_a_number_whatever_becomes_of_it() -> None:
    bench = Bench()
    assert cancel_named(bench, "nobody") == 0
    for name, fills, number in (("a", 0, 7), ("b", 1, 5), ("c", 2, 6)):
        bench.place_id("buy-limit", "2", "100", client_order_id=name)
        for _ in range(fills):
            bench.rest("sell", "100", "1")

        assert cancel_named(bench, name) == (10 if fills < 2 else 6)
        assert cancel_named(bench, name) == number


def test_a_name_is_forgotten_8_hours_after_it_came_and_2_hours_after_its_order_closed() -> None:
    bench = Bench()
    bench.place_id("buy-limit", "1", "100", client_order_id="filled")
    bench.rest("sell", "100", "1")
    bench.place_id("buy-limit", "1", "90", client_order_id="open")
    bench.clock.advance(2 * HOUR - 1)
    assert cancel_named(bench, "filled") == 6
    bench.clock.advance(1)
    assert cancel_named(bench, "filled") == -1
    bench.clock.advance(6 * HOUR)

    assert cancel_named(bench, "open") == 0
    assert [row["client-order-id"] for row in bench.read("/v1/order/openOrders").body["data"]] == ["open"]


@pytest.mark.parametrize("body", [{}, {"client-order-id": ""}, {"client-order-id": None}, {"clientOrderId": "a"}])
def test_a_missing_client_id_is_told_as_the_document_does(body: dict[str, object]) -> None:
    assert Bench().write(CLIENT, body).error == (
        200, "validation-constraints-required", "Field is missing: client-order-id.",
    )  # fmt: skip


# --- conditions


@pytest.mark.parametrize("path", [f"{ORDERS}/1/submitcancel", CLIENT, f"{ORDERS}/batchcancel",
                                  f"{ORDERS}/batchCancelOpenOrders"])  # fmt: skip
def test_an_operator_can_close_cancels_and_the_whole_venue(path: str) -> None:
    bench = Bench()
    bench.desk.flags.add("cancels_off")
    assert bench.write(path, {"client-order-id": "a"}).error[1] == "cancel-disabled"

    bench.desk.flags.clear()
    bench.desk.in_maintenance = True
    assert bench.write(path, {"client-order-id": "a"}).error[1] == "system-maintenance"


def test_a_market_may_take_no_cancels() -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100", client_order_id="a")
    bench.set_phase(MarketPhase.PRICE_DISCOVERY)

    assert cancel(bench, order_id).error[1] == "cancel-disabled"
    assert bench.write(CLIENT, {"client-order-id": "a"}).error[1] == "cancel-disabled"


def test_a_halted_market_and_a_frozen_account_still_take_cancels() -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")
    bench.set_phase(MarketPhase.HALTED)
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))

    assert cancel(bench, order_id).body["status"] == "ok"


@pytest.mark.parametrize("path", [f"{ORDERS}/1/submitcancel", CLIENT, f"{ORDERS}/batchcancel"])
def test_a_key_that_may_only_read_cancels_nothing(path: str) -> None:
    assert "API key has no permission" in Bench().write(path, {}, who="viewer").error[2]
