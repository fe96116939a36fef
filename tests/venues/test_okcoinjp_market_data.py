"""The public book, trades and ticker of a pair (okj§8)."""

from __future__ import annotations

from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import DAY, MINUTE, SECOND, SPOT, SpotBench, by_id, make_listing, nanoseconds

MERGES = load("okcoinjp", "depth_merge")
OPEN_24H = load("okcoinjp", "candles")["open_24h"]

Vector = dict[str, Any]


def market(bench: SpotBench, what: str, query: str = "", symbol: str = "BTC-JPY") -> Any:
    reply = bench.get(f"{SPOT}/instruments/{symbol}/{what}", query, who=None)
    assert reply.status == 200, reply
    return reply.body


# --- book


def rest_levels(bench: SpotBench, side: str, levels: list[list[str]]) -> None:
    """Orders that make up the levels of a vector: the last takes what the others, of the minimum each, leave."""
    for price, qty, orders in levels:
        for _ in range(int(orders) - 1):
            bench.order(side, "0.00000001", price)
        units = int(qty.replace(".", "").ljust(len(qty.split(".")[0]) + 8, "0")) - (int(orders) - 1)
        bench.order(side, f"{units // 10**8}.{units % 10**8:08d}", price)


@pytest.mark.parametrize("vector", **by_id(MERGES["vectors"]))
def test_a_book_is_merged_away_from_the_spread(vector: Vector) -> None:
    bench = SpotBench(make_listing(min_size="0.00000001"))
    rest_levels(bench, "sell", vector["asks"])
    rest_levels(bench, "buy", vector["bids"])
    plain = market(bench, "book")
    assert (plain["asks"], plain["bids"]) == (vector["asks"], vector["bids"])

    merged = market(bench, "book", f"depth={vector['depth']}")

    assert (merged["asks"], merged["bids"]) == (vector["merged_asks"], vector["merged_bids"])


@pytest.mark.parametrize("vector", **by_id(MERGES["size"]))
def test_a_book_has_as_many_levels_as_asked_for_up_to_200(vector: Vector) -> None:
    bench = SpotBench()
    for index in range(201):
        bench.rest("buy", 10_000 - index)
        bench.rest("sell", 20_000 + index)

    book = market(bench, "book", "" if vector["size"] is None else f"size={vector['size']}")

    assert len(book["bids"]) == len(book["asks"]) == int(vector["levels_at_most"])


def test_levels_stand_best_first_and_count_their_orders() -> None:
    bench = SpotBench()
    for side, price, size in (
        ("buy", "99", "1"), ("buy", "100", "2"), ("buy", "99", "0.5"), ("sell", "102", "1"), ("sell", "101", "3"),
    ):  # fmt: skip
        bench.order(side, size, price)

    book = market(bench, "book")

    assert book["bids"] == [["100", "2", "1"], ["99", "1.5", "2"]]
    assert book["asks"] == [["101", "3", "1"], ["102", "1", "1"]]


def test_a_book_is_merged_before_it_is_cut() -> None:
    bench = SpotBench()
    for price in ("101", "102", "103", "111"):
        bench.order("sell", "1", price)

    assert market(bench, "book", "depth=10&size=1")["asks"] == [["110", "3", "3"]]
    assert market(bench, "book", "depth=10&size=2")["asks"] == [["110", "3", "3"], ["120", "1", "1"]]


@pytest.mark.parametrize("depth", ["0", "-1", "0.05", "0.15", "1e-8"])
def test_a_bucket_that_is_no_multiple_of_the_tick_is_refused(depth: str) -> None:
    assert SpotBench().get(f"{SPOT}/instruments/BTC-JPY/book", f"depth={depth}").error == (400, "30024")


@pytest.mark.parametrize(
    ("query", "code"), [("size=-1", "30024"), ("size=many", "30025"), ("depth=fine", "30025"), ("size=1.5", "30025")]
)
def test_a_book_that_cannot_be_is_refused(query: str, code: str) -> None:
    assert SpotBench().get(f"{SPOT}/instruments/BTC-JPY/book", query).error == (400, code)


# --- trades


def trade(bench: SpotBench, price: str, size: str = "1", *, taker: str = "buy") -> None:
    maker = "sell" if taker == "buy" else "buy"
    bench.order(maker, size, price, who="bob")
    bench.order(taker, size, price, who="alice")


def test_trades_stand_newest_first_with_the_takers_side_and_a_count_per_pair() -> None:
    bench = SpotBench()
    trade(bench, "100", "1", taker="buy")
    bench.clock.advance(SECOND)
    trade(bench, "101", "2", taker="sell")

    rows = market(bench, "trades")

    assert [(row["price"], row["size"], row["side"], row["trade_id"]) for row in rows] == [
        ("101", "2", "sell", "2"),
        ("100", "1", "buy", "1"),
    ]
    assert [row["time"] for row in rows] == ["2024-02-15T03:04:06.678Z", "2024-02-15T03:04:05.678Z"]
    assert market(bench, "trades", symbol="ETH-JPY") == []


@pytest.mark.parametrize(("query", "count"), [("", 60), ("limit=60", 60), ("limit=61", 60), ("limit=100", 60), ("limit=2", 2)])
def test_at_most_sixty_trades_are_given_and_more_may_be_asked_for(query: str, count: int) -> None:
    """ccxt always asks for 100."""
    bench = SpotBench()
    bench.order("sell", "100", "100", who="bob")
    for _ in range(70):
        bench.order("buy", "1", "100")

    rows = market(bench, "trades", query)

    assert [int(row["trade_id"]) for row in rows] == list(range(70, 70 - count, -1))


@pytest.mark.parametrize(("query", "code"), [("limit=0", "30024"), ("limit=-5", "30024"), ("limit=all", "30025")])
def test_a_number_of_trades_that_cannot_be_is_refused(query: str, code: str) -> None:
    assert SpotBench().get(f"{SPOT}/instruments/BTC-JPY/trades", query).error == (400, code)


# --- ticker


def test_a_ticker_tells_the_last_trade_the_best_prices_and_the_day() -> None:
    bench = SpotBench()
    for price, size in (("100", "1"), ("120", "2"), ("90", "0.5"), ("110", "1")):
        trade(bench, price, size)
        bench.clock.advance(MINUTE)
    bench.order("buy", "3", "105")
    bench.order("buy", "1", "105", who="bob")
    bench.order("sell", "2", "112.5")

    row = market(bench, "ticker")

    assert row == {
        "instrument_id": "BTC-JPY", "product_id": "BTC-JPY", "last": "110", "last_qty": "1",
        "best_bid": "105", "bid": "105", "best_bid_size": "4", "best_ask": "112.5", "ask": "112.5", "best_ask_size": "2",
        "open_24h": "100", "high_24h": "120", "low_24h": "90", "base_volume_24h": "4.5", "quote_volume_24h": "495",
        "timestamp": "2024-02-15T03:08:05.678Z",
    }  # fmt: skip


@pytest.mark.parametrize("vector", **by_id(OPEN_24H))
def test_the_opening_price_is_that_of_the_minute_24_hours_ago(vector: Vector) -> None:
    """Two trades in that minute: its open counts. The minute before has left the window, the one after does not matter."""
    minute, now = nanoseconds(f"{vector['candle_time']}Z"), nanoseconds(f"{vector['now']}Z")
    bench = SpotBench(start=f"{vector['candle_time'][:-5]}00:00Z")
    for time_ns, price in ((minute - 1, "100"), (minute, "110"), (minute + 30 * SECOND, "120"), (minute + MINUTE, "130")):
        bench.clock.advance_to(time_ns)
        trade(bench, price)
    bench.clock.advance_to(now)

    row = market(bench, "ticker")

    assert row["open_24h"] == "110"
    assert (row["low_24h"], row["high_24h"], row["base_volume_24h"]) == ("110", "130", "3")


def test_the_day_rolls_and_a_quiet_one_stands_at_the_last_price() -> None:
    bench = SpotBench()
    trade(bench, "100")
    trade(bench, "200")
    bench.clock.advance(DAY + 2 * MINUTE)

    row = market(bench, "ticker")

    assert (row["last"], row["open_24h"], row["high_24h"], row["low_24h"]) == ("200",) * 4
    assert (row["base_volume_24h"], row["quote_volume_24h"]) == ("0", "0")


def test_a_pair_with_orders_and_no_trade_yet_shows_zeros_for_what_it_lacks() -> None:
    bench = SpotBench()
    bench.order("buy", "2", "100")

    row = market(bench, "ticker")

    assert (row["best_bid"], row["best_bid_size"], row["best_ask"], row["last"], row["open_24h"]) == ("100", "2", "0", "0", "0")


def test_a_pair_with_nothing_to_show_is_no_relevant_data_and_missing_in_the_list() -> None:
    bench = SpotBench()
    trade(bench, "100")

    assert bench.get(f"{SPOT}/instruments/ETH-JPY/ticker").error == (400, "30036")
    assert [row["instrument_id"] for row in bench.rows("/instruments/ticker")] == ["BTC-JPY"]
    assert SpotBench().rows("/instruments/ticker") == []


def test_the_list_of_tickers_has_the_rows_of_the_single_ones() -> None:
    bench = SpotBench()
    bench.order("buy", "2", "100")
    bench.order("buy", "2", "100", instrument_id="ETH-JPY")

    rows = bench.rows("/instruments/ticker")

    assert rows == [market(bench, "ticker", symbol=symbol) for symbol in ("BTC-JPY", "ETH-JPY")]


@pytest.mark.parametrize("what", ["book", "ticker", "trades", "candles"])
def test_an_unknown_pair_does_not_exist(what: str) -> None:
    assert SpotBench().get(f"{SPOT}/instruments/BTC-EUR/{what}", who=None).error == (400, "30032")
