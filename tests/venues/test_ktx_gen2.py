"""The second generation of KTX: its paths, and what its objects have that those before did not, and have no more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from ktx_gen2_support import PERPETUAL, Bench2, unwrapped
from ktx_support import MS, SECOND, Bench, signature
from ktx_user_client import UserSocket, customer
from ktx_user_client import order as placed
from mockex.fixtures import load

from mockex.core.commands import SetMarkPrice
from mockex.core.contract_terms import PositionMerge
from mockex.core.units import Wallet

FIXTURE = load("ktx", "gen2")
SHAPES = {shape["of"]: shape for shape in FIXTURE["objects"]}


@pytest.fixture
def bench() -> Bench2:
    return Bench2()


def kind(value: object) -> str:
    """As field tables name it."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, Decimal)):
        return "number"
    return {str: "string", list: "array", dict: "object"}[type(value)]


def check(what: str, row: dict[str, Any], *also: str) -> None:
    """The row has the fields of its table, of their types, `also` of the optional ones, and no others."""
    fields = {field["path"]: field["type"] for field in SHAPES[what]["fields"]}
    optional = {field["path"] for field in SHAPES[what]["fields"] if field["presence"] == "optional"}
    assert set(row) == (set(fields) - optional) | set(also)
    assert {name: kind(value) for name, value in row.items() if kind(value) not in fields[name].split(" or ")} == {}


# --- paths


@pytest.mark.parametrize("route", FIXTURE["routes"], ids=lambda route: f"{route['method']} {route['path']}")
def test_every_path_of_the_list_is_served_where_the_document_has_it(bench: Bench2, route: dict[str, Any]) -> None:
    reply = bench.send(route["method"], f"/{route['base']}{route['path']}", body=b"{}")

    assert reply.body.get("state") not in (-12003, -12004)
    assert (reply.body.get("state") == -21004) is (route["base"] == "papi")


@pytest.mark.parametrize("path", ["/api/v1/accounts", "/api/v1/order", "/papi/v1/products", "/v1/public/queryApiDomain"])
def test_what_moved_is_not_where_it_was(bench: Bench2, path: str) -> None:
    reply = bench.send("GET", path)

    assert (reply.status, reply.state) == (404, -12003)


@pytest.mark.parametrize("path", ["/papi/v1/order", "/papi/v1/order/delete", "/api/v1/ticker"])
def test_there_is_no_delete_any_more(bench: Bench2, path: str) -> None:
    reply = bench.send("DELETE", path)

    assert (reply.status, reply.state) == (200, -12004)


@pytest.mark.parametrize("path", ["/papi/v1/trade/accounts", "/api/v1/pu/contracts"])
def test_the_first_generation_knows_nothing_of_the_second(path: str) -> None:
    assert Bench().send("GET", path).state == -20002


@pytest.mark.parametrize(("host", "socket"), [("m-stream.ktx.com", "market"), ("u-stream.ktx.com", "user")])
def test_the_sockets_have_new_hosts(bench: Bench2, host: str, socket: str) -> None:
    found = bench.simulation.socket_for("/", host)

    assert found is not None
    assert found[0] == socket


@pytest.mark.parametrize("host", ["stream-market.ktx.com", "ktx-user.ktx.com", "user-wss.ktx360.com"])
def test_the_old_hosts_of_the_sockets_are_those_of_the_first_generation(bench: Bench2, host: str) -> None:
    now, before = bench.simulation.socket_for("/", host), Bench().simulation.socket_for("/", host)

    assert now is not None
    assert before is not None
    assert now[0] == "market"  # which is at the root of any other host
    assert before[0] == ("market" if "market" in host else "user")


def test_a_path_of_the_new_base_costs_what_its_read_costs(bench: Bench2) -> None:
    bench = Bench2(limits=True)

    assert bench.read("/v1/fills", "market=spot&symbol=BTC_USDT&limit=300").usage.startswith("13:")
    assert bench.place().usage.startswith("5:")
    assert bench.post("/v1/orders/delete", symbol="BTC_USDT").usage.startswith("10:")


# --- public


def test_a_ping_is_answered_with_nothing(bench: Bench2) -> None:
    assert unwrapped(bench.get("/v1/ping")) == {}


def test_the_time_is_that_of_the_clock_that_checks_expiry(bench: Bench2) -> None:
    bench.desk.skew_ns = 5_000 * MS

    assert unwrapped(bench.get("/v1/time")) == {"time": str(bench.now_ms + 5_000)}


def test_coins_are_the_assets_and_none_has_a_chain(bench: Bench2) -> None:
    rows = unwrapped(bench.get("/v1/coins"))

    assert [row["asset"] for row in rows] == ["USDT", "BTC", "ETH", "EOS"]
    for row in rows:
        check("coin", row)
        assert (row["enable_transfer"], row["chains"]) == (1, [])


def test_there_is_no_list_of_other_domains(bench: Bench2) -> None:
    assert unwrapped(bench.get("/v1/pu/domains")) == []


def test_the_published_tiers_are_told_of_every_contract(bench: Bench2) -> None:
    rules = unwrapped(bench.get("/v1/pu/getPositionTierRules"))

    (printed,) = [row for row in FIXTURE["responses"] if row["path"] == "/v1/pu/getPositionTierRules"]
    assert set(rules) == {"BTC_USDT_SWAP", "ETH_USDT_SWAP", "EOS_USDT_SWAP"}
    assert rules["EOS_USDT_SWAP"][:2] == printed["body"]["EOS_USDT_SWAP"]
    for row in rules["BTC_USDT_SWAP"]:
        check("tier", row)


def test_a_contracts_summary_tells_of_its_day_and_of_what_is_held(bench: Bench2) -> None:
    bench.hold_long()
    placed(bench, "bob", "sell", "0.2", "100100")
    placed(bench, "bob", "buy", "0.2", "99900", merge=PositionMerge.LONG)

    row = next(row for row in unwrapped(bench.get("/v1/pu/contracts")) if row["ticker_id"] == PERPETUAL)

    check("contract", row)
    assert {name: row[name] for name in ("last_price", "bid", "ask", "base_volume", "quote_volume", "open_interest")} == {
        "last_price": "100000",
        "bid": "99900",
        "ask": "100100",
        "base_volume": "0.1",
        "quote_volume": "10000",
        "open_interest": "0.1",
    }
    assert row["open_interest_usd"] == "10000"
    assert (row["base_currency"], row["quote_currency"], row["product_type"]) == ("BTC", "USDT", "Perpetual")


def test_ids_and_sides_of_books_and_trades_are_numbers_over_rest(bench: Bench2) -> None:
    bench.trade("100", "2")
    bench.trade("100", "1", taker="sell")

    book = unwrapped(bench.get("/v1/order_book", "market=spot&symbol=BTC_USDT"))
    trades = unwrapped(bench.get("/v1/trades", "market=spot&symbol=BTC_USDT"))

    check("book", book)
    for row in trades:
        check("trade", row)
    assert [(row["i"], row["s"]) for row in trades] == [(1, 1), (2, -1)]


def test_so_they_are_on_the_stream(bench: Bench2) -> None:
    socket = bench.connect(host="m-stream.ktx.com")
    socket.subscribe("spot.BTC_USDT.order_book.5", "spot.BTC_USDT.trades")
    bench.trade("100", "2", taker="sell")

    frames = {frame["stream"]: frame["data"] for frame in socket.wait(SECOND)}

    (trade,) = frames["spot.BTC_USDT.trades"]
    check("trade", trade)
    assert trade["s"] == -1
    assert type(trade["i"]) is int


# --- orders


def test_an_order_has_what_is_new_and_not_what_is_gone(bench: Bench2) -> None:
    order = unwrapped(bench.place())

    check("order", order)
    assert "visibleQty" not in order
    assert {name: order[name] for name in ("side", "quantity", "price", "origin", "brokerId", "mini")} == {
        "side": "buy",
        "quantity": "0.0001",
        "price": "90000",
        "origin": 0,
        "brokerId": 0,
        "mini": "false",
    }


def test_an_order_of_a_contract_tells_its_margin_method(bench: Bench2) -> None:
    order = unwrapped(bench.place_contract(price="100000", marginMethod="cross"))

    check("order", order, "marginMethod")
    assert (order["marginMethod"], order["close"]) == ("cross", False)


def test_the_side_alone_says_which_way(bench: Bench2) -> None:
    assert unwrapped(bench.place(side="sell", price="95000"))["side"] == "sell"


def test_ids_of_updates_are_shown_and_bound_the_list(bench: Bench2) -> None:
    first = unwrapped(bench.place())
    bench.wait(MS)
    second = unwrapped(bench.place())
    query = "market=spot&symbol=BTC_USDT"

    assert int(first["update_id"]) < int(second["update_id"])
    listed = unwrapped(bench.read("/v1/pending/orders", f"{query}&after={second['update_id']}"))
    assert [order["orderId"] for order in listed] == [second["orderId"]]


def test_every_update_has_a_higher_id_than_the_one_before_also_within_a_millisecond(bench: Bench2) -> None:
    socket = UserSocket.of(bench)
    for _ in range(3):
        rests, goes = unwrapped(bench.place(quantity="3")), unwrapped(bench.place(quantity="1"))
        bench.rest("sell", "90000", "2")
        bench.post("/v1/order/delete", id=goes["orderId"])
        bench.rest("sell", "90000", "1")
        bench.place(quantity="1", time_in_force="ioc")
        assert unwrapped(bench.read("/v1/order", f"id={rests['orderId']}"))["status"] == "filled"

    frames = socket.rows("order")
    ids = [int(order["update_id"]) for order in frames]
    assert len(ids) == 3 * 7
    assert sorted(set(ids)) == ids
    assert {order["updateTime"] for order in frames} == {str(bench.now_ms)}
    for order in {order["orderId"]: order for order in frames}.values():
        assert unwrapped(bench.read("/v1/order", f"id={order['orderId']}"))["update_id"] == order["update_id"]


def test_a_page_of_past_orders_begins_where_the_last_one_ended(bench: Bench2) -> None:
    ids = [unwrapped(bench.place())["orderId"] for _ in range(5)]
    for order_id in (ids[3], ids[0], ids[4], ids[1], ids[2]):
        bench.post("/v1/order/delete", id=order_id)
    ended = [ids[3], ids[0], ids[4], ids[1], ids[2]]
    query = "market=spot&symbol=BTC_USDT&limit=2"

    def page(bound: str) -> list[dict[str, str]]:
        return list(unwrapped(bench.read("/v1/history/orders", f"{query}&{bound}")))

    newest = page("before=9223372036854775807")
    older = page(f"before={newest[0]['update_id']}")
    oldest = page(f"before={older[0]['update_id']}")
    forwards = page(f"after={older[0]['update_id']}")
    assert [[order["orderId"] for order in each] for each in (newest, older, oldest, forwards)] == [
        ended[3:],
        ended[2:4],
        ended[1:3],
        ended[2:4],
    ]
    assert page(f"after={int(newest[1]['update_id']) + 1}") == page("before=1") == []


def test_pending_and_past_orders_are_two_lists(bench: Bench2) -> None:
    rests, goes = unwrapped(bench.place()), unwrapped(bench.place())
    assert unwrapped(bench.post("/v1/order/delete", id=goes["orderId"])) == [1]

    pending = unwrapped(bench.read("/v1/pending/orders", "market=spot"))
    past = unwrapped(bench.read("/v1/history/orders", "market=spot&symbol=BTC_USDT"))

    assert [order["orderId"] for order in pending] == [rests["orderId"]]
    assert [(order["orderId"], order["status"]) for order in past] == [(goes["orderId"], "cancelled")]
    assert unwrapped(bench.read("/v1/pending/orders", "market=lpc")) == []


def test_all_orders_of_a_product_are_cancelled_by_post(bench: Bench2) -> None:
    bench.place()
    bench.place(side="sell", price="95000")

    assert unwrapped(bench.post("/v1/orders/delete", market="spot", symbol="BTC_USDT", side="sell")) == [1]
    assert unwrapped(bench.post("/v1/orders/delete", market="spot", symbol="BTC_USDT")) == [1]


def test_an_order_that_must_be_filled_at_once_is_filled_or_refused_and_kept_as_rejected(bench: Bench2) -> None:
    bench.rest("sell", "90000", "0.0003")

    filled = unwrapped(bench.place(quantity="0.0002", time_in_force="fok"))
    refused = bench.place(quantity="0.0002", time_in_force="fok")

    assert (filled["status"], filled["timeInForce"]) == ("filled", "fok")
    assert refused.body["state"] == -21001
    (_, last) = unwrapped(bench.read("/v1/history/orders", "market=spot&symbol=BTC_USDT"))
    assert (last["status"], last["executedQty"]) == ("rejected", "0")


def test_fills_have_ids_of_their_own_and_sides(bench: Bench2) -> None:
    bench.rest("buy", "90000", "0.0002")
    bench.place(side="sell")
    bench.place(side="sell")

    first, second = unwrapped(bench.read("/v1/fills", "market=spot&symbol=BTC_USDT"))
    order = unwrapped(bench.read("/v1/order", f"id={first['orderId']}"))

    check("fill", first)
    check("fill of an order", order["fills"][0])
    assert first["side"] == order["fills"][0]["side"] == "sell"
    assert int(first["fillId"]) < int(second["fillId"])
    bounded = unwrapped(bench.read("/v1/fills", f"market=spot&symbol=BTC_USDT&after={second['fillId']}"))
    assert bounded == [second]


def test_the_order_of_a_liquidation_tells_that_it_is_one_and_at_which_mark(bench: Bench2) -> None:
    customer(bench, "carol", "1200")
    placed(bench, "bob", "sell", "0.1", "100000")
    unwrapped(bench.place_contract(who="carol", price="100000"))
    socket = UserSocket(bench, host="u-stream.ktx.com", path="/")
    socket.login("carol")
    bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=900_000_000))

    (*_, forced) = unwrapped(bench.read("/v1/history/orders", "market=lpc&symbol=BTC_USDT_SWAP", who="carol"))

    check("order", forced, "marginMethod", "markPrice")
    assert (forced["origin"], forced["markPrice"], forced["close"]) == (-1, "90000", True)
    assert [row["origin"] for row in socket.rows("order")][-1] == -1


# --- accounts


def test_the_trade_account_tells_what_is_locked_and_free(bench: Bench2) -> None:
    customer(bench, "carol", "20")
    bench.place(who="carol")  # 9 and 0.009 of fees

    (row,) = unwrapped(bench.read("/v1/trade/accounts", "asset=USDT", who="carol"))

    check("trade account", row)
    assert row == {
        "asset": "USDT",
        "balance": "20",
        "locked": "9.009",
        "free": "10.991",
        "withdrawable": "10.991",
        "collateral": False,
    }


def test_a_push_of_a_balance_has_the_same_fields(bench: Bench2) -> None:
    socket = UserSocket.of(bench)
    bench.place()

    (row,) = socket.rows("account")
    check("trade account", row)
    assert unwrapped(bench.read("/v1/trade/accounts", "asset=USDT")) == [row]


@pytest.mark.parametrize(("type_", "sign"), [("TRADE_WALLET", ""), ("TRADE_WALLET", "-")])
def test_money_goes_to_the_main_account_and_back(bench: Bench2, type_: str, sign: str) -> None:
    customer(bench, "carol", "20")

    out = unwrapped(bench.post("/v1/transfer", symbol="USDT", amount=f"{sign}12.5", type=type_, who="carol"))
    assert out == {"asset": "USDT", "balance": "7.5"}
    for method in ("GET", "POST"):
        body = b"" if method == "GET" else b'{"asset":"USDT"}'
        query = "asset=USDT" if method == "GET" else ""
        reply = bench.send(
            method, "/papi/v1/main/accounts", query, body=body, headers=bench.signed(query.encode() or body, "carol")
        )
        (row,) = unwrapped(reply)
        check("main account", row)
        assert row == {"asset": "USDT", "balance": "12.5", "locked": "0", "free": "12.5"}

    back = unwrapped(bench.post("/v1/transfer", symbol="USDT", amount=2, type="WALLET_TRADE", who="carol"))
    assert back == {"asset": "USDT", "balance": "9.5"}
    assert (bench.money(Wallet.SPOT, "USDT", who="carol"), bench.money(Wallet.FUNDING, "USDT", who="carol")) == (
        Decimal("9.5"),
        Decimal("10.5"),
    )
    rows = unwrapped(bench.read("/v1/ledgers", who="carol"))
    assert [(row["amount"], row["type"]) for row in rows[-2:]] == [("-12.5", "transfer"), ("2", "transfer")]


def test_a_transfer_with_an_id_is_made_once(bench: Bench2) -> None:
    body = {"symbol": "USDT", "amount": 1, "type": "TRADE_WALLET", "transfer_id": "mine"}

    assert unwrapped(bench.post("/v1/transfer", **body))
    assert bench.post("/v1/transfer", **body).state == -20002
    assert unwrapped(bench.post("/v1/transfer", who="bob", **body))


def test_a_transfer_that_fails_uses_up_no_id(bench: Bench2) -> None:
    body = {"symbol": "USDT", "type": "WALLET_TRADE", "transfer_id": "mine"}

    assert bench.post("/v1/transfer", amount=1, **body).state == -20005
    assert bench.post("/v1/transfer", amount=1, **body).state == -20005


def test_without_assets_all_of_both_accounts_are_told(bench: Bench2) -> None:
    for reply in (bench.read("/v1/trade/accounts"), bench.post("/v1/main/accounts"), bench.read("/v1/main/accounts")):
        assert [row["asset"] for row in unwrapped(reply)] == ["USDT", "BTC", "ETH", "EOS"]


# --- both generations


def test_a_signature_of_the_first_generation_is_none_of_the_second(bench: Bench2) -> None:
    material = bench.simulation.keys["alice"].material
    headers = {**bench.signed(b"", "alice"), "api-sign": signature(material.secret, b"")}

    assert bench.send("GET", "/papi/v1/trade/accounts", headers=headers).state == -12101


def test_the_first_generation_has_none_of_the_new_fields() -> None:
    bench = Bench()
    bench.trade("100", "1", taker="sell")
    order = bench.order(
        "POST", "/v1/order", {"symbol": "BTC_USDT", "market": "spot", "type": "limit", "quantity": "1", "price": "90"}
    ).data
    book = bench.get("/v1/order_book", "market=spot&symbol=BTC_USDT").data
    (trade,) = bench.get("/v1/trades", "market=spot&symbol=BTC_USDT").data

    new = {"mini", "origin", "markPrice", "brokerId", "update_id", "marginMethod"}
    assert order.keys() & new == set()
    assert order["visibleQty"] == "1"
    assert (type(book["i"]), trade["i"], trade["s"]) == (str, "1", "-1")
    assert bench.read("/v1/fills", "market=spot&symbol=BTC_USDT").data[0].keys() & {"fillId", "side"} == set()
