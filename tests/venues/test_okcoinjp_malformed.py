"""What no client should send: each time the venue's own error, nothing changed, and nothing raised."""

from __future__ import annotations

import json
from typing import Any

import pytest
from okcoinjp_support import ORDERS, SPOT, SpotBench

BATCH, CANCEL_BATCH = f"{SPOT}/batch_orders", f"{SPOT}/cancel_batch_orders"
GOOD = {"instrument_id": "BTC-JPY", "side": "buy", "size": "1", "price": "100"}
POSTS = [ORDERS, BATCH, f"{SPOT}/cancel_orders/1", CANCEL_BATCH]


# --- bodies that are no JSON


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b'{"side":"\xc3\x28"}',
        b"\xef\xbb\xbf{}",
        b"{",
        b"{]",
        b"{'side':'buy'}",
        b'{"side":"buy",}',
        b'{"price":NaN}',
        b'{"price":Infinity}',
        b'{"price":-Infinity}',
        b'{"price":01}',
        b'{"price":0x10}',
        b'{"price":1e999999999}',
        b'{"price":1e400}',
        b'{"price":' + b"9" * 5_000 + b"}",
        b'{"side":"\\ud800"}',
        b'{"side":"a\x00b"}',
        b"[" * 100_000,
        b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
        b"[" * 33 + b"]" * 33,
        b"instrument_id=BTC-JPY&side=buy",
        b"{} {}",
        b"\x00",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_is_no_json_is_refused_as_such(path: str, body: bytes) -> None:
    assert SpotBench().post(path, body).error == (400, "30021")


@pytest.mark.parametrize("body", [[], "x", 1, None, True, [GOOD]], ids=str)
@pytest.mark.parametrize("path", [ORDERS, f"{SPOT}/cancel_orders/1"])
def test_a_body_that_is_no_object_is_refused_where_one_is_wanted(path: str, body: object) -> None:
    assert SpotBench().post(path, body).error == (400, "30021")


def test_of_two_fields_of_one_name_the_last_counts() -> None:
    bench = SpotBench()
    body = b'{"instrument_id":"BTC-JPY","side":"buy","size":"1","price":"100","price":"101"}'

    assert bench.detail(bench.post(ORDERS, body).body["order_id"])["price"] == "101"


# --- fields of a wrong type or beyond all reason


def test_containers_and_truth_values_are_no_fields() -> None:
    bench = SpotBench()
    for name in ("instrument_id", "side", "type", "order_type", "client_oid", "size", "price"):
        for value in ([], {}, [[]], {"a": 1}, True, False):
            assert bench.post(ORDERS, GOOD | {name: value}).error == (400, "30025"), (name, value)


AMOUNTS = {
    "": "30023", "-1": "30024", "-0.1": "30024", "-1e-8": "30024",
    **dict.fromkeys(("one", "NaN", "nan", "Infinity", "-inf", "0x10", "--1", "1e", "e1", " ", "1 ", "1\x00"), "30025"),
    **dict.fromkeys(("1_000", "1,000", "１", "٣", "1e999999999", "1e-999999999", "1e41", "9" * 41, "9" * 100_000), "30025"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), AMOUNTS.items(), ids=[repr(text[:20]) for text in AMOUNTS])
def test_an_amount_is_a_plain_decimal_number(text: str, code: str) -> None:
    bench = SpotBench()

    for name in ("price", "size"):
        assert bench.post(ORDERS, GOOD | {name: text}).error == (400, code)
    market_buy = {**GOOD, "type": "market", "notional": text}
    assert bench.post(ORDERS, market_buy).error == (400, code)


@pytest.mark.parametrize("zero", ["0", "-0", "0.0", "-0.0", "0e5", "1e-30"])
def test_zero_of_any_form_is_zero(zero: str) -> None:
    bench = SpotBench()

    assert bench.post(ORDERS, GOOD | {"price": zero}).error == (400, "33045")
    assert bench.post(ORDERS, GOOD | {"size": zero}).error == (400, "33024")


def test_json_zeros_are_zeros_too() -> None:
    bench = SpotBench()
    for zero in (b"0", b"-0", b"-0.0", b"0.000", b"0e10"):
        body = b'{"instrument_id":"BTC-JPY","side":"buy","size":"1","price":' + zero + b"}"
        assert bench.post(ORDERS, body).error == (400, "33045")


@pytest.mark.parametrize("huge", ["9" * 40, "1e39", "1e27"])
def test_huge_amounts_are_only_too_much(huge: str) -> None:
    bench = SpotBench()

    assert bench.post(ORDERS, GOOD | {"price": huge}).error == (400, "33017")
    assert bench.post(ORDERS, GOOD | {"size": huge}).error == (400, "33017")
    assert bench.post(ORDERS, GOOD | {"side": "sell", "size": huge}).error == (400, "33017")


def test_a_sell_at_a_huge_price_is_shown_to_the_last_digit() -> None:
    bench = SpotBench()
    order_id = bench.order("sell", "1", "9" * 39)

    assert bench.detail(order_id)["price"] == "9" * 39
    assert bench.get(f"{SPOT}/instruments/BTC-JPY/book").body["asks"] == [["9" * 39, "1", "1"]]
    assert bench.get(f"{SPOT}/instruments/BTC-JPY/ticker").body["best_ask"] == "9" * 39


def test_oversized_texts_are_refused_and_quoted_briefly() -> None:
    bench = SpotBench()
    for name in ("instrument_id", "side", "type", "order_type", "client_oid", "size", "price"):
        reply = bench.post(ORDERS, GOOD | {name: "x" * 100_000})
        assert reply.status == 400
        assert len(json.dumps(reply.body)) < 1_000, name


# --- queries and paths


@pytest.mark.parametrize(
    "query", ["&" * 1_024, "a=1&" * 1_024, "instrument_id=" + "x" * 65_536], ids=["pairs", "names", "length"]
)
def test_a_query_beyond_all_reason_is_refused(query: str) -> None:
    assert SpotBench().get(f"{SPOT}/orders_pending", query).error == (400, "30025")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("instrument_id=%zz", "30032"),
        ("instrument_id=%", "30032"),
        ("instrument_id=%ff%fe", "30032"),
        ("instrument_id=%ed%a0%80", "30032"),
        ("instrument_id=\udcff\udcfe", "30032"),
        ("instrument_id=%00", "30032"),
        ("instrument_id=é", "30032"),
        ("limit=%31%30%ff", "30025"),
        ("limit=٣", "30025"),
        ("after=" + "9" * 41, "30025"),
        ("before=1e5", "30025"),
    ],
)
def test_bad_escapes_are_only_bad_values(query: str, code: str) -> None:
    assert SpotBench().get(f"{SPOT}/orders_pending", query).error == (400, code)


@pytest.mark.parametrize(
    "reference", ["%zz", "%ff", "\udcff", "%00", "é", "%2e%2e", "%2F", "a" * 8_000, "9" * 8_000, "1%0a", "٣"]
)
def test_a_reference_that_cannot_be_names_no_order(reference: str) -> None:
    bench = SpotBench()

    assert bench.cancel(reference).error == (400, "33014")
    assert bench.get(f"{ORDERS}/{reference}", "instrument_id=BTC-JPY").error == (400, "33014")


@pytest.mark.parametrize("currency", ["%zz", "%ff", "\udcff", "é", "b" * 8_000, "btc%00", "../btc"])
def test_a_currency_that_cannot_be_is_an_invalid_token_or_a_path_that_is_not_there(currency: str) -> None:
    for path in (f"{SPOT}/accounts/{currency}", f"{SPOT}/accounts/{currency}/ledger"):
        assert SpotBench().get(path).error in ((400, "30031"), (404, "404"))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""), ("GET", "/"), ("GET", "//"), ("GET", f"{SPOT}"), ("GET", f"{SPOT}//orders"), ("GET", f"{ORDERS}//"),
        ("GET", f"{SPOT}/accounts/btc/ledger/x"), ("GET", "/\udcff"), ("GET", "*"), ("DELETE", ORDERS), ("PUT", f"{ORDERS}/1"),
        ("POST", f"{SPOT}/accounts"), ("GET", BATCH), ("get", ORDERS), ("HEAD", ORDERS), ("OPTIONS", ORDERS), ("", ""),
        ("GET", "/api/sopt/v3/orders/BTC-JPY"),
    ],
)  # fmt: skip
def test_what_nobody_serves_is_not_found(method: str, path: str) -> None:
    reply = SpotBench().send(method, path, headers={})

    assert (reply.status, reply.body["code"], reply.body["error_code"]) == (404, 404, "404")


@pytest.mark.parametrize(
    "path", ["/api/margin/v3/", "/api/margin/v3/accounts", "/API/Margin/v3/x/\udcff", "/api/margin/v3/orders/1?"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_every_margin_path_is_not_supported(method: str, path: str) -> None:
    assert SpotBench().send(method, path, headers={}).error == (400, "33020")


def test_headers_of_any_bytes_are_only_wrong() -> None:
    bench = SpotBench()
    path = f"{SPOT}/accounts"
    good = bench.sign("GET", path)
    for name, code in (("key", "30006"), ("timestamp", "30005"), ("passphrase", "30015"), ("sign", "30013")):
        for text in ("\udcff\udcfe", "é", "\x00", "a" * 100_000, " "):
            assert bench.send("GET", path, headers={**good, f"ok-access-{name}": text}).body["error_code"] == code


def test_a_batch_item_that_makes_no_sense_fails_alone() -> None:
    bench = SpotBench()
    items: list[dict[str, Any]] = [{"instrument_id": value} for value in ([], {}, 1, True, "x" * 1_000, "\u0000", "é")]

    rows = [row for rows in bench.post(BATCH, [*items[:3], GOOD]).body.values() for row in rows]
    more = [row for rows in bench.post(BATCH, items[3:]).body.values() for row in rows]

    assert [row["error_code"] for row in rows] == ["30025", "30025", "30032", "0"]
    assert [row["error_code"] for row in more] == ["30025", "30032", "30032", "30032"]
