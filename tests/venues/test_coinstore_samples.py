"""The Python samples of the vendor's document, each sent as it would send it: same headers, same bodies, same order of steps.

What a sample gets wrong is answered as the specification says (cs§13). Hosts alone are others.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from typing import Any

import pytest
from coinstore_support import ACTIVE, ACTIVE_V2, BALANCES, INFO, INFO_V2, MATCHES, PLACE, Bench, Reply, make_listing

FULL = {"exch-language": "en_US", "Accept": "*/*", "Connection": "keep-alive"}


def run(
    bench: Bench, method: str, path: str, *, signs: str, sends: str = "", query: str = "", more: dict[str, str] | None = None
) -> Reply:
    """One sample: a time, a key of its half minute, a signature over `signs`, and the request with what `sends`."""
    material = bench.simulation.keys["alice"].material
    expires = bench.now_ms
    expires_key = str(math.floor(expires / 30_000)).encode("utf-8")
    key = hmac.new(material.secret.encode(), expires_key, hashlib.sha256).hexdigest().encode("utf-8")
    made = hmac.new(key, signs.encode("utf-8"), hashlib.sha256).hexdigest()
    headers = {
        "X-CS-APIKEY": material.api_key,
        "X-CS-SIGN": made,
        "X-CS-EXPIRES": str(expires),
        "Content-Type": "application/json",
    }
    lower = {name.lower(): value for name, value in (headers | (more or {})).items()}
    return bench.send(method, path, query, headers=lower, body=sends.encode("utf-8"))


def post(bench: Bench, path: str, payload: Any, more: dict[str, str] | None = None) -> Reply:
    text = json.dumps(payload)
    return run(bench, "POST", path, signs=text, sends=text, more=more)


def get(bench: Bench, path: str, payload: str, *, in_body: bool) -> Reply:
    """The samples of reading sign their payload, and send it as the query or, some of them, as the body."""
    return run(bench, "GET", path, signs=payload, sends=payload if in_body else "", query="" if in_body else payload)


# --- those that work


def test_pairs_are_asked_for_with_a_signature_that_nobody_needs() -> None:
    reply = post(Bench(), "/api/v2/public/config/spot/symbols", {}, FULL)

    assert (reply.body["code"], reply.body["message"]) == ("0", "Success")


def test_a_currency_is_asked_for_by_its_signed_query() -> None:
    assert get(Bench(), "/api/fi/v1/common/currency", "currencyCode=ETH", in_body=False).data["code"] == "eth"


def test_balances_are_asked_for_with_an_empty_object() -> None:
    assert {row["typeName"] for row in post(Bench(), BALANCES, {}, FULL).data} == {"AVAILABLE", "FROZEN"}


def test_an_address_is_asked_for() -> None:
    data = post(Bench(), "/api/fi/v3/asset/deposit/do", {"currencyCode": "USDTTRX", "chain": "TRX"}, FULL).data

    assert (data["address"][0], data["tag"]) == ("T", "")


@pytest.mark.parametrize(("kind", "currency", "start"), [("deposit", "USDT", "2024-03-01"), ("withdraw", "", "2024-01-01")])
def test_records_are_asked_for_with_empty_texts(kind: str, currency: str, start: str) -> None:
    payload = {
        "currencyCode": currency, "startDate": start, "endDate": "2024-03-08", "fromId": "", "limit": "10", "externalId": "",
        "label": "",
    }  # fmt: skip

    assert post(Bench(), f"/api/fi/v3/asset/{kind}/record/list", payload, FULL).data[f"{kind}List"] == []


def test_money_is_transferred() -> None:
    payload = {"type": "0", "currencyCode": "USDT", "amount": "1", "from": "1", "to": "2", "subAccount": ""}

    assert post(Bench(), "/api/v1/future/transfer", payload, FULL).body == {"code": "0", "message": "Success"}


def test_open_orders_are_asked_for_with_nothing() -> None:
    bench = Bench()
    bench.place_id("BUY", "90", "1")

    assert len(get(bench, ACTIVE, "", in_body=True).data) == 1


def test_open_orders_of_the_newer_call_are_asked_for_in_a_body_that_filters_nothing() -> None:
    bench = Bench()
    for symbol in ("BTCUSDT", "ETHUSDT"):
        bench.place_id("BUY", "90", "1", symbol=symbol)

    assert len(get(bench, ACTIVE_V2, "symbol=btcusdt", in_body=True).data) == 2


def test_fills_are_asked_for_by_their_signed_query() -> None:
    bench = Bench()

    assert get(bench, MATCHES, "symbol=tipusdt", in_body=False).error == (3011, "symbol not found"), "nobody lists it here"
    assert get(bench, MATCHES, "symbol=trxusdt", in_body=False).data == []


def test_an_order_is_placed_without_a_time() -> None:
    bench = Bench()
    payload = {"ordPrice": "30000", "ordQty": "1", "symbol": "BTCUSDT", "side": "BUY", "ordType": "LIMIT"}

    order_id = post(bench, PLACE, payload, FULL).data["ordId"]

    assert bench.info(order_id)["timestamp"] == bench.now_ms


def test_a_batch_is_placed_with_prices_as_numbers_and_quantities_as_texts() -> None:
    bench = Bench()
    orders = [
        {"side": "BUY", "ordType": "LIMIT", "ordPrice": price, "ordQty": qty} for price, qty in ((28_000, "2"), (30_000, "1"))
    ]

    rows = post(
        bench, "/api/trade/order/placeBatch", {"symbol": "BTCUSDT", "orders": orders, "timestamp": bench.now_ms}, FULL
    ).data

    assert [bench.info(row["ordId"])["ordPrice"] for row in rows] == ["28000", "30000"]


@pytest.mark.parametrize(("path", "error"), [(INFO, (3103, "order-not-found")), (INFO_V2, (4003, "order-not-exist"))])
def test_an_order_is_asked_for_by_its_signed_query(path: str, error: tuple[int, str]) -> None:
    bench = Bench()
    order_id = bench.place_id("BUY", "90", "1")

    assert get(bench, path, f"ordId={order_id}", in_body=False).data["ordId"] == order_id
    assert get(bench, path, "ordId=1780715084580128", in_body=False).error == error


# --- those that do not


def test_an_order_is_cancelled_under_a_wrong_name_and_is_not() -> None:
    bench = Bench()
    order_id = bench.place_id("BUY", "90", "1")

    assert post(bench, "/api/trade/order/cancel", {"symbol": "btcusdt", "orderId": order_id}).error == (400, "ordId-required")
    assert bench.info(order_id)["ordStatus"] == "SUBMITTED"


def test_orders_are_cancelled_under_a_wrong_name_and_are_not() -> None:
    bench = Bench()
    order_id = bench.place_id("BUY", "90", "1")

    reply = post(bench, "/api/trade/order/cancelBatch", {"symbol": "btcusdt", "orderId": [order_id]})

    assert reply.error == (400, "order.id-required")
    assert bench.info(order_id)["ordStatus"] == "SUBMITTED"


def test_client_ids_are_posted_to_the_path_of_one_order_which_takes_them() -> None:
    bench = Bench()
    for name in ("ccc666", "ccc777"):
        bench.place_id("BUY", "90", "1", clOrdId=name)

    payload = {"symbol": "BTCUSDT", "clientOrderIds": ["ccc666", "ccc777", "ccc888"]}

    assert post(bench, "/api/trade/order/cancel", payload).data == {"success": ["ccc666", "ccc777"], "reject": ["ccc888"]}


def test_coins_are_withdrawn_to_an_address_that_nobody_has_freed() -> None:
    bench = Bench()
    payload = {
        "currencyCode": "USDT", "amount": "1000", "address": "TU4vEruvZwLLkSfV9bNw12EJTPvNr7Pvaa", "tag": "698347",
        "chainType": "TRX",
    }  # fmt: skip

    assert post(bench, "/api/fi/v3/asset/doWithdraw", payload).error == (101040502, "unsupported currency")
    add = bench.desk.venue.account_actions["add_address"].run
    add(bench.desk, "alice", {"currency": "USDT", "chain": "TRX", "address": payload["address"]})
    assert type(post(bench, "/api/fi/v3/asset/doWithdraw", payload).data["id"]) is int


def test_a_withdrawal_is_cancelled_that_is_not_there() -> None:
    assert post(Bench(), "/api/fi/v3/asset/cancelWithdraw", {"withdrawId": 4886}, FULL).error == (102150400, "amount error")


def test_the_pages_own_text_of_a_signature_does_not_fit_its_body() -> None:
    """It prints a payload with a blank that the body lacks (cs§13)."""
    bench = Bench(make_listing("ETH"))
    body = '{"symbol":"aaaa88","side":"SELL","ordType":"LIMIT","ordPrice":2,"ordQty":1,"timestamp":1627384801051}'
    printed = body.replace(',"timestamp"', ', "timestamp"')

    assert run(bench, "POST", PLACE, signs=printed, sends=body).error == (1401, "Unauthorized")
    assert run(bench, "POST", PLACE, signs=body, sends=body).error == (3011, "symbol not found")


# --- what other people's clients do (cs§12)


def test_every_get_of_a_client_may_carry_an_empty_object() -> None:
    bench = Bench()
    for path in (ACTIVE, ACTIVE_V2):
        assert run(bench, "GET", path, signs="{}", sends="{}").data == []
    assert run(bench, "GET", "/api/v1/market/tickers", signs="{}", sends="{}").data


def test_a_connector_that_sends_an_empty_object_and_a_bare_pong_stays_connected() -> None:
    socket = Bench().connect()
    socket.send({})
    socket.send("pong")

    assert socket.closing is None
    assert socket.subscribe("btcusdt@depth")


def test_a_client_that_joins_both_prefixes_is_told_that_there_is_no_such_path() -> None:
    assert run(Bench(), "GET", "/api/api/v2/trade/order/active", signs="").status == 404
