"""Products, books, candles, trades and tickers over REST: shapes, merging, pages, and what is refused (ktx§6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from ktx_support import MS, SECOND, START_MS, Bench, by_id
from mockex.fixtures import load

NUMBERS = load("ktx", "numbers")
CANDLES = load("ktx", "candles")
PRICE_SCALE = NUMBERS["price_scale"]
PAIR = "market=spot&symbol=BTC_USDT"
MINUTE = 60 * SECOND


def traded() -> Bench:
    """A market with a book and some trades."""
    bench = Bench()
    for price, qty in (("100", "1"), ("100.5", "2"), ("99.25", "0.5")):
        bench.trade(price, qty)
        bench.wait(10 * SECOND)
    bench.rest("buy", "99", "3")
    bench.rest("sell", "101", "4")
    return bench


# --- shapes


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("order_book", PAIR),
        ("candles", f"{PAIR}&time_frame=1m"),
        ("trades", PAIR),
        ("ticker", PAIR),
    ],
)
def test_a_reply_has_the_documented_fields(name: str, query: str) -> None:
    reply = traded().get(f"/v1/{name}", query)

    assert deviations(reply.data, load("ktx", f"rest/{name}")["fields"]) == []


def test_a_spot_product_has_the_fields_that_are_not_a_perpetuals() -> None:
    (row,) = Bench().get("/v1/products", PAIR).data

    assert row == {
        "id": 1, "market": "spot", "symbol": "BTC_USDT", "takerFee": "0.001", "makerFee": "0.001",
        "minOrderSize": "0.0001", "maxOrderSize": "10000000", "quantityScale": 4, "priceScale": 4,
        "minOrderValue": "0.0001", "maxOrderValue": "10000000000",
    }  # fmt: skip


def test_products_of_a_market_are_listed_without_a_symbol() -> None:
    assert [row["symbol"] for row in Bench().get("/v1/products", "market=spot").data] == ["BTC_USDT", "ETH_USDT", "EOS_USDT"]


# --- books


@pytest.mark.parametrize("row", **by_id(PRICE_SCALE["merged"]))
def test_prices_are_merged_so_that_the_book_never_crosses(row: dict[str, Any]) -> None:
    bench = Bench()
    for side, word in (("b", "buy"), ("a", "sell")):
        for price, qty in PRICE_SCALE["book"][side]:
            bench.rest(word, price, qty)

    book = bench.get("/v1/order_book", f"{PAIR}&price_scale={row['price_scale']}").data

    for side in ("b", "a"):
        assert [tuple(map(Decimal, level)) for level in book[side]] == [tuple(map(Decimal, level)) for level in row[side]]


def test_a_merged_book_is_cut_after_it_was_merged() -> None:
    bench = Bench()
    for price, qty in PRICE_SCALE["book"]["b"]:
        bench.rest("buy", price, qty)

    book = bench.get("/v1/order_book", f"{PAIR}&price_scale=2&level=1").data

    assert [tuple(map(Decimal, level)) for level in book["b"]] == [(Decimal("46125.69"), Decimal("2.5"))]


def test_an_update_id_rises_with_every_change_of_the_book() -> None:
    bench = Bench()
    before = int(bench.get("/v1/order_book", PAIR).data["i"])
    bench.rest("buy", "99")

    book = bench.get("/v1/order_book", PAIR).data

    assert int(book["i"]) > before
    assert book["t"] == str(START_MS)


# --- candles


@pytest.mark.parametrize("row", **by_id(CANDLES["boundaries"]))
def test_a_candle_opens_where_its_time_frame_does(row: dict[str, Any]) -> None:
    bench = Bench(start_ms=row["trade_at"])
    bench.trade("100", "2")

    candles = bench.get("/v1/candles", f"{PAIR}&time_frame={row['time_frame']}").data

    assert candles["e"] == [[row["start"], "100", "100", "100", "100", "2", "200", "1", 1]]
    assert candles["t"] == next(p["milliseconds"] for p in CANDLES["periods"] if p["rest"] == row["time_frame"])


def minutes(count: int) -> Bench:
    """A trade in each of so many minutes, but none in the third."""
    bench = Bench()
    for minute in range(count):
        if minute != 2:
            bench.trade(str(100 + minute))
            bench.trade(str(100 + minute))
        bench.wait(MINUTE)
    return bench


def test_candles_ascend_number_their_first_trades_and_leave_empty_minutes_out() -> None:
    rows = minutes(5).get("/v1/candles", f"{PAIR}&time_frame=1m").data["e"]

    assert [row[1] for row in rows] == ["100", "101", "103", "104"]
    assert [(row[7], row[8]) for row in rows] == [("1", 2), ("3", 2), ("5", 2), ("7", 2)]


def test_bounds_of_candles_are_included() -> None:
    bench = minutes(5)
    starts = [row[0] for row in bench.get("/v1/candles", f"{PAIR}&time_frame=1m").data["e"]]

    def found(more: str) -> list[str]:
        return [row[0] for row in bench.get("/v1/candles", f"{PAIR}&time_frame=1m&{more}").data["e"]]

    assert found(f"before={starts[2]}&limit=2") == starts[1:3]
    assert found(f"after={starts[1]}&limit=2") == starts[1:3]
    assert found("limit=1") == starts[3:]


def test_both_bounds_of_candles_together_are_refused() -> None:
    assert Bench().get("/v1/candles", f"{PAIR}&time_frame=1m&before=1&after=1").state == -21003


@pytest.mark.parametrize(("frame", "state"), [("", -21002), ("1w", -21003), ("1H", -21003), (None, -21001)])
def test_a_time_frame_is_one_of_the_list_in_its_own_case(frame: str | None, state: int) -> None:
    more = "" if frame is None else f"&time_frame={frame}"

    assert Bench().get("/v1/candles", PAIR + more).state == state


# --- trades


def test_trades_ascend_and_tell_the_takers_side_by_a_number() -> None:
    bench = Bench()
    bench.trade("100", "1", taker="buy")
    bench.wait(SECOND)
    bench.trade("101", "2", taker="sell")

    rows = bench.get("/v1/trades", PAIR).data

    assert rows == [
        {"i": "1", "p": "100", "q": "1", "s": "1", "t": str(START_MS)},
        {"i": "2", "p": "101", "q": "2", "s": "-1", "t": str(START_MS + 1_000)},
    ]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("limit=2", [4, 5]),
        ("before=3", [1, 2, 3]),
        ("before=3&limit=2", [2, 3]),
        ("after=4", [4, 5]),
        ("after=2&limit=2", [2, 3]),
        (f"start_time={START_MS + 3_000}", [4, 5]),
        (f"end_time={START_MS + 1_000}", [1, 2]),
        (f"start_time={START_MS + 1_000}&end_time={START_MS + 2_000}", [2, 3]),
    ],
)
def test_a_page_of_trades_includes_its_bounds(more: str, found: list[int]) -> None:
    bench = Bench()
    for _ in range(5):
        bench.trade()
        bench.wait(SECOND)

    assert [int(row["i"]) for row in bench.get("/v1/trades", f"{PAIR}&{more}").data] == found


@pytest.mark.parametrize("more", ["before=1&after=1", "before=1&start_time=1", "after=1&end_time=1", "start_time=1&before=2"])
def test_bounds_of_trades_that_may_not_stand_together_are_refused(more: str) -> None:
    assert Bench().get("/v1/trades", f"{PAIR}&{more}").state == -21003


# --- tickers


@pytest.mark.parametrize("query", ["symbol=BTC_USDT,EOS_USDT", "symbol=BTC_USDT&symbol=EOS_USDT"])
def test_several_tickers_are_asked_for_in_either_form(query: str) -> None:
    rows = Bench().get("/v1/ticker", f"market=spot&{query}").data

    assert [row["product"] for row in rows] == ["BTC_USDT", "EOS_USDT"]


def test_a_ticker_tells_of_the_day() -> None:
    (row,) = traded().get("/v1/ticker", PAIR).data

    assert row == {
        "product": "BTC_USDT", "last": "99.25", "lastQty": "0.5", "bidPrice": "99", "bidQty": "3", "askPrice": "101",
        "askQty": "4", "open": "100", "high": "100.5", "low": "99.25", "volume": "3.5", "amount": "350.625",
        "change": "-0.0075", "time": str(START_MS + 30_000), "firstTradeId": 1, "tradeCount": 3,
    }  # fmt: skip


# --- what is refused


@pytest.mark.parametrize("path", ["products", "order_book", "candles", "trades", "ticker"])
@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("", -21001),
        ("market=&symbol=BTC_USDT&time_frame=1m", -21002),
        ("market=margin&symbol=BTC_USDT&time_frame=1m", -21003),
        ("market=spot&symbol=&time_frame=1m", -21002),
        ("market=spot&symbol=BTC_EUR&time_frame=1m", -22003),
        ("market=spot&symbol=btc_usdt&time_frame=1m", -22003),
        ("market=lpc&symbol=BTC_USDT&time_frame=1m", -22003),
    ],
)
def test_market_and_symbol_are_checked_in_that_order(path: str, query: str, state: int) -> None:
    assert Bench().get(f"/v1/{path}", query).state == state


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("order_book", "level=3"),
        ("order_book", "price_scale=6"),
        ("order_book", "price_scale=-1"),
        ("trades", "limit=0"),
        ("trades", "limit=1001"),
        ("trades", "before=x"),
        ("trades", "start_time=-1"),
        ("candles", "time_frame=1m&limit=1001"),
        ("candles", "time_frame=1m&before=1.5"),
    ],
)
def test_a_value_out_of_its_range_is_invalid(path: str, more: str) -> None:
    assert Bench().get(f"/v1/{path}", f"{PAIR}&{more}").state == -21003


def test_an_unknown_path_is_404_and_a_wrong_method_is_not() -> None:
    bench = Bench()

    unknown = bench.get("/v1/nothing")
    assert (unknown.status, unknown.body) == (404, {"state": -20002, "msg": "unknown_request: GET /api/v1/nothing"})
    wrong = bench.send("PUT", "/api/v1/trades")
    assert (wrong.status, wrong.state) == (200, -20004)


def test_replies_are_wrapped_where_asked_for_and_errors_never() -> None:
    bench = Bench(wrap_result=True)

    assert bench.get("/v1/trades", PAIR).body == {"state": 0, "result": []}
    assert bench.get("/v1/trades").state == -21001


def test_the_second_generation_wraps_unasked() -> None:
    assert Bench(profile="gen2").get("/v1/trades", PAIR).body == {"state": 0, "result": []}


def test_there_are_no_spare_domains() -> None:
    assert Bench().send("GET", "/v1/public/queryApiDomain").data == []


def test_times_follow_the_venues_clock() -> None:
    bench = Bench()
    bench.wait(7 * MS)

    assert bench.get("/v1/order_book", PAIR).data["t"] == str(START_MS + 7)
