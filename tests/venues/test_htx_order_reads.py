"""Reading HTX's orders by id, by client id and as lists of past ones: shapes, states, pieces (htx§3.4)."""

from __future__ import annotations

import pytest
from fixture_shapes import deviations
from htx_order_lists import ALL_STATES, ORDERS, ids_of, rows, varied_bench
from htx_support import HOUR, MINUTE, Bench
from mockex.fixtures import load

from mockex.core.commands import CancelOrder
from mockex.core.orders import CancelReason
from mockex.venues.htx.order_terms import SOURCES, TYPES

NAMED = f"{ORDERS}/getClientOrder"
STATES = load("htx", "states")


# --- one order


@pytest.mark.parametrize("state", ["filled", "partial-canceled", "canceled", "partial-filled", "submitted"])
@pytest.mark.parametrize("name", ["order", "client_order"])
def test_an_order_has_the_shape_of_the_example_in_each_state(name: str, state: str) -> None:
    bench, ids = varied_bench()
    path, params = (f"{ORDERS}/{ids[state]}", {}) if name == "order" else (NAMED, {"clientOrderId": state})

    body = bench.read(path, params).body

    assert deviations(body, load("htx", f"rest/{name}")["fields"]) == []
    order = body["data"]
    assert (order["id"], order["state"], order["client-order-id"]) == (ids[state], state, state)
    assert (order["finished-at"] == 0) is (state in STATES["order_states"]["open"])
    assert (order["canceled-at"] == 0) is ("canceled" not in state)


def test_an_orders_values_are_those_of_the_example() -> None:
    example = load("htx", "rest/order")["responses"][0]["body"]["data"]
    bench = Bench()

    order_id = bench.place_id(example["type"], "5", "1", client_order_id=example["client-order-id"])

    order = bench.read(f"{ORDERS}/{order_id}").body["data"]
    own = {"id": order_id, "symbol": "btcusdt", "account-id": 100_009, "created-at": bench.now_ms}
    assert order == example | own


def test_a_filled_market_buy_has_the_values_of_the_example() -> None:
    example = load("htx", "rest/orders")["responses"][0]["body"]["data"][0]
    bench = Bench()
    bench.rest("sell", "0.338", "200", symbol="trxusdt")

    order_id = bench.place_id("buy-market", "50", symbol="trxusdt", source=example["source"])

    order = bench.read(f"{ORDERS}/{order_id}").body["data"]
    names = ("amount", "price", "type", "source", "state", "client-order-id", "canceled-at")
    assert [order[name] for name in names] == [example[name] for name in names]
    # The example's pair has prices of 4 decimals, so its lots are finer: fixture `matching` is checked where orders are placed.
    assert order["field-cash-amount"].startswith("49.9999999999")
    assert order["finished-at"] == bench.now_ms


def test_a_stop_order_shows_its_trigger() -> None:
    bench, ids = varied_bench()

    order = bench.read(f"{ORDERS}/{ids['created']}").body["data"]

    assert (order["state"], order["stop-price"], order["operator"]) == ("created", "90.000000000000000000", "lte")


@pytest.mark.parametrize(
    ("order_id", "error"),
    [
        ("1", ("base-record-invalid", "record invalid")),
        ("1" * 400, ("base-record-invalid", "record invalid")),
        ("x", ("validation-format-error", "Format Error: order-id.")),
        ("1e3", ("validation-format-error", "Format Error: order-id.")),
    ],
)
def test_an_unknown_id_and_one_that_is_no_number_are_told_apart(order_id: str, error: tuple[str, str]) -> None:
    assert Bench().read(f"{ORDERS}/{order_id}").error == (200, *error)


def test_somebody_elses_order_is_unknown() -> None:
    bench, ids = varied_bench()

    assert bench.read(f"{ORDERS}/{ids['filled']}", who="bob").error[1] == "base-record-invalid"
    assert bench.read(NAMED, {"clientOrderId": "filled"}, who="bob").error[1] == "base-record-invalid"


def test_a_client_id_must_be_given() -> None:
    assert Bench().read(NAMED).error == (200, "validation-constraints-required", "Field is missing: clientOrderId.")


def test_an_order_cancelled_without_fills_is_gone_after_two_hours_and_others_stay() -> None:
    bench, ids = varied_bench()
    closed_ns = bench.clock.now_ns() - 3 * MINUTE
    bench.clock.advance_to(closed_ns + 2 * HOUR - 1)
    assert bench.read(f"{ORDERS}/{ids['canceled']}").body["status"] == "ok"
    bench.clock.advance_to(closed_ns + 2 * HOUR)

    assert bench.read(f"{ORDERS}/{ids['canceled']}").error[1] == "base-record-invalid"
    assert bench.read(f"{ORDERS}/{ids['partial-canceled']}").body["status"] == "ok"
    assert ids["canceled"] not in ids_of(bench)


def test_a_name_finds_an_open_order_for_8_hours_and_a_closed_one_for_2() -> None:
    bench, ids = varied_bench()
    bench.clock.advance(2 * HOUR)
    assert bench.read(NAMED, {"clientOrderId": "filled"}).error[1] == "base-record-invalid"
    assert bench.read(NAMED, {"clientOrderId": "submitted"}).body["data"]["id"] == ids["submitted"]
    bench.clock.advance(6 * HOUR)

    assert bench.read(NAMED, {"clientOrderId": "submitted"}).error[1] == "base-record-invalid"
    assert bench.read(f"{ORDERS}/{ids['submitted']}").body["status"] == "ok", "its id finds it still"


# --- lists


def test_listed_orders_have_the_shape_of_the_examples_newest_first() -> None:
    bench, ids = varied_bench()

    body = bench.read(ORDERS, {"symbol": "btcusdt", "states": ALL_STATES}).body

    assert [row["id"] for row in body["data"]] == list(ids.values())[::-1]
    stops = {"stop-price", "operator"}
    plain = body | {"data": [{name: row[name] for name in row.keys() - stops} for row in body["data"]]}
    assert deviations(plain, load("htx", "rest/orders")["fields"]) == []


def test_a_cancelled_order_tells_by_whom_and_when_like_the_example() -> None:
    example = load("htx", "rest/orders")["responses"][1]["body"]["data"][0]
    bench, ids = varied_bench()

    (row,) = rows(bench, states="canceled")

    assert row.keys() == example.keys()
    assert (row["id"], row["canceled-source-desc"], row["role"], row["is-ice"]) == (ids["canceled"], "api", "none", False)
    assert row["updated-at"] == row["canceled-at"] == row["finished-at"] == row["created-at"] + 1_000


@pytest.mark.parametrize("reason", CancelReason)
def test_every_reason_of_an_end_has_a_word_of_the_document_and_a_number(reason: CancelReason) -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")
    bench.desk.execute(CancelOrder(account_id="alice", order_id=order_id, reason=reason))

    (row,) = rows(bench)

    assert row["canceled-source-desc"] in STATES["cancelled_by"]["values"]
    known = {each["meaning"]: each["number"] for each in STATES["cancelled_by"]["numbers"]}
    assert type(row["canceled-source"]) is int
    assert row["canceled-source"] not in known.values() or known[row["canceled-source-desc"]] == row["canceled-source"]


def test_the_cause_of_an_end_at_once_is_named_after_the_type() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    bench.place_id("buy-limit-maker", "1", "100")
    bench.place_id("buy-limit-fok", "2", "100")
    bench.place_id("buy-ioc", "2", "100")
    bench.place_id("buy-market", "100")

    found = [(row["type"], row["canceled-source-desc"]) for row in rows(bench)]

    assert found == [
        ("buy-market", "market"), ("buy-ioc", "ioc"), ("buy-limit-fok", "fok"), ("buy-limit-maker", "limit_maker"),
    ]  # fmt: skip


def test_roles_are_those_of_the_fills() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    both = bench.place_id("buy-limit", "2", "100")
    bench.rest("sell", "100", "1")
    maker = bench.place_id("buy-limit", "1", "100")
    bench.rest("sell", "100", "1")
    bench.rest("sell", "100", "1")
    taker = bench.place_id("buy-limit", "1", "100")
    none = bench.place_id("buy-limit", "1", "100")

    assert {row["id"]: row["role"] for row in rows(bench)} == {both: "both", maker: "maker", taker: "taker", none: "none"}


@pytest.mark.parametrize("state", [each["value"] for each in STATES["order_states"]["values"]] + ["pre-submitted"])
def test_a_state_lists_the_orders_that_are_in_it(state: str) -> None:
    bench, ids = varied_bench()

    assert ids_of(bench, states=state) == [ids[name] for name in ids if name == state]


def test_states_are_a_list_and_other_clients_send_pre_submitted() -> None:
    bench, ids = varied_bench()

    assert ids_of(bench, states="pre-submitted,filled, canceled,filled") == [ids["canceled"], ids["filled"]]


def test_types_and_symbols_narrow_a_list() -> None:
    bench, ids = varied_bench()
    eth = bench.place_id("buy-limit", "1", "3000", symbol="ethusdt")

    assert ids_of(bench, types="sell-stop-limit,buy-ioc") == [ids["created"]]
    assert ids_of(bench, types="buy-ioc") == []
    assert ids_of(bench, symbol="ethusdt") == [eth]
    assert rows(bench, who="bob", types="buy-limit") == []


@pytest.mark.parametrize(
    ("direct", "size", "names"),
    [
        ("next", "2", ["partial-canceled", "filled"]),
        ("next", "1", ["partial-canceled"]),
        ("prev", "2", ["submitted", "partial-filled"]),
        ("prev", "100", ["created", "submitted", "partial-filled"]),
    ],
)
def test_a_piece_goes_on_from_an_id_without_it(direct: str, size: str, names: list[str]) -> None:
    bench, ids = varied_bench()

    assert ids_of(bench, size=size, direct=direct, **{"from": str(ids["canceled"])}) == [ids[name] for name in names]


# --- the vocabulary


def test_the_words_are_exactly_those_of_the_document() -> None:
    kinds = [kind["kind"] for kind in STATES["order_types"]["kinds"]]

    assert set(TYPES) == {f"{side}-{kind}" for side in STATES["order_types"]["sides"] for kind in kinds}
    assert list(SOURCES) == STATES["sources"]["values"]


def test_every_change_of_an_order_is_one_of_the_document() -> None:
    """States seen from outside, one after the other, of orders that live through them."""
    allowed = {tuple(pair) for pair in STATES["order_states"]["transitions"]}
    bench = Bench()
    bench.trade("100", "1")
    seen: set[tuple[str, str]] = set()
    stop = bench.place_id("buy-stop-limit", "3", "105", stop_price="103", operator="gte")
    last = "created"
    for price in ("102", "103", "105", "105", "105"):
        bench.rest("sell", price, "1")
        bench.rest("buy", price, "1", who="bob")
        state = bench.read(f"{ORDERS}/{stop}").body["data"]["state"]
        if state != last:
            seen.add((last, state))
            last = state

    assert len(seen) == 3
    assert seen <= allowed
