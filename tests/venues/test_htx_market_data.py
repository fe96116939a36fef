"""Market data over REST: shapes of the examples, exact figures, and every mistake in a request (htx§3.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import DAY, HOUR, MINUTE, SECOND, START_MS, Bench, by_id, make_listing
from mockex.fixtures import load

from mockex.core.candles import Candle

NAMES = ["tickers", "merged", "detail", "depth", "full_book", "trade", "trades", "kline", "candles"]
PATHS = {name: load("htx", f"rest/{name}")["path"] for name in NAMES}
OF_CANDLES = "symbol=btcusdt&period=1min"
QUERIES = {"tickers": "", "depth": "symbol=btcusdt&type=step0", "kline": OF_CANDLES, "candles": OF_CANDLES}
CANDLES = load("htx", "candles")

INVALID = "invalid-parameter"


def query_of(name: str) -> str:
    return QUERIES.get(name, "symbol=btcusdt")


@pytest.fixture
def bench() -> Bench:
    """A market with some levels a side and some trades."""
    bench = Bench()
    for price in ("99.5", "99.4", "98"):
        bench.rest("buy", price)
    for price in ("100.5", "101.2", "102"):
        bench.rest("sell", price)
    bench.trade("100", "0.5")
    bench.clock.advance(SECOND)
    bench.rest("buy", "101.2", "1.5", who="alice")
    return bench


def data(bench: Bench, name: str, query: str = "") -> Any:
    reply = bench.get(PATHS[name], query or query_of(name))
    assert reply.status == 200
    return reply.body


# --- shapes


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_has_the_shape_of_the_examples(bench: Bench, name: str) -> None:
    body = data(bench, name)

    assert body.get("data", body.get("tick"))
    assert deviations(body, load("htx", f"rest/{name}")["fields"]) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_names_its_channel_and_time_as_the_example_does(bench: Bench, name: str) -> None:
    body = data(bench, name)
    example = load("htx", f"rest/{name}")["responses"][0]["body"]

    assert list(body)[:3] == list(example)[:3]
    assert body["ts"] == START_MS + 1_000
    period = "1min" if name in ("kline", "candles") else "5min"
    assert body.get("ch") == (example["ch"].replace("5min", period) if "ch" in example else None)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_market_is_shown_in_the_same_shape(name: str) -> None:
    body = data(Bench(), name)

    assert body["status"] == "ok"
    assert deviations(body, load("htx", f"rest/{name}")["fields"]) == []


@pytest.mark.parametrize("name", NAMES)
def test_authentication_and_other_parameters_are_ignored(bench: Bench, name: str) -> None:
    """As the guide's sample sends them: `?&Signature=..` alone."""
    query = query_of(name)

    assert data(bench, name, f"&{query}&Signature=x&AccessKeyId=y&&foo=1") == data(bench, name, query)


def test_numbers_are_printed_like_doubles(bench: Bench) -> None:
    text = bench.get(PATHS["merged"], query_of("merged")).text

    assert '"bid":[99.5,1.0]' in text
    bench.trade("0.0000009", "40000000", symbol="shibusdt")
    assert '"price":9.0E-7' in bench.get(PATHS["trade"], "symbol=shibusdt").text
    assert '"amount":4.0E7' in bench.get(PATHS["trade"], "symbol=shibusdt").text


# --- tickers


def test_a_detail_is_of_the_last_24_hours_and_opens_at_the_price_before_them() -> None:
    bench = Bench()
    for price, qty in (("100", "1"), ("110", "2"), ("99", "3")):
        bench.trade(price, qty)
        bench.clock.advance(10 * HOUR)

    tick = data(bench, "detail")["tick"]  # 30 hours after the first

    assert {name: tick[name] for name in ("open", "close", "low", "high", "amount", "vol", "count")} == {
        "open": 100, "close": 99, "low": 99, "high": 110, "amount": 5, "vol": 517, "count": 2,
    }  # fmt: skip


def test_a_merged_detail_has_the_best_prices_besides(bench: Bench) -> None:
    detail, merged = data(bench, "detail")["tick"], data(bench, "merged")["tick"]

    assert merged == {**detail, "bid": [Decimal("99.5"), 1], "ask": [Decimal("101.2"), Decimal("0.5")]}


def test_a_side_without_orders_shows_zeros() -> None:
    bench = Bench()
    bench.rest("buy", "99.5")

    tick = data(bench, "merged")["tick"]
    assert (tick["bid"], tick["ask"], tick["close"]) == ([Decimal("99.5"), 1], [0, 0], 0)


def test_a_tickers_prices_are_of_the_day_in_utc_8_and_its_volumes_of_24_hours() -> None:
    bench = Bench(start="2024-02-15T15:00:00Z")  # an hour before midnight there
    bench.trade("100", "1")
    bench.clock.advance(30 * MINUTE)
    bench.trade("110", "2")
    bench.clock.advance(HOUR)
    bench.trade("105", "3")
    bench.trade("101", "1")
    bench.rest("buy", "95", "7")

    row = data(bench, "tickers")["data"][0]

    assert row == {
        "symbol": "btcusdt", "open": 105, "high": 105, "low": 101, "close": 101, "amount": 7, "vol": 736, "count": 4,
        "bid": 95, "bidSize": 7, "ask": 0, "askSize": 0,
    }  # fmt: skip


def test_a_day_without_trades_stands_at_the_last_price() -> None:
    bench = Bench(start="2024-02-15T15:00:00Z")
    bench.trade("100", "1")
    bench.clock.advance(2 * HOUR)

    row = data(bench, "tickers")["data"][0]

    assert [row[name] for name in ("open", "high", "low", "close", "amount", "count")] == [100, 100, 100, 100, 1, 1]


# --- books


def test_a_book_without_depth_has_150_levels_or_20_in_groups() -> None:
    bench = Bench()
    for index in range(160):
        bench.rest("buy", str(1999 - index))
        bench.rest("sell", str(2001 + index))

    for step, levels in (("step0", 150), ("step1", 20), ("step5", 1)):
        tick = data(bench, "depth", f"symbol=btcusdt&type={step}")["tick"]
        assert (len(tick["bids"]), len(tick["asks"])) == (levels, levels)
    assert len(data(bench, "full_book")["tick"]["bids"]) == 160


@pytest.mark.parametrize("depth", [5, 10, 20])
@pytest.mark.parametrize("step", ["step0", "step1"])
def test_a_book_of_some_levels_has_the_best_of_them(depth: int, step: str) -> None:
    bench = Bench()
    for index in range(30):
        bench.rest("buy", str(1000 - index))
        bench.rest("sell", str(1001 + index))

    tick = data(bench, "depth", f"symbol=btcusdt&type={step}&depth={depth}")["tick"]

    assert tick["bids"] == [[1000 - index, 1] for index in range(depth)]
    assert tick["asks"] == [[1001 + index, 1] for index in range(depth)]


def test_groups_take_bids_down_and_asks_up_by_powers_of_ten_ticks() -> None:
    bench = Bench()
    for price in ("1234.56", "1234.51", "1234.49"):
        bench.rest("buy", price)
    for price in ("1234.61", "1234.69", "1235.01"):
        bench.rest("sell", price)

    def levels(step: str) -> tuple[Any, Any]:
        tick = data(bench, "depth", f"symbol=btcusdt&type={step}")["tick"]
        return tick["bids"], tick["asks"]

    assert levels("step1") == (
        [[Decimal("1234.5"), 2], [Decimal("1234.4"), 1]],
        [[Decimal("1234.7"), 2], [Decimal("1235.1"), 1]],
    )
    assert levels("step2") == ([[1234, 3]], [[1235, 2], [1236, 1]])
    assert levels("step3") == ([[1230, 3]], [[1240, 3]])
    assert levels("step5") == ([[1000, 3]], [[2000, 3]])


def test_a_version_grows_with_every_change_of_the_book_and_is_the_same_everywhere() -> None:
    bench = Bench()
    seen = []
    for change in (lambda: bench.rest("buy", "100"), lambda: bench.rest("sell", "100", "0.5"), lambda: bench.rest("buy", "99")):
        change()
        versions = {data(bench, name)["tick"]["version"] for name in ("depth", "full_book", "merged", "detail")}
        assert len(versions) == 1
        seen += versions

    assert seen == sorted(set(seen))
    assert data(bench, "depth")["tick"]["version"] == seen[-1], "a look changes nothing"


# --- trades


def test_trades_of_one_match_come_together_the_newest_first(bench: Bench) -> None:
    """The last order took two levels."""
    first, second = data(bench, "trades", "symbol=btcusdt&size=5")["data"]

    assert [(row["price"], row["amount"], row["direction"]) for row in first["data"]] == [
        (Decimal("101.2"), Decimal("0.5"), "buy"),
        (Decimal("100.5"), 1, "buy"),
    ]
    assert [row["trade-id"] for row in first["data"]] == sorted((row["trade-id"] for row in first["data"]), reverse=True)
    assert (first["ts"], second["ts"]) == (START_MS + 1_000, START_MS)
    assert first["id"] > second["id"]
    assert len(second["data"]) == 1
    assert data(bench, "trade")["tick"] == first


def test_size_counts_matches_and_is_1_by_default(bench: Bench) -> None:
    assert len(data(bench, "trades")["data"]) == 1
    assert len(data(bench, "trades", "symbol=btcusdt&size=2000")["data"]) == 2


def test_the_direction_is_the_takers() -> None:
    bench = Bench()
    bench.trade("100", taker="sell")

    assert data(bench, "trade")["tick"]["data"][0]["direction"] == "sell"


def test_before_the_first_trade_there_is_none() -> None:
    assert data(Bench(), "trades")["data"] == []
    assert data(Bench(), "trade")["tick"] == {"id": 0, "ts": START_MS, "data": []}


# --- candles


@pytest.mark.parametrize("boundary", **by_id(CANDLES["boundaries"]))
def test_a_trade_falls_into_the_candle_of_the_vector(boundary: dict[str, Any]) -> None:
    bench = Bench(start="2024-02-01T00:00:00Z")
    bench.clock.advance_to(boundary["trade_at"] * SECOND)
    bench.trade("100")

    for name in ("kline", "candles"):
        rows = data(bench, name, f"symbol=btcusdt&period={boundary['period']}")["data"]
        assert (rows[0]["id"], rows[0]["count"]) == (boundary["id_of_candle"], 1)


def test_every_listed_period_is_served() -> None:
    bench = Bench()
    bench.trade("100")

    for period in CANDLES["periods"]:
        assert data(bench, "kline", f"symbol=btcusdt&period={period}")["ch"] == f"market.btcusdt.kline.{period}"


def test_candles_are_newest_first_amount_is_base_and_vol_is_quote() -> None:
    bench = Bench(start="2024-02-15T03:00:00Z")
    for price, qty in (("100", "1"), ("105", "2"), ("95", "3")):
        bench.trade(price, qty)
    bench.clock.advance(2 * MINUTE)
    bench.trade("96", "4")

    rows = data(bench, "kline", "symbol=btcusdt&period=1min")["data"]

    at = 1_707_966_000
    assert rows == [
        {"id": at + 120, "open": 96, "close": 96, "low": 96, "high": 96, "amount": 4, "vol": 384, "count": 1},
        {"id": at + 60, "open": 95, "close": 95, "low": 95, "high": 95, "amount": 0, "vol": 0, "count": 0},
        {"id": at, "open": 100, "close": 95, "low": 95, "high": 105, "amount": 6, "vol": 595, "count": 3},
    ]


def long_market() -> Bench:
    """2,500 minutes, the newest that of the start."""
    bench = Bench(start="2024-02-15T03:00:00Z")
    now_ns = bench.clock.now_ns()
    for minute in range(2_500, 0, -1):
        candle = Candle(
            open_ns=now_ns - minute * MINUTE, open=1, high=1, low=1, close=1, base_qty=1, quote_amount=1, trade_count=1
        )
        bench.desk.exchange.markets["btcusdt"].candles.seed(candle, MINUTE)
    return bench


@pytest.mark.parametrize(("size", "rows"), [("", 150), ("&size=1", 1), ("&size=2000", 2_000)])
def test_a_kline_has_150_rows_unless_told_otherwise(size: str, rows: int) -> None:
    bench = long_market()

    found = data(bench, "kline", f"symbol=btcusdt&period=1min{size}&from=1&to=2")["data"]

    assert len(found) == rows, "from and to are ignored"
    assert [row["id"] for row in found] == [1_707_966_000 - 60 * index for index in range(rows)]


@pytest.mark.parametrize(
    ("range_", "first", "rows"),
    [
        ("", 0, 150),
        ("&size=10", 0, 10),
        ("&size=1000", 0, 1_000),
        ("&size=1001", 0, 0),
        ("&from=1707965760", 0, 5),
        ("&from=1707965761", 0, 4),
        ("&to=1707965760", 4, 150),
        ("&from=1707965700&to=1707965820", 3, 3),
        ("&from=1707965700&to=1707965820&size=2", 3, 2),
        ("&from=1707966001", 0, 0),
        ("&from=1707965820&to=1707965700", 0, 0),
        ("&from=99999999999&to=99999999999", 0, 0),
        ("&from=x&to=-5&size=3", 0, 3),
        ("&from=999999999999999999999999&size=3", 0, 3),
    ],
)
def test_candles_of_a_range_open_between_from_and_to(range_: str, first: int, rows: int) -> None:
    """`first`: minutes before the newest."""
    found = data(long_market(), "candles", f"symbol=btcusdt&period=1min{range_}")["data"]

    assert [row["id"] for row in found] == [1_707_966_000 - 60 * (first + index) for index in range(rows)]


def test_the_guides_period_is_known_only_with_the_switch() -> None:
    for name in ("kline", "candles"):
        query = "symbol=btcusdt&period=1hour"
        assert Bench().get(PATHS[name], query).error == (200, INVALID, "invalid period")
        assert data(Bench(seed_compat=True), name, query)["ch"] == "market.btcusdt.kline.60min"


# --- mistakes


@pytest.mark.parametrize("name", [name for name in NAMES if name != "tickers"])
@pytest.mark.parametrize("query", ["", "symbol=", "symbol", "Symbol=btcusdt"])
def test_a_symbol_is_required(name: str, query: str) -> None:
    reply = Bench().get(PATHS[name], query)

    assert reply.error == (200, "require-symbol", "Parameter `symbol` is required.")
    assert reply.body["ts"] == START_MS


def test_a_missing_symbol_has_the_code_that_was_seen_in_the_observed_profile() -> None:
    reply = Bench(profile="observed").get(PATHS["depth"])

    assert reply.error == (200, INVALID, "Parameter `symbol` is required.")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "tickers"])
@pytest.mark.parametrize("symbol", ["foo", "BTCUSDT", "btc-usdt", "btcusdt%20", "%ff", "b" * 5_000])
def test_a_symbol_must_be_listed_and_is_told_before_the_rest(name: str, symbol: str) -> None:
    assert Bench().get(PATHS[name], f"symbol={symbol}&type=x&period=x&size=x").error == (200, INVALID, "invalid symbol")


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [
        ("depth", "", "invalid type"), ("depth", "type=", "invalid type"), ("depth", "type=step6", "invalid type"),
        ("depth", "type=STEP0", "invalid type"), ("depth", "type=0", "invalid type"),
        *[("depth", f"type=step0&depth={depth}", "invalid depth") for depth in ("0", "1", "15", "150", "-5", "x", "5.0", "05")],
        ("kline", "", "invalid period"), ("kline", "period=", "invalid period"), ("kline", "period=1MIN", "invalid period"),
        ("kline", "period=2min", "invalid period"), ("candles", "period=60", "invalid period"),
        *[(name, f"period=1min&size={size}", "invalid size") for name in ("kline", "trades") for size in ("x", "1.0", "--")],
        *[
            (name, f"period=1min&size={size}", "invalid size,valid range: [1, 2000]")
            for name in ("kline", "trades", "candles")
            for size in ("0", "-1", "2001", "9" * 500)
        ],
    ],
)  # fmt: skip
def test_a_parameter_out_of_its_range_is_named(name: str, query: str, message: str) -> None:
    assert Bench().get(PATHS[name], f"symbol=btcusdt&{query}").error == (200, INVALID, message)


def test_every_listed_message_of_market_data_has_a_cause_but_a_slow_venues() -> None:
    """`request timeout` can be planned only."""
    (row,) = [row for row in load("htx", "errors")["v1"] if row["code"] == INVALID]
    bench = Bench()
    seen = {
        bench.get(PATHS[name], query).error[2]
        for name, query in (
            ("merged", "symbol=x"), ("kline", "symbol=btcusdt"), ("depth", "symbol=btcusdt"),
            ("depth", "symbol=btcusdt&type=step0&depth=1"), ("kline", "symbol=btcusdt&period=1min&size=x"),
            ("kline", "symbol=btcusdt&period=1min&size=0"),
        )
    }  # fmt: skip
    bench.desk.flags.add("not_open")
    seen.add(bench.get(PATHS["merged"], "symbol=btcusdt").error[2])

    assert seen == set(row["messages"]) - {"request timeout"}


def test_a_pair_of_the_operators_is_served_like_the_others() -> None:
    bench = Bench(make_listing("TRX", "BTC", price_precision=8))
    bench.trade("0.00000123", "10", symbol="trxbtc")

    text = bench.get(PATHS["trade"], "symbol=trxbtc").text

    assert '"price":1.23E-6' in text
    assert bench.get(PATHS["tickers"]).body["data"][-1]["symbol"] == "trxbtc"


def test_a_read_of_the_past_is_of_the_past_as_a_whole() -> None:
    """A stale read has the older book with the older version, so that increments still fit."""
    bench = Bench()
    bench.rest("buy", "100")
    bench.clock.advance(DAY)
    bench.desk.chaos.add([{"what": {"action": "stale", "ms": 1_000}}], seed=1)
    bench.clock.advance(SECOND)
    before = data(bench, "depth")["tick"]
    bench.rest("buy", "101")

    assert data(bench, "depth")["tick"] == before
    bench.clock.advance(SECOND)
    after = data(bench, "depth")["tick"]
    assert len(after["bids"]) == 2
    assert after["version"] > before["version"]
