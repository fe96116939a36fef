"""Cancelling one order and all of them, on the document's routes and on those of its samples (ktx§7)."""

from __future__ import annotations

from typing import Any

import pytest
from ktx_support import Bench, by_id
from mockex.fixtures import load

PAIR = {"market": "spot", "symbol": "BTC_USDT"}
ONE = [("DELETE", "/v1/order"), ("POST", "/v1/order/delete")]
ALL = [("DELETE", "/v1/orders"), ("POST", "/v1/orders/delete")]


def place(bench: Bench, quantity: str = "1", price: str = "100", *, who: str = "alice", **more: object) -> str:
    """The id of an order that rests."""
    body = {**PAIR, "type": "limit", "quantity": quantity, "price": price, **more}
    order = bench.order("POST", "/v1/order", body, who=who).data
    assert order["status"] == "accepted"
    return str(order["orderId"])


def status(bench: Bench, order_id: str) -> str:
    return str(bench.read("/v1/order", f"id={order_id}").data["status"])


@pytest.mark.parametrize(("method", "path"), ONE)
@pytest.mark.parametrize("named", [{}, {"market": "spot"}])
def test_an_order_is_cancelled_by_either_route_with_or_without_its_market(
    method: str, path: str, named: dict[str, str]
) -> None:
    bench = Bench()
    order_id = place(bench)

    assert bench.order(method, path, {"id": order_id, **named}).data == [1]
    assert status(bench, order_id) == "cancelled"


@pytest.mark.parametrize(("method", "path"), ONE)
def test_a_second_cancel_finds_nothing(method: str, path: str) -> None:
    bench = Bench()
    order_id = place(bench)
    bench.order(method, path, {"id": order_id})

    assert bench.order(method, path, {"id": order_id}).state == -30001


@pytest.mark.parametrize(("method", "path"), ONE)
def test_an_order_is_cancelled_by_its_clients_own_id(method: str, path: str) -> None:
    bench = Bench()
    order_id = place(bench, client_order_id="123")

    assert bench.order(method, path, {"id": "c:123", "market": "spot"}).data == [1]
    assert status(bench, order_id) == "cancelled"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"id": "14244173146202090"}, -30001),
        ({"id": "c:77"}, -30001),
        ({"market": "spot"}, -21001),
        ({"id": ""}, -21002),
        ({"id": "abc"}, -21003),
        ({"id": "c:abc"}, -21003),
        ({"id": True}, -21003),
        ({"id": "14244173146202090", "market": "futures"}, -21003),
    ],
)
def test_a_cancel_of_no_order_says_why(body: dict[str, object], code: int) -> None:
    bench = Bench()

    for method, path in ONE:
        assert bench.order(method, path, body).state == code


def test_the_market_named_must_be_the_orders() -> None:
    bench = Bench()
    order_id = place(bench)

    assert bench.order("DELETE", "/v1/order", {"id": order_id, "market": "lpc"}).state == -30001
    assert status(bench, order_id) == "accepted"


def test_nobody_cancels_the_order_of_another() -> None:
    bench = Bench()
    order_id = place(bench, client_order_id="5")

    assert bench.order("DELETE", "/v1/order", {"id": order_id}, who="bob").state == -30001
    assert bench.order("DELETE", "/v1/order", {"id": "c:5"}, who="bob").state == -30001
    assert (
        bench.read(
            "/v1/order",
            f"id={order_id}",
        ).data["status"]
        == "accepted"
    )


def test_the_number_of_another_product_in_an_id_is_another_order() -> None:
    bench = Bench()
    order_id = int(place(bench))

    assert bench.order("DELETE", "/v1/order", {"id": str(order_id + (1 << 40))}).state == -30001


def test_what_has_traded_stays_and_the_rest_is_cancelled() -> None:
    bench = Bench()
    order_id = place(bench, "3", "100")
    bench.rest("sell", "100", "1")
    bench.order("DELETE", "/v1/order", {"id": order_id})

    order = bench.read("/v1/order", f"id={order_id}").data
    assert (order["status"], order["executedQty"], order["fillCount"]) == ("partially-cancelled", "1", 1)


@pytest.mark.parametrize(("method", "path"), ALL)
@pytest.mark.parametrize("named", [PAIR, {"symbol": "BTC_USDT"}])
def test_all_orders_of_a_product_are_cancelled_by_either_route(method: str, path: str, named: dict[str, str]) -> None:
    bench = Bench()
    gone = [place(bench, price="100"), place(bench, price="99"), place(bench, "-1", "200")]
    other = place(bench, symbol="ETH_USDT")
    bob = place(bench, who="bob")

    assert bench.order(method, path, named).data == [3]
    assert [status(bench, order_id) for order_id in [*gone, other]] == ["cancelled"] * 3 + ["accepted"]
    assert bench.read("/v1/order", f"id={bob}", who="bob").data["status"] == "accepted"
    assert bench.order(method, path, named).data == [0]


def test_only_one_side_is_cancelled_where_it_is_named() -> None:
    bench = Bench()
    buys, sale = [place(bench, price="100"), place(bench, price="99")], place(bench, "-1", "200")

    assert bench.order("DELETE", "/v1/orders", {**PAIR, "side": "sell"}).data == [1]
    assert bench.order("DELETE", "/v1/orders", {**PAIR, "side": "buy"}).data == [2]
    assert {status(bench, order_id) for order_id in [*buys, sale]} == {"cancelled"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"market": "spot"}, -21001),
        ({"symbol": ""}, -21002),
        ({**PAIR, "side": "both"}, -21003),
        ({"market": "futures", "symbol": "BTC_USDT"}, -21003),
        ({"symbol": "NOPE_USDT"}, -22003),
        ({"market": "lpc", "symbol": "BTC_USDT"}, -22003),
    ],
)
def test_a_cancel_of_all_says_what_is_wrong_and_cancels_nothing(body: dict[str, object], code: int) -> None:
    bench = Bench()
    order_id = place(bench)

    for method, path in ALL:
        assert bench.order(method, path, body).state == code
    assert status(bench, order_id) == "accepted"


def test_an_empty_list_comes_back_where_asked_for() -> None:
    bench = Bench(cancel_all_empty=True)
    order_id = place(bench)

    assert bench.order("DELETE", "/v1/orders", PAIR).data == []
    assert status(bench, order_id) == "cancelled"


@pytest.mark.parametrize(("method", "path"), [*ONE, *ALL])
def test_whoever_may_only_look_cancels_nothing(method: str, path: str) -> None:
    bench = Bench()
    order_id = place(bench)
    body = {"id": order_id, **PAIR}

    assert bench.order(method, path, body, who="viewer").state == -20008
    assert status(bench, order_id) == "accepted"


@pytest.mark.parametrize(("path", "points"), [("/v1/order", 5), ("/v1/orders", 10)])
def test_cancels_cost_what_the_table_says(path: str, points: int) -> None:
    bench = Bench()
    body = {"id": place(bench), **PAIR}

    for method, route in (("DELETE", path), ("POST", f"{path}/delete")):
        assert bench.order(method, route, body).usage.split(":")[0] == str(points)


REQUESTS = [
    request
    for name in ("cancel_order", "cancel_order_post", "cancel_orders", "cancel_orders_post")
    for request in load("ktx", f"rest/{name}")["requests"]
]


@pytest.mark.parametrize("request_", **by_id(REQUESTS))
def test_a_published_cancel_is_understood(request_: dict[str, Any]) -> None:
    """Their orders are unknown here; a product's name is not."""
    reply = Bench().order(request_["method"], request_["path"], request_["body"])

    assert reply.data == [0] if "symbol" in request_["body"] else reply.state == -30001
