"""Reading one order, lists of orders, and fills (ktx§7)."""

from __future__ import annotations

from typing import Any

import pytest
from ktx_support import MS, SECOND, START_MS, Bench, by_id
from mockex.fixtures import load

DAY = 86_400 * SECOND
PAIR = "market=spot&symbol=BTC_USDT"


def place(bench: Bench, quantity: str = "1", price: str = "100", *, who: str = "alice", **more: object) -> str:
    """The id of an order."""
    body = {"market": "spot", "symbol": "BTC_USDT", "type": "limit", "quantity": quantity, "price": price, **more}
    return str(bench.order("POST", "/v1/order", body, who=who).data["orderId"])


def cancel(bench: Bench, order_id: str) -> None:
    assert bench.order("DELETE", "/v1/order", {"id": order_id}).data == [1]


def listed(bench: Bench, query: str = "", *, who: str = "alice") -> list[str]:
    """Ids of the orders that a query lists."""
    return [row["orderId"] for row in bench.read("/v1/orders", query, who=who).data]


def settled(bench: Bench, query: str = "") -> list[str]:
    return listed(bench, f"status=settled&symbol=BTC_USDT{query}")


def trades(bench: Bench, query: str) -> list[int]:
    """Ids of the trades whose fills a query lists."""
    return [row["tradeId"] for row in bench.read("/v1/fills", query).data]


# --- one order


def test_an_order_is_found_by_its_id_and_by_its_clients_own_plain_or_encoded() -> None:
    bench = Bench()
    order_id = place(bench, client_order_id="123")

    assert [bench.read("/v1/order", f"id={name}").data["orderId"] for name in (order_id, "c:123", "c%3A123", "c:0123")] == [
        order_id
    ] * 4


@pytest.mark.parametrize("request_", **by_id(load("ktx", "rest/order")["requests"]))
def test_a_published_query_of_an_unknown_order_finds_nothing(request_: dict[str, Any]) -> None:
    assert Bench().read(request_["path"], request_["query"]).state == -30001


@pytest.mark.parametrize(
    ("query", "code"),
    [("", -21001), ("id=", -21002), ("id=abc", -21003), ("id=c:", -21003), ("id=9223372036854775808", -21003)],
)
def test_a_query_that_names_no_order_says_why(query: str, code: int) -> None:
    assert Bench().read("/v1/order", query).state == code


def test_nobody_sees_the_order_of_another() -> None:
    bench = Bench()
    order_id = place(bench, client_order_id="1")

    assert bench.read("/v1/order", f"id={order_id}", who="bob").state == -30001
    assert bench.read("/v1/order", "id=c:1", who="bob").state == -30001
    assert listed(bench, who="bob") == []


def test_an_own_id_finds_the_newest_order_of_that_name() -> None:
    bench = Bench()
    cancel(bench, place(bench, client_order_id="1"))
    bench.wait(DAY)
    again = place(bench, client_order_id="1")

    assert bench.read("/v1/order", "id=c:1").data["orderId"] == again


@pytest.mark.parametrize(("path", "query"), [("/v1/order", "id=c:1"), ("/v1/orders", ""), ("/v1/fills", PAIR)])
def test_whoever_may_look_or_trade_may_read(path: str, query: str) -> None:
    bench = Bench()
    place(bench, client_order_id="1")

    assert bench.read(path, query, who="viewer").data is not None
    assert bench.send("GET", f"/api{path}", query).state == -21004


# --- lists of orders


def test_unsettled_orders_are_listed_by_creation_of_a_product_a_market_or_all() -> None:
    bench = Bench()
    first, other, last = place(bench), place(bench, symbol="ETH_USDT"), place(bench, price="99")
    cancel(bench, place(bench))

    assert listed(bench) == listed(bench, "status=unsettled") == listed(bench, "market=spot") == [first, other, last]
    assert listed(bench, "status=unsettled&symbol=BTC_USDT") == listed(bench, PAIR) == [first, last]
    assert listed(bench, "market=lpc") == []


def test_an_order_that_has_traded_in_part_is_unsettled() -> None:
    bench = Bench()
    order_id = place(bench, "2")
    bench.rest("sell", "100")

    (row,) = bench.read("/v1/orders", PAIR).data
    assert (row["orderId"], row["status"], row["updateTime"]) == (order_id, "partial-filled", str(START_MS))


def test_settled_orders_are_listed_by_the_time_that_they_ended() -> None:
    bench = Bench()
    slow, quick = place(bench, price="99"), place(bench, price="100")
    bench.wait(SECOND)
    cancel(bench, quick)
    bench.wait(SECOND)
    cancel(bench, slow)

    assert settled(bench) == [quick, slow]
    assert settled(bench, "&market=spot&limit=1") == [slow]


def test_settled_orders_need_a_product() -> None:
    reply = Bench().read("/v1/orders", "status=settled&market=spot")

    assert (reply.state, reply.body["msg"]) == (-21001, "missing_parameter: symbol")


def test_every_kind_of_end_is_settled() -> None:
    bench = Bench()
    place(bench, "-1", "100", time_in_force="ioc")
    bench.rest("sell", "100", "2")
    place(bench, "3", "100", time_in_force="ioc")
    bench.rest("sell", "100", "2")
    place(bench, "2", "100")
    assert bench.order("POST", "/v1/order", {"market": "spot", "symbol": "BTC_USDT", "type": "market", "quantity": "1"}).data

    rows = bench.read("/v1/orders", "status=settled&symbol=BTC_USDT").data
    assert [row["status"] for row in rows] == ["cancelled", "partially-cancelled", "filled", "rejected"]


def test_times_bound_the_creation_and_are_included() -> None:
    bench = Bench()
    ids = []
    for _ in range(3):
        ids.append(place(bench))
        bench.wait(SECOND)
    for order_id in reversed(ids):
        cancel(bench, order_id)
        bench.wait(SECOND)
    at = [START_MS + 1_000 * step for step in range(3)]

    assert settled(bench, f"&start_time={at[1]}") == [ids[2], ids[1]]
    assert settled(bench, f"&end_time={at[1]}") == [ids[1], ids[0]]
    assert settled(bench, f"&start_time={at[1]}&end_time={at[1]}") == [ids[1]]
    assert settled(bench, f"&start_time={at[1] + 1}&end_time={at[2] - 1}") == []


def test_a_page_is_the_newest_or_from_a_lower_bound_on_the_oldest() -> None:
    bench = Bench()
    ids = []
    for _ in range(4):
        ids.append(place(bench, "1", "1", time_in_force="ioc"))
        bench.wait(SECOND)

    assert settled(bench, "&limit=2") == ids[2:]
    assert settled(bench, f"&start_time={START_MS}&limit=2") == ids[:2]
    assert settled(bench, f"&end_time={START_MS + 2_000}&limit=2") == ids[1:3]
    assert settled(bench, f"&start_time={START_MS}&end_time={START_MS + 2_000}&limit=2") == ids[1:3]


def test_a_hundred_orders_are_listed_unless_more_are_asked_for() -> None:
    bench = Bench()
    for _ in range(120):
        bench.rest("buy", "1", who="alice")

    assert (len(listed(bench)), len(listed(bench, "limit=1000"))) == (100, 120)
    assert bench.read("/v1/orders", "limit=1001").state == bench.read("/v1/orders", "limit=0").state == -21003


def test_ids_of_updates_are_taken_though_no_order_shows_one() -> None:
    bench = Bench()
    order_id = place(bench)
    cancel(bench, order_id)

    assert settled(bench, "&after=1") == settled(bench, f"&before={2**63 - 1}") == [order_id]
    assert settled(bench, "&before=1") == settled(bench, f"&after={2**63 - 1}") == []


@pytest.mark.parametrize(
    "bounds",
    [
        "before=1&after=1",
        "before=1&start_time=1",
        "after=1&end_time=1",
        "before=1&after=1&start_time=1&end_time=1",
    ],
)
def test_bounds_that_may_not_stand_together_are_refused(bounds: str) -> None:
    bench = Bench()

    assert bench.read("/v1/orders", f"status=settled&symbol=BTC_USDT&{bounds}").state == -21003
    assert bench.read("/v1/fills", f"{PAIR}&{bounds}").state == -21003


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=open", -21003),
        ("market=futures", -21003),
        ("symbol=NOPE_USDT", -22003),
        ("market=lpc&symbol=BTC_USDT", -22003),
        ("symbol=", -21002),
        ("status=settled&market=", -21001),
        ("start_time=soon", -21003),
        ("before=-1", -21003),
        ("limit=ten", -21003),
    ],
)
def test_a_list_that_there_is_not_says_why(query: str, code: int) -> None:
    assert Bench().read("/v1/orders", query).state == code


@pytest.mark.parametrize("request_", **by_id(load("ktx", "rest/orders")["requests"]))
def test_a_published_list_is_answered(request_: dict[str, Any]) -> None:
    assert Bench().read(request_["path"], request_["query"]).data == []


def test_after_three_months_only_what_has_traded_is_left() -> None:
    bench = Bench()
    bench.rest("sell", "100", "3")
    filled = place(bench, "2")
    in_part = place(bench, "2", time_in_force="ioc")
    cancelled = place(bench)
    cancel(bench, cancelled)
    waiting = place(bench, price="98")

    bench.wait(90 * DAY - 1)
    assert settled(bench) == [filled, in_part, cancelled]
    bench.wait(1)
    assert settled(bench) == [filled, in_part]
    assert bench.read("/v1/order", f"id={cancelled}").state == -30001
    bench.wait(1_000 * DAY)
    assert settled(bench) == [filled, in_part]
    assert listed(bench) == [waiting]
    assert trades(bench, PAIR) == [1, 2]


# --- fills


def traded(bench: Bench) -> list[str]:
    """Orders with the trades 1 and 2, 3, and 4, one second apart."""
    ids = [place(bench, "2"), place(bench, "1", "99"), place(bench, "1", "98")]
    for price in ("100", "100", "99", "98"):
        bench.rest("sell", price)
        bench.wait(SECOND)
    return ids


def test_fills_are_the_published_objects_and_ascend() -> None:
    (published,) = load("ktx", "rest/fills")["responses"]
    bench = Bench()
    order_id = place(bench, "0.01", "10300")
    bench.wait(19_475 * MS)
    bench.rest("sell", "10300", "0.01")

    assert bench.read("/v1/fills", PAIR).data == [
        {
            "product": "BTC_USDT",
            "fees": [{"amount": "0.103", "asset": "USDT"}],
            "quantity": "0.01",
            "orderId": order_id,
            "price": "10300",
            "time": "1733390650379",
            "taker": False,
            "profit": "0",
            "tradeId": 1,
        }
    ]
    shown = bench.read("/v1/fills", PAIR).data[0]
    assert {name: type(value) for name, value in shown.items()} == {
        name: type(value) for name, value in published["body"][0].items()
    }


def test_fills_of_a_product_are_bounded_by_times_or_by_one_id_both_included() -> None:
    bench = Bench()
    traded(bench)
    at = [START_MS + 1_000 * step for step in range(4)]

    assert trades(bench, PAIR) == [1, 2, 3, 4]
    assert trades(bench, f"{PAIR}&limit=2") == [3, 4]
    assert trades(bench, f"{PAIR}&start_time={at[1]}") == [2, 3, 4]
    assert trades(bench, f"{PAIR}&start_time={at[1]}&limit=1") == [2]
    assert trades(bench, f"{PAIR}&end_time={at[2]}&limit=2") == [2, 3]
    assert trades(bench, f"{PAIR}&start_time={at[1]}&end_time={at[2]}") == [2, 3]
    assert trades(bench, f"{PAIR}&before=3&limit=2") == [2, 3]
    assert trades(bench, f"{PAIR}&after=2&limit=2") == [2, 3]


def test_both_sides_of_a_trade_with_oneself_are_fills_of_its_id() -> None:
    bench = Bench()
    for _ in range(3):
        bench.rest("buy", "100", who="alice")
        bench.rest("sell", "100", who="alice")

    assert trades(bench, PAIR) == [1, 1, 2, 2, 3, 3]
    assert trades(bench, f"{PAIR}&before=2") == [1, 1, 2, 2]
    assert trades(bench, f"{PAIR}&before=2&limit=3") == [1, 2, 2]
    assert trades(bench, f"{PAIR}&after=2") == [2, 2, 3, 3]
    assert trades(bench, f"{PAIR}&after=2&limit=1") == [2]
    assert trades(bench, f"{PAIR}&before=0") == trades(bench, f"{PAIR}&after=4") == []
    assert trades(bench, f"{PAIR}&before=9") == trades(bench, f"{PAIR}&after=0") == [1, 1, 2, 2, 3, 3]


def test_fills_of_an_order_are_bounded_by_an_id_alone() -> None:
    bench = Bench()
    first, second, _ = traded(bench)

    assert trades(bench, f"market=spot&order_id={first}") == [1, 2]
    assert trades(bench, f"market=spot&order_id={first}&before=1") == [1]
    assert trades(bench, f"market=spot&order_id={second}&limit=10") == [3]
    assert trades(bench, f"{PAIR}&order_id={first}") == [1, 2]
    for bound in ("after", "start_time", "end_time"):
        assert bench.read("/v1/fills", f"market=spot&order_id={first}&{bound}=1").state == -21003


def test_an_order_that_there_is_not_has_no_fills() -> None:
    bench = Bench()
    first, *_ = traded(bench)

    assert trades(bench, "market=spot&order_id=4611772879845982371") == []
    assert trades(bench, f"market=lpc&order_id={first}") == []
    assert trades(bench, f"market=spot&symbol=ETH_USDT&order_id={first}") == []
    assert bench.read("/v1/fills", f"market=spot&order_id={first}", who="bob").data == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("symbol=BTC_USDT", -21001),
        ("market=spot", -21001),
        ("market=spot&symbol=", -21002),
        ("market=futures&symbol=BTC_USDT", -21003),
        ("market=spot&order_id=x", -21003),
        ("market=lpc&symbol=BTC_USDT", -22003),
        ("market=spot&symbol=NOPE_USDT", -22003),
    ],
)
def test_fills_that_nobody_can_ask_for_say_why(query: str, code: int) -> None:
    assert Bench().read("/v1/fills", query).state == code


@pytest.mark.parametrize("request_", **by_id(load("ktx", "rest/fills")["requests"]))
def test_a_published_query_of_fills_is_answered(request_: dict[str, Any]) -> None:
    assert Bench().read(request_["path"], request_["query"]).data == []


@pytest.mark.parametrize(("path", "query"), [("/v1/orders", ""), ("/v1/fills", PAIR)])
def test_lists_cost_as_reads_of_the_database(path: str, query: str) -> None:
    bench = Bench()

    assert bench.read(path, query).usage == "11:11:9989"
    assert bench.read(path, f"{query}&limit=1000").usage.split(":")[0] == "20"


def test_one_order_costs_a_point() -> None:
    assert Bench().read("/v1/order", "id=c:1").usage.split(":")[0] == "1"
