"""Placing and cancelling: what is accepted, what becomes of it, batches, client ids, the cap, and every form of cancel."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from coinstore_support import ACTIVE, ACTIVE_V2, DAY, PLACE, SECOND, START_MS, START_S, Bench, Reply, by_id, make_listing
from mockex.fixtures import load

MATCHING = load("coinstore", "matching")
NUMBERS = load("coinstore", "numbers")
BATCH = "/api/trade/order/placeBatch"
CANCEL = "/api/trade/order/cancel"
CANCEL_BATCH = "/api/trade/order/cancelBatch"
CANCEL_NAMED = "/api/trade/order/cancelBatchByClOrdId"
CANCEL_ALL = "/api/trade/order/cancelAll"
LIMIT = {"side": "BUY", "ordType": "LIMIT", "ordPrice": "100", "ordQty": "1"}
COARSE = make_listing(qty_decimals=4)


def set_book(bench: Bench) -> None:
    """The book of the vectors."""
    for side, levels in (("sell", MATCHING["book"]["a"]), ("buy", MATCHING["book"]["b"])):
        for price, qty in levels:
            bench.rest(side, price, qty)


# --- matching


@pytest.mark.parametrize("row", **by_id(MATCHING["orders"]))
def test_an_order_meets_the_book_of_the_vector(row: dict[str, Any]) -> None:
    bench = Bench(COARSE)
    set_book(bench)
    before = bench.balances()
    order_id = bench.write(PLACE, {"symbol": "BTCUSDT", **row["order"]}).data["ordId"]

    found = bench.info(order_id)
    fills = bench.read("/api/trade/match/accountMatches", f"symbol=BTCUSDT&ordId={order_id}").data
    qtys = [Decimal(fill["execQty"]) for fill in reversed(fills)]
    prices = [Decimal(fill["execAmt"]) / qty for fill, qty in zip(reversed(fills), qtys, strict=True)]
    assert list(zip(prices, qtys, strict=True)) == [(Decimal(price), Decimal(qty)) for price, qty in row["fills"]]
    assert (found["ordStatus"], found["leavesQty"]) == (row["state"], row["leavesQty"])
    assert sum(Decimal(fill["fee"]) for fill in fills) == Decimal(row["fee"])
    assert {fill["acturalFeeRate"] for fill in fills} <= {Decimal(row["rate"])}
    after = bench.balances()
    frozen = sum(Decimal(after[code][1]) for code in ("BTC", "USDT"))
    assert frozen == Decimal(row["frozen_after"])
    bought = row["order"]["side"] == "BUY"
    received = "BTC" if bought else "USDT"
    total = sum(Decimal(qty) if bought else Decimal(price) * Decimal(qty) for price, qty in row["fills"])
    gained = sum(map(Decimal, after[received])) - sum(map(Decimal, before[received]))
    assert gained == total - Decimal(row["fee"]), "the fee is taken from what is received"


def test_a_market_buy_gets_back_what_does_not_pay_for_a_lot() -> None:
    row = MATCHING["market_buy_dust"]
    bench = Bench(COARSE)
    bench.rest("sell", row["price"], "10")
    before = Decimal(bench.balances()["USDT"][0])

    found = bench.info(bench.place_id("BUY", ordType="MARKET", ordAmt=row["ordAmt"]))

    assert (found["cumQty"], found["cumAmt"], found["ordStatus"]) == (row["quantity"], row["spent"], "FILLED")
    assert before - Decimal(bench.balances()["USDT"][0]) == Decimal(row["spent"])
    assert bench.balances()["USDT"][1] == "0"
    assert Decimal(row["ordAmt"]) - Decimal(row["spent"]) == Decimal(row["refund"])


@pytest.mark.parametrize(
    ("kind", "fields"), [("buy", {"side": "BUY", "ordAmt": "100"}), ("sell", {"side": "SELL", "ordQty": "1"})]
)
def test_a_market_order_against_an_empty_book_is_cancelled_and_has_no_price(kind: str, fields: dict[str, str]) -> None:
    bench = Bench()
    before = bench.balances()

    order_id = bench.write(PLACE, {"symbol": "BTCUSDT", "ordType": "MARKET", **fields}).data["ordId"]

    found = bench.info(order_id)
    assert (found["ordStatus"], found["ordPrice"], found["cumQty"], found["timeInForce"]) == ("CANCELED", "0", "0", "GTC")
    assert bench.balances() == before


def test_a_market_order_that_fills_or_kills_is_killed_whole() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")

    found = bench.info(bench.place_id("BUY", ordType="MARKET", ordAmt="150", timeInForce="FOK"))

    assert (found["ordStatus"], found["cumQty"]) == ("CANCELED", "0")


def test_a_post_only_order_that_would_take_is_refused_only_by_the_switch() -> None:
    bench = Bench(post_only_refused=True)
    bench.rest("sell", "100", "1")

    assert bench.order("BUY", "100", "1", ordType="POST_ONLY").error == (400, "ordPrice-invalid")
    assert bench.info(bench.place_id("BUY", "99", "1", ordType="POST_ONLY"))["ordStatus"] == "SUBMITTED"


def test_an_account_trades_with_itself_and_is_told_how_much() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1", who="alice")
    bench.rest("sell", "100", "1", who="bob")

    bench.place_id("BUY", "100", "2")

    fills = bench.read("/api/trade/match/accountMatches", "symbol=BTCUSDT").data
    assert [(fill["matchRole"], fill["selfDealingQty"]) for fill in fills] == [(1, 0), (1, 1), (-1, 1)]


def test_fees_round_against_the_payer_below_eighteen_decimals() -> None:
    bench = Bench()
    bench.rest("sell", "0.00000000001", "100001", symbol="LUFFYUSDT")
    order_id = bench.place_id("BUY", "0.00000000001", "100001", symbol="LUFFYUSDT")

    (fill,) = bench.read("/api/trade/match/accountMatches", f"symbol=LUFFYUSDT&ordId={order_id}").data
    assert fill["fee"] == Decimal("200.002")
    assert fill["feeCurrencyId"] == fill["baseCurrencyId"] == 1_012


# --- ids and times


@pytest.mark.parametrize("row", **by_id(NUMBERS["order_ids"]))
def test_a_published_id_begins_with_its_second(row: dict[str, Any]) -> None:
    seconds, counter = divmod(int(row["text"]), 2**20)

    assert (str(seconds), str(counter)) == (row["seconds"], row["counter"])


def test_an_order_id_begins_with_the_second_of_its_placing() -> None:
    bench = Bench()
    ids = [bench.place_id("BUY", "90", "1") for _ in range(3)]
    bench.clock.advance(2 * SECOND)
    ids.append(bench.place_id("BUY", "90", "1"))

    assert [order_id >> 20 for order_id in ids] == [START_S, START_S, START_S, START_S + 2]
    assert ids == sorted(set(ids))
    assert max(ids) < 2**53


@pytest.mark.parametrize(
    ("given", "shown"), [({}, START_MS), ({"timestamp": 1_642_407_805_168}, 1_642_407_805_168), ({"timestamp": "7"}, 7)]
)
def test_an_order_has_the_time_that_the_client_gave_it(given: dict[str, Any], shown: int) -> None:
    bench = Bench()

    assert bench.info(bench.place_id("BUY", "90", "1", **given))["timestamp"] == shown


def test_the_time_of_a_change_is_the_clients_until_a_fill_and_then_in_seconds() -> None:
    bench = Bench()
    untouched, filled = (bench.place_id("BUY", "100", "2", timestamp=1_642_407_805_168) for _ in range(2))
    assert bench.info(untouched)["orderUpdateTime"] == 1_642_407_805_168
    bench.write(CANCEL, {"symbol": "BTCUSDT", "ordId": untouched})
    bench.clock.advance(5 * SECOND)
    bench.rest("sell", "100", "1")

    assert bench.info(untouched)["orderUpdateTime"] == bench.info(untouched)["timestamp"]
    found = bench.info(filled)
    assert (found["orderUpdateTime"], found["timestamp"]) == (START_S + 5, 1_642_407_805_168)


def test_an_order_without_a_client_id_gets_32_hexadecimal_digits() -> None:
    bench = Bench()

    names = {bench.info(bench.place_id("BUY", "90", "1"))["clOrdId"] for _ in range(5)}

    assert len(names) == 5
    assert all(len(name) == 32 and set(name) <= set("0123456789abcdef") for name in names)


@pytest.mark.parametrize("name", ["a", "x" * 64, "with blank", "é€", 17, "{field}"])
def test_any_printable_client_id_of_64_characters_is_taken(name: object) -> None:
    bench = Bench()

    assert bench.info(bench.place_id("BUY", "90", "1", clOrdId=name))["clOrdId"] == str(name)


def test_a_client_id_is_taken_while_its_order_is_open_and_for_a_day() -> None:
    bench = Bench()
    kept = bench.place_id("BUY", "90", "1", clOrdId="open")
    ended = bench.place_id("BUY", "90", "1", clOrdId="ended")
    bench.write(CANCEL, {"symbol": "BTCUSDT", "ordId": ended})

    assert bench.order("BUY", "90", "1", clOrdId="ended", symbol="ETHUSDT").error == (3111, "duplicate-order")
    assert bench.place_id("BUY", "90", "1", clOrdId="ended", who="bob")
    bench.clock.advance(DAY - 1)
    assert bench.order("BUY", "90", "1", clOrdId="ended").failed
    bench.clock.advance(1)
    assert bench.order("BUY", "90", "1", clOrdId="open").failed
    again = bench.place_id("BUY", "90", "1", clOrdId="ended")
    assert bench.read("/api/trade/order/orderInfo", "clOrdId=ended").data["ordId"] == again != ended
    assert bench.info(kept)["ordStatus"] == "SUBMITTED"


# --- numbers of requests


@pytest.mark.parametrize("row", **by_id([row for row in NUMBERS["requests"] if row["id"] != "numbers.request.integer"]))
def test_numbers_come_as_text_or_number_and_with_exponents(row: dict[str, Any]) -> None:
    bench = Bench()
    token = row["text"] if row["json"] == "number" else f'"{row["text"]}"'
    price, qty = (token, '"1000"') if Decimal(row["value"]) < 1 else ('"0.00000000092"', token)

    reply = bench.write(
        PLACE, f'{{"symbol":"luffyusdt","side":"BUY","ordType":"LIMIT","ordPrice":{price},"ordQty":{qty}}}'.encode()
    )

    found = bench.info(reply.data["ordId"])
    assert row["value"] in (found["ordPrice"], found["ordQty"])
    (listed,) = bench.read(ACTIVE).data
    assert '"ordPrice":9.2E-10' in bench.read(ACTIVE).text
    assert listed["ordId"] == str(reply.data["ordId"])


@pytest.mark.parametrize("value", ["", "abc", "1,5", "0x10", "NaN", "Infinity", "1e400", [], {}, True, " 1"])
def test_what_is_no_number_is_told_by_its_field(value: object) -> None:
    error = (400, "ordPrice-required" if value == "" else "ordPrice-invalid")

    assert Bench().write(PLACE, {"symbol": "BTCUSDT", **LIMIT, "ordPrice": value}).error == error


@pytest.mark.parametrize(
    ("pair", "amount", "error"),
    [("BTCUSDT", "100.25", None), ("BTCUSDT", "100.251", 3106), ("LUFFYUSDT", "1.00000000001", None), ("BTCUSDT", 100, None)],
)
def test_money_has_the_decimals_of_a_price_and_two_at_least(pair: str, amount: object, error: int | None) -> None:
    reply = Bench(make_listing("ETH", price_decimals=0)).order("BUY", symbol=pair, ordType="MARKET", ordAmt=amount)

    assert (reply.error[0] if reply.failed else None) == error


def test_money_of_a_pair_with_whole_prices_has_two_decimals() -> None:
    bench = Bench(make_listing("ETH", price_decimals=0))

    assert not bench.order("BUY", symbol="ETHUSDT", ordType="MARKET", ordAmt="100.25").failed
    assert bench.order("BUY", symbol="ETHUSDT", ordType="MARKET", ordAmt="100.251").error[0] == 3106


def test_symbols_may_be_in_any_case() -> None:
    bench = Bench()
    order_id = bench.place_id("BUY", "90", "1", symbol="btcUSDT")

    assert bench.info(order_id)["symbol"] == "BTCUSDT"
    assert bench.write(CANCEL, {"symbol": "BtcUsdt", "ordId": order_id}).data["state"] == "CANCELED"


def test_the_alias_of_the_sample_comes_by_a_switch() -> None:
    data = Bench(place_emit_order_id_alias=True).order("BUY", "90", "1").data

    assert data["order_id"] == data["ordId"]
    assert list(Bench().order("BUY", "90", "1").data) == ["ordId"]


# --- the cap


def test_fifty_orders_may_be_open_in_all_pairs_together_and_what_cannot_rest_does_not_count() -> None:
    bench = Bench()
    for number in range(50):
        bench.place_id("BUY", "90", "1", symbol=("BTCUSDT", "ETHUSDT")[number % 2])

    refused = bench.order("BUY", "90", "1", symbol="TRXUSDT")
    assert refused.error == (3195, "active-order-limit")
    assert not bench.order("BUY", "90", "1", timeInForce="IOC").failed
    assert not bench.order("BUY", "90", "1", who="bob").failed
    bench.write(CANCEL_ALL, {"symbol": "ETHUSDT"})
    assert not bench.order("BUY", "90", "1").failed


def test_a_market_maker_may_have_more() -> None:
    bench = Bench()
    bench.flag("alice", "market_maker")
    for _ in range(60):
        bench.place_id("BUY", "90", "1")

    assert len(bench.read(ACTIVE_V2).data) == 60


# --- batches


def batch(bench: Bench, *orders: object, **more: object) -> Reply:
    return bench.write(BATCH, {"symbol": "LUFFYUSDT", "orders": list(orders), "timestamp": 1_642_574_848_089, **more})


def test_a_batch_is_carried_out_in_order_and_each_order_alone() -> None:
    bench = Bench()
    good = {"side": "BUY", "ordType": "LIMIT", "ordPrice": 9.2e-10, "ordQty": "1000"}
    poor = good | {"side": "SELL", "ordQty": "1" + "0" * 16, "clOrdId": "ccc777"}

    rows = batch(bench, good | {"clOrdId": "ccc666"}, poor, good, good | {"clOrdId": "ccc666"}, good | {"side": "UP"}).data

    first, second, third, fourth, fifth = rows
    assert first["clOrdId"] == "ccc666"
    assert second == {"clOrdId": "ccc777", "errno": 3113, "errMsg": "account-insufficient"}
    assert third["ordId"] == first["ordId"] + 1
    assert len(third["clOrdId"]) == 32
    assert fourth == {"clOrdId": "ccc666", "errno": 3111, "errMsg": "duplicate-order"}
    assert fifth == {"errno": 400, "errMsg": "side-invalid"}, "an order without a name fails without one"
    assert {bench.info(row["ordId"])["timestamp"] for row in (first, third)} == {1_642_574_848_089}


def test_symbol_and_time_are_the_batchs_own() -> None:
    bench = Bench()

    (row,) = batch(bench, LIMIT | {"symbol": "BTCUSDT", "timestamp": 5, "ordQty": "1000"}).data

    found = bench.info(row["ordId"])
    assert (found["symbol"], found["timestamp"]) == ("LUFFYUSDT", 1_642_574_848_089)


def test_the_cap_counts_within_a_batch() -> None:
    bench = Bench()
    bench.place_id("BUY", "90", "1")

    rows = batch(bench, *[LIMIT | {"ordQty": "1000"}] * 50).data

    assert [row.get("errno") for row in rows] == [None] * 49 + [3195]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"orders": []}, (400, "orders-required")), ({"orders": None}, (400, "orders-required")),
        ({"orders": [LIMIT] * 51}, (400, "orders-invalid")), ({"orders": LIMIT}, (400, "orders-invalid")),
        ({"orders": [1]}, (400, "orders-invalid")), ({"symbol": ""}, (400, "symbol-required")),
        ({"symbol": "FOO"}, (3011, "symbol not found")), ({"timestamp": []}, (400, "timestamp-invalid")),
    ],
)  # fmt: skip
def test_a_batch_that_is_none_is_refused_whole(body: dict[str, Any], error: tuple[int, str]) -> None:
    assert batch(Bench(), LIMIT, **body).error == error


def test_a_restricted_account_may_place_no_batch() -> None:
    bench = Bench()
    bench.flag("alice", "trading_restricted")

    assert batch(bench, LIMIT).error == (3013, "trade-limit")


# --- cancelling


def cancel(bench: Bench, **body: object) -> Reply:
    return bench.write(CANCEL, {"symbol": "BTCUSDT", **body})


def test_an_order_is_cancelled_by_either_id_and_its_funds_are_free() -> None:
    bench = Bench()
    before = bench.balances()
    ids = [bench.place_id("BUY", "90", "1", clOrdId=f"a{number}") for number in range(3)]

    answers = [cancel(bench, ordId=ids[0]), cancel(bench, ordId=str(ids[1])), cancel(bench, clOrdId="a2")]

    assert [reply.data for reply in answers] == [
        {"clientOrderId": f"a{number}", "state": "CANCELED", "ordId": order_id} for number, order_id in enumerate(ids)
    ]
    assert bench.balances() == before
    assert bench.info(ids[0])["leavesQty"] == "0"


def test_an_order_that_has_ended_says_how_and_not_its_client_id() -> None:
    bench = Bench()
    order_id = bench.place_id("BUY", "100", "1")
    cancel(bench, ordId=order_id)
    filled = bench.place_id("BUY", "100", "1")
    bench.rest("sell", "100", "1")

    assert cancel(bench, ordId=order_id).data == {"state": "CANCELED", "ordId": order_id}
    assert cancel(bench, ordId=filled).data == {"state": "FILLED", "ordId": filled}


def test_unknown_foreign_and_other_pairs_orders_are_not_found() -> None:
    bench = Bench()
    foreign, other = bench.rest("buy", "90"), bench.place_id("BUY", "90", "1", symbol="ETHUSDT")

    for named in ({"ordId": 1}, {"ordId": foreign}, {"ordId": other}, {"clOrdId": "x"}, {"ordId": 11594964764657880},
                  {"ordId": "9" * 24}):  # fmt: skip
        assert cancel(bench, **named).error == (3103, "order-not-found")


@pytest.mark.parametrize(
    ("body", "error"),
    [({}, "ordId-required"), ({"orderId": 1}, "ordId-required"), ({"ordId": "x"}, "ordId-invalid"),
     ({"ordId": -1}, "ordId-invalid"), ({"ordId": [1]}, "ordId-invalid"), ({"ordId": "9" * 25}, "ordId-invalid"),
     ({"symbol": None, "ordId": 1}, "symbol-required")],
)  # fmt: skip
def test_a_cancel_names_an_order(body: dict[str, Any], error: str) -> None:
    assert cancel(Bench(), **body).error == (400, error)


def test_a_batch_of_cancels_tells_apart_what_it_did() -> None:
    bench = Bench()
    first, second, third = (bench.place_id("BUY", "90", "1") for _ in range(3))
    other = bench.place_id("BUY", "90", "1", symbol="ETHUSDT")
    cancel(bench, ordId=third)

    data = bench.write(CANCEL_BATCH, {"symbol": "btcusdt", "orderIds": [second, str(first), first, third, other, 7]}).data

    assert data == {"success": [second, first], "reject": [first, third, other, 7]}
    assert [row["ordId"] for row in bench.read(ACTIVE_V2).data] == [other]


@pytest.mark.parametrize(
    ("ids", "error"),
    [(None, "order.id-required"), ([], "order.id-required"), (5, "order.id-invalid"), (["x"], "order.id-invalid"),
     ([None], "order.id-required"), ([2**63], "order.id-invalid"), ([1.5], "order.id-invalid"), ([-1], "order.id-invalid")],
)  # fmt: skip
def test_a_batch_of_cancels_names_ids(ids: object, error: str) -> None:
    assert Bench().write(CANCEL_BATCH, {"symbol": "BTCUSDT", "orderIds": ids}).error == (400, error)


@pytest.mark.parametrize("path", [CANCEL_NAMED, CANCEL])
def test_client_ids_are_cancelled_on_their_own_path_and_where_the_vendors_script_posts_them(path: str) -> None:
    bench = Bench()
    for name in ("ccc666", "ccc777"):
        bench.place_id("BUY", "90", "1", clOrdId=name)

    some = bench.write(path, {"symbol": "BTCUSDT", "clientOrderIds": ["ccc666", "ccc888"]})
    rest = bench.write(path, {"symbol": "BTCUSDT", "clientOrderIds": ["ccc777"]})

    assert some.data == {"success": ["ccc666"], "reject": ["ccc888"]}
    assert rest.data == {"success": ["ccc777"]}


@pytest.mark.parametrize(
    ("names", "error"), [(None, "required"), ([], "required"), ("ccc666", "invalid"), ([1], "invalid"), ({}, "invalid")]
)
def test_client_ids_are_a_list_of_texts(names: object, error: str) -> None:
    assert Bench().write(CANCEL_NAMED, {"symbol": "BTCUSDT", "clientOrderIds": names}).error == (400, f"clientOrderIds-{error}")


def test_all_orders_of_a_pair_are_cancelled_and_nothing_is_said_where_there_was_none() -> None:
    bench = Bench()
    ids = [bench.place_id("BUY", "90", "1") for _ in range(3)]
    other = bench.place_id("BUY", "90", "1", symbol="ETHUSDT")

    assert bench.write(CANCEL_ALL, {"symbol": "BTCUSDT"}).body == {"data": {"canceling": ids}, "code": 0}
    assert bench.write(CANCEL_ALL, {"symbol": "BTCUSDT"}).body == {"code": 0}
    assert bench.write(CANCEL_ALL, {}).error == (400, "symbol-required")
    assert [row["ordId"] for row in bench.read(ACTIVE_V2).data] == [other]


def test_with_strict_documents_nobody_cancels_all() -> None:
    bench = Bench(strict_documents=True)
    bench.place_id("BUY", "90", "1")

    assert bench.write(CANCEL_ALL, {"symbol": "BTCUSDT"}).status == 404
    assert len(bench.read(ACTIVE).data) == 1
