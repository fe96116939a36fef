"""What other people's clients send to HTX is understood: every path of theirs, and the forms of their orders (htx§8)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from htx_support import HOST, Bench
from mockex.fixtures import load

from mockex.venues.htx import VENUE

RECORDED = load("htx", "thirdparty_requests")
CALLS = sorted({request.partition("?")[0] for row in RECORDED["ccxt"] for request in row["requests"]})
ORDERS = "/v1/order/orders"


@pytest.mark.parametrize("call", CALLS)
def test_every_path_that_ccxt_calls_is_served(call: str) -> None:
    method, _, path = call.partition(" ")

    assert VENUE.routes.find(method, re.sub(r"\{[^}]*\}", "1", path)) is not None


@pytest.mark.parametrize("kind", RECORDED["ccxt_types"].values())
def test_every_type_that_ccxt_makes_is_taken(kind: str) -> None:
    stop = {"stop_price": "101", "operator": "gte"} if kind.startswith("stop") else {}

    assert Bench().order(f"buy-{kind}", "1", "100", **stop).body["status"] == "ok"


def test_path_parameters_may_be_repeated_in_the_query() -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")

    assert bench.read(f"{ORDERS}/{order_id}", {"order_id": str(order_id)}).body["data"]["id"] == order_id
    assert bench.read(f"{ORDERS}/{order_id}/matchresults", {"order_id": str(order_id)}).body["data"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/order/orders/place", {"account-id": "100009", "symbol": "btcusdt", "type": "buy-limit", "amount": "1",
                                    "price": "100", "source": "api", "client-order-id": None, "stop-price": None,
                                    "operator": None, "self-match-prevent": "0"}),
        ("/v1/order/orders/batchCancelOpenOrders", {"account-id": "100009", "symbol": "btcusdt", "side": None, "size": "10"}),
        ("/v1/order/orders/batchCancelOpenOrders", {"account-id": "100009", "symbol": "", "types": "", "size": "100"}),
    ],
)  # fmt: skip
def test_values_may_all_be_text_and_missing_ones_null_or_empty(path: str, body: dict[str, Any]) -> None:
    assert Bench().write(path, body).body["status"] == "ok"


def test_what_a_client_repeats_of_its_body_in_the_query_is_signed_and_passed_over() -> None:
    bench = Bench()
    body = {"account-id": "100009", "symbol": "btcusdt", "type": "buy-limit", "amount": "1", "price": "100"}
    path = f"{ORDERS}/place"
    query = bench.signed_query("POST", path, body | {"amount": "2"})

    reply = bench.send("POST", path, query, body=b'{"account-id":"100009","symbol":"btcusdt","type":"buy-limit",'
                       b'"amount":"1","price":"100"}')  # fmt: skip

    assert bench.read(f"{ORDERS}/{reply.body['data']}").body["data"]["amount"] == "1.000000000000000000"


def test_a_get_may_name_the_type_of_a_body_that_it_has_not() -> None:
    bench = Bench()
    path = "/v1/order/openOrders"
    headers = {"host": HOST, "content-type": "application/x-www-form-urlencoded"}

    assert bench.send("GET", path, bench.signed_query("GET", path), headers=headers).body["data"] == []
