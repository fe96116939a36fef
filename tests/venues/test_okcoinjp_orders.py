"""Placing and cancelling single orders: fields, client ids, what a cancel finds (okj§9.2 and §9.3)."""

from __future__ import annotations

from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import ORDERS, SPOT, SpotBench, by_id

CONVENTIONS = load("okcoinjp", "conventions")
PLAIN = {"instrument_id": "BTC-JPY", "side": "buy", "size": "1", "price": "100"}


# --- fields


def test_an_order_is_a_normal_limit_order_unless_it_says_otherwise() -> None:
    bench = SpotBench()

    order = bench.detail(bench.post(ORDERS, PLAIN).body["order_id"])

    assert {name: order[name] for name in ("type", "order_type", "state", "status", "side", "price", "size", "client_oid")} == {
        "type": "limit",
        "order_type": "0",
        "state": "0",
        "status": "open",
        "side": "buy",
        "price": "100",
        "size": "1",
        "client_oid": "",
    }
    assert {name: order[name] for name in ("filled_size", "filled_notional", "price_avg", "notional", "funds")} == {
        "filled_size": "0",
        "filled_notional": "0",
        "price_avg": "",
        "notional": "",
        "funds": "",
    }


def test_unused_fields_may_be_blank_or_null_and_unknown_ones_anything() -> None:
    bench = SpotBench()
    blank = {"notional": "", "client_oid": "", "type": "", "order_type": None, "order_type ": "9", "leverage": [1, {}]}

    assert bench.post(ORDERS, PLAIN | blank).status == 200


def test_numbers_may_be_json_numbers() -> None:
    bench = SpotBench()
    body = b'{"instrument_id":"btc-jpy","side":"buy","size":0.00100000,"price":1.005e2,"order_type":1}'

    order = bench.detail(bench.post(ORDERS, body).body["order_id"])

    assert (order["size"], order["price"], order["order_type"]) == ("0.001", "100.5", "1")


@pytest.mark.parametrize(
    ("sent", "shown"), [("100.50", "100.5"), ("00100", "100"), ("+100", "100"), ("1e2", "100"), ("100.", "100"), (".5", "0.5")]
)
def test_amounts_come_back_in_plain_notation_without_trailing_zeros(sent: str, shown: str) -> None:
    bench = SpotBench()

    assert bench.detail(bench.order("buy", "1", sent))["price"] == shown


def test_the_reply_names_an_order_that_may_already_be_filled() -> None:
    bench = SpotBench()
    bench.order("sell", "1", "100", who="bob")

    assert bench.detail(bench.order("buy", "1", "100"))["status"] == "filled"


def test_order_ids_ascend() -> None:
    bench = SpotBench()

    ids = [int(bench.order("buy", "1", "1", who=who)) for who in ("alice", "bob", "alice")]

    assert ids == sorted(set(ids))


# --- client ids


@pytest.mark.parametrize("vector", **by_id(CONVENTIONS["client_oids"]))
def test_a_client_id_is_letters_and_digits_with_a_letter(vector: dict[str, Any]) -> None:
    bench = SpotBench()

    reply = bench.try_order("buy", "1", "100", client_oid=vector["text"])

    if vector["valid"]:
        assert (reply.status, reply.body["client_oid"]) == (200, vector["text"])
        assert bench.detail(vector["text"])["client_oid"] == vector["text"]
    else:
        assert reply.error == (400, "30024")


@pytest.mark.parametrize("text", ["a b", "é1", "ａ1", "a\n", "a\x00", "１a", "a" * 10_000])
def test_no_other_letters_or_digits_make_a_client_id(text: str) -> None:
    assert SpotBench().try_order("buy", "1", "100", client_oid=text).error == (400, "30024")


def test_client_ids_are_case_sensitive() -> None:
    bench = SpotBench()
    lower = bench.order("buy", "1", "100", client_oid="abc")
    upper = bench.order("buy", "1", "100", client_oid="ABC")

    assert (bench.detail("abc")["order_id"], bench.detail("ABC")["order_id"]) == (lower, upper)


def test_a_client_id_may_be_used_again_and_then_means_the_newest_order() -> None:
    bench = SpotBench()
    first = bench.order("buy", "1", "100", client_oid="twice1")
    second = bench.order("buy", "1", "101", client_oid="twice1")
    assert bench.detail("twice1")["order_id"] == second

    assert bench.cancel("twice1").body["order_id"] == second
    assert bench.detail("twice1")["order_id"] == second, "also when it is over"
    assert bench.cancel("twice1").error == (400, "33027")
    assert bench.detail(first)["state"] == "0"


def test_accounts_do_not_share_client_ids() -> None:
    bench = SpotBench()
    hers = bench.order("buy", "1", "100", client_oid="same1")
    his = bench.order("buy", "1", "100", who="bob", client_oid="same1")

    assert bench.detail("same1")["order_id"] == hers
    assert bench.detail("same1", who="bob")["order_id"] == his


@pytest.mark.parametrize("vector", **by_id(CONVENTIONS["path_ids"]))
def test_a_path_of_digits_is_an_order_id_and_all_else_a_client_id(vector: dict[str, Any]) -> None:
    bench = SpotBench()

    body = bench.cancel(vector["text"]).body

    names = {"order_id": "", "client_oid": ""} | {vector["kind"]: vector["text"]}
    assert {name: body[name] for name in names} == names


# --- cancelling


@pytest.mark.parametrize("by", ["order id", "client id"])
def test_a_cancel_gives_back_the_hold_and_names_the_order_both_ways(by: str) -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100", client_oid="mine1")

    reply = bench.cancel(order_id if by == "order id" else "mine1")

    assert reply.body == {
        "client_oid": "mine1",
        "error_message": "",
        "error_code": "0",
        "order_id": order_id,
        "result": True,
    }
    assert bench.detail(order_id)["state"] == "-1"
    assert bench.balance("JPY")["hold"] == "0"


def test_a_partly_filled_order_keeps_its_fills_when_it_is_cancelled() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "2", "100")
    bench.order("sell", "0.5", "100", who="bob")
    assert (bench.detail(order_id)["state"], bench.detail(order_id)["status"]) == ("1", "part_filled")
    assert bench.balance("JPY")["hold"] == "150"

    assert bench.cancel(order_id).status == 200

    order = bench.detail(order_id)
    assert (order["state"], order["filled_size"], order["filled_notional"], order["price_avg"]) == ("-1", "0.5", "50", "100")
    assert bench.balance("JPY")["hold"] == "0"


@pytest.mark.parametrize("name", ["order_id", "client_oid"])
def test_the_id_may_stand_in_the_body_instead_of_the_path(name: str) -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100", client_oid="mine1")
    reference = {"order_id": order_id, "client_oid": "mine1"}[name]

    reply = bench.post(f"{SPOT}/cancel_orders", {"instrument_id": "btc-jpy", name: reference})

    assert (reply.status, reply.body["order_id"]) == (200, order_id)


def test_a_refused_cancel_by_body_names_the_id_of_the_body() -> None:
    reply = SpotBench().post(f"{SPOT}/cancel_orders", {"instrument_id": "btc-jpy", "client_oid": "nobody1"})

    assert reply.error == (400, "33014")
    assert (reply.body["client_oid"], reply.body["order_id"], reply.body["code"]) == ("nobody1", "", "33014")


def test_a_cancel_without_any_id_has_the_body_of_a_cancel() -> None:
    reply = SpotBench().post(f"{SPOT}/cancel_orders/", {"instrument_id": "btc-jpy"})

    assert reply.error == (400, "33059")
    assert (reply.body["client_oid"], reply.body["order_id"], reply.body["code"]) == ("", "", "33059")


def test_an_id_that_only_begins_like_an_order_names_no_order() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100")

    for reference in (f"{order_id.zfill(24)}9", f"{order_id}0", "9" * 5_000):
        assert bench.cancel(reference).error == (400, "33014")
        assert bench.get(f"{ORDERS}/{reference}", "instrument_id=BTC-JPY").error == (400, "33014")
    assert bench.detail(order_id)["state"] == "0"


def test_a_cancel_of_another_users_order_is_refused_like_a_bad_login() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100", who="bob")

    reply = bench.cancel(order_id, who="alice")

    assert reply.error == (401, "30027")
    assert reply.body["code"] == 30027, "it is the request that fails, not the order"
    assert bench.detail(order_id, who="bob")["state"] == "0"


def test_a_trailing_slash_is_tolerated_and_signed_as_sent() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100")

    assert bench.cancel(f"{order_id}/").status == 200


def test_a_key_without_the_right_to_trade_cannot_place_or_cancel() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100")

    assert bench.try_order("buy", "1", "100", who="viewer").error == (401, "30012")
    assert bench.cancel(order_id, who="viewer").error == (401, "30012")
    assert bench.detail(order_id, who="viewer")["state"] == "0", "but it may look"


# --- words


@pytest.mark.parametrize(
    ("path", "query", "message"),
    [
        (f"{SPOT}/accounts/BLA", "", "BLA is an invalid token"),
        (f"{SPOT}/orders_pending", "limit=x", "limit parameter format is error"),
        (
            ORDERS,
            "instrument_id=BTC-JPY&state=open",
            "{state}Parameter value is incorrectly filled, only numbers can be filled in",
        ),
        (ORDERS, "state=2", "{instrument_id}The parameter cannot be empty. The required parameter cannot be empty."),
        (f"{SPOT}/accounts/BTC/ledger", "type=6", "Invalid type type"),
        (f"{SPOT}/instruments/BTC-JPY/candles", "granularity=1", '"granularity" is an invalid parameter'),
    ],
)
def test_messages_that_quote_the_request_are_worded_as_captured(path: str, query: str, message: str) -> None:
    body = SpotBench().get(path, query).body

    assert body["message"] == body["error_message"] == message


def test_the_captured_examples_of_quoting_messages_are_among_those_tested() -> None:
    examples = {
        example["text"]
        for row in load("okcoinjp", "errors")["codes"]
        for variant in (row, *row.get("variants", ()))
        for example in variant.get("wire_examples", ())
        if example["args"][0] in ("limit", "state", "type", "BLA")
    }

    assert examples == {
        "limit parameter format is error",
        "{state}Parameter value is incorrectly filled, only numbers can be filled in",
        "Invalid type type",
        "BLA is an invalid token",
    }
