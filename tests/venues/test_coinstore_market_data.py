"""Public data over REST: pairs, currencies, books, tickers, trades, candles, prices, and what aggregators once read."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from coinstore_support import DAY, SECOND, START_MS, START_S, Bench, by_id, make_listing, nanoseconds
from mockex.fixtures import load

from mockex.core.markets import MarketPhase
from mockex.venues.coinstore.codec import java_decimal_text, stripped_java_decimal
from mockex.wire.json import dumps

NUMBERS = load("coinstore", "numbers")
CANDLES = load("coinstore", "candles")
SYMBOLS = "/api/v2/public/config/spot/symbols"
CURRENCY = "/api/fi/v1/common/currency"
DEPTH = "/api/v1/market/depth"
KLINE = "/api/v1/market/kline"
TRADES = "/api/v1/market/trade"
TICKERS = "/api/v1/market/tickers"
PRICE = "/api/v1/ticker/price"
PERIODS = {row["rest"]: row for row in CANDLES["periods"]}


def symbols(bench: Bench, **body: Any) -> list[str]:
    reply = bench.send("POST", SYMBOLS, body=json.dumps(body).encode())
    return [row["symbolCode"].upper() for row in reply.data]


# --- numbers


@pytest.mark.parametrize("row", **by_id(NUMBERS["big_decimals"]))
def test_a_number_is_printed_as_java_prints_it(row: dict[str, Any]) -> None:
    units = Decimal(row["value"]).scaleb(row["scale"])

    assert java_decimal_text(int(units), row["scale"]) == row["text"]


@pytest.mark.parametrize(
    ("units", "scale", "text"), [(-91, 11, "-9.1E-10"), (-5, 1, "-0.5"), (1234, 0, "1234"), (-12, 0, "-12")]
)
def test_whole_and_negative_numbers_follow_the_same_rule(units: int, scale: int, text: str) -> None:
    assert java_decimal_text(units, scale) == text


@pytest.mark.parametrize(
    ("units", "scale", "text"),
    [(91, 11, "9.1E-10"), (910, 12, "9.1E-10"), (10_050, 2, "100.5"), (10_000, 2, "100"), (0, 9, "0")],
)
def test_a_stripped_number_has_no_zeros_behind_its_point_and_keeps_those_before_it(units: int, scale: int, text: str) -> None:
    assert dumps(stripped_java_decimal(units, scale)) == text.encode()


# --- pairs


def test_the_row_that_was_seen_is_the_same_here() -> None:
    (seen,) = load("coinstore", "rest/symbols")["responses"][1]["body"]["data"]

    (row,) = Bench().send("POST", SYMBOLS, body=b'{"symbolIds":[2]}').data

    assert row == seen


def test_pairs_are_picked_by_code_in_any_case_and_by_number_and_unknown_ones_skipped() -> None:
    bench = Bench()

    assert symbols(bench) == ["BTCUSDT", "ETHUSDT", "TRXUSDT", "LUFFYUSDT"]
    assert symbols(bench, symbolCodes=["trxusdt", "FOOUSDT"]) == ["TRXUSDT"]
    assert symbols(bench, symbolCodes=["BTCUSDT"], symbolIds=[2, "4", 10]) == ["BTCUSDT", "ETHUSDT", "TRXUSDT"]
    assert symbols(bench, symbolCodes=["FOOUSDT"]) == []
    assert symbols(bench, symbolCodes=["1"]) == []
    assert symbols(bench, symbolIds=[10**30]) == []
    assert symbols(bench, symbolCodes=[], symbolIds=None) == symbols(bench)


@pytest.mark.parametrize("value", ["BTCUSDT", {}, 1, [None], [["BTCUSDT"]], [1.5], [True]])
@pytest.mark.parametrize("name", ["symbolCodes", "symbolIds"])
def test_filters_are_lists_of_names(name: str, value: object) -> None:
    reply = Bench().send("POST", SYMBOLS, body=json.dumps({name: value}).encode())

    assert reply.error == (400, f"{name}-invalid")


def test_a_halted_pair_is_closed_and_an_operators_pair_has_a_number_of_its_own() -> None:
    bench = Bench(make_listing("LUFFY", price_decimals=3, qty_decimals=1), make_listing("TRX"))
    bench.set_phase(MarketPhase.HALTED)

    rows = {row["symbolId"]: row for row in bench.send("POST", SYMBOLS, body=b"{}").data}

    assert [row["openTrade"] for row in rows.values()] == [False, True, True, True]
    assert (rows[1_088]["tickSz"], rows[1_088]["lotSz"], rows[1_088]["minLmtSz"]) == (3, 1, "0.1")
    assert bench.get(f"{DEPTH}/BTCUSDT").data["level"] == 20, "market data go on"


# --- currencies


def test_a_currency_has_its_chains_and_amounts_of_eight_decimals() -> None:
    bench = Bench()

    found = bench.get(CURRENCY, "currencyCode=usdt").data

    assert (found["name"], found["code"]) == ("Tether USD", "usdt")
    assert [(chain["chainName"], chain["chainProtocol"]) for chain in found["chainDataList"]] == [
        ("TRX", "trc20"),
        ("ETH", "erc20"),
    ]
    first = found["chainDataList"][0]
    assert (first["currencyCode"], first["withdrawFee"], first["withdrawMax"]) == ("usdttrx", "1.00000000", "0.00000000")
    assert (first["depositOpen"], first["withdrawOpen"], first["tagType"], first["burningState"]) == (1, 1, 0, 0)


def test_closed_funding_closes_every_chain() -> None:
    bench = Bench()
    bench.desk.flags.add("funding_closed")

    (chain,) = bench.get(CURRENCY, "currencyCode=BTC").data["chainDataList"]

    assert (chain["depositOpen"], chain["withdrawOpen"]) == (0, 0)


def test_a_currency_must_be_named_and_known() -> None:
    assert Bench().get(CURRENCY).error == (400, "currencyCode-required")
    assert Bench().get(CURRENCY, "currencyCode=%FF").error == (101040502, "unsupported currency")


# --- books


def test_a_book_has_triples_best_first_and_says_which_depth_was_asked_for() -> None:
    bench = Bench()
    for price in range(1, 31):
        bench.rest("sell", f"{100 + price}.50", "0.5")
        bench.rest("buy", str(100 - price), "2")

    data = bench.get(f"{DEPTH}/BTCUSDT", "depth=5").data

    assert data["channel"] == "1@depth@5"
    assert (data["level"], data["symbol"], data["instrumentId"]) == (5, "BTCUSDT", 1)
    assert data["a"] == [[f"{101 + index}.5", "0.5", -1] for index in range(5)]
    assert data["b"] == [[str(99 - index), "2", 1] for index in range(5)]


@pytest.mark.parametrize("depth", ["", "depth=7", "depth=x", "depth=-1", "depth=", "depth=5000", "depth=20.0"])
def test_another_depth_is_twenty(depth: str) -> None:
    bench = Bench()
    for price in range(1, 31):
        bench.rest("sell", str(100 + price))

    data = bench.get(f"{DEPTH}/btcusdt", depth).data

    assert (data["level"], len(data["a"]), data["b"]) == (20, 20, [])


def test_prices_far_below_one_are_plain() -> None:
    bench = Bench()
    bench.rest("buy", "0.00000000092", "12323231243", symbol="LUFFYUSDT")

    assert bench.get(f"{DEPTH}/LUFFYUSDT").data["b"] == [["0.00000000092", "12323231243", 1]]


# --- tickers


def test_a_ticker_counts_the_last_24_hours_and_its_volume_is_the_base() -> None:
    bench = Bench()
    bench.trade("90", "1")
    bench.clock.advance(DAY - 120 * SECOND)
    bench.trade("100", "2")
    bench.clock.advance(240 * SECOND)
    bench.trade("110", "3", taker="sell")
    bench.rest("buy", "99", "4")
    bench.rest("sell", "111", "5")

    row = bench.get(TICKERS).data[0]

    assert row == {
        "channel": "ticker", "bidSize": "4", "askSize": "5", "count": 2, "volume": "5", "amount": "530", "close": "110",
        "open": "100", "high": "110", "low": "100", "bid": "99", "ask": "111", "symbol": "BTCUSDT", "instrumentId": 1,
    }  # fmt: skip


def test_a_pair_that_never_traded_has_a_ticker_of_zeros_and_no_price() -> None:
    bench = Bench()
    bench.trade("0.5", symbol="TRXUSDT")

    rows = {row["symbol"]: row for row in bench.get(TICKERS).data}

    assert {rows["BTCUSDT"][name] for name in ("close", "open", "bid", "askSize", "volume", "amount")} == {"0"}
    assert bench.get(PRICE).body == {"code": 0, "message": "", "data": [{"id": 2, "symbol": "TRXUSDT", "price": "0.5"}]}


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        (PRICE, "", ["BTCUSDT", "ETHUSDT"]), (f"{PRICE};symbol=BTCUSDT", "", ["BTCUSDT"]),
        (f"{PRICE};symbol=ETHUSDT,BTCUSDT,FOO", "", ["BTCUSDT", "ETHUSDT"]),
        (f"{PRICE};symbol=ETHUSDT%2CBTCUSDT", "", ["BTCUSDT", "ETHUSDT"]),
        (f"{PRICE};symbol=btcusdt", "", []), (f"{PRICE};symbol=TRXUSDT", "", []), (f"{PRICE};symbol=,", "", []),
        (PRICE, "symbol=BTCUSDT", ["BTCUSDT", "ETHUSDT"]), (f"{PRICE};symbol=", "", ["BTCUSDT", "ETHUSDT"]),
        (f"{PRICE};x=1;symbol=BTCUSDT", "y=2", ["BTCUSDT"]), (f"{PRICE};", "", ["BTCUSDT", "ETHUSDT"]),
        (f"{PRICE};symbol=%FF", "", []),
    ],
)  # fmt: skip
def test_prices_are_picked_by_a_matrix_parameter_and_not_by_the_query(path: str, query: str, found: list[str]) -> None:
    bench = Bench()
    bench.trade("100")
    bench.trade("50", symbol="ETHUSDT")

    assert [row["symbol"] for row in bench.get(path, query).data] == found


# --- trades


def test_trades_come_newest_first_with_seconds_and_milliseconds() -> None:
    bench = Bench()
    bench.trade("100", "1")
    bench.clock.advance(2 * SECOND)
    bench.trade("101", "0.25", taker="sell")

    rows = bench.get(f"{TRADES}/btcusdt", "size=2").data

    assert rows[0] == {
        "channel": "1@trade", "time": START_S + 2, "volume": "0.25", "price": "101", "tradeId": rows[1]["tradeId"] + 1,
        "takerSide": "SELL", "seq": rows[0]["tradeId"], "ts": START_MS + 2_000, "symbol": "BTCUSDT", "instrumentId": 1,
    }  # fmt: skip
    assert rows[1]["takerSide"] == "BUY"


def test_twenty_trades_come_unless_told_and_a_hundred_at_most() -> None:
    bench = Bench()
    for _ in range(105):
        bench.trade("100", "0.01")

    assert len(bench.get(f"{TRADES}/BTCUSDT").data) == 20
    assert len(bench.get(f"{TRADES}/BTCUSDT", "size=100").data) == 100
    for size in ("0", "101", "x", "1.5", "-1"):
        assert bench.get(f"{TRADES}/BTCUSDT", f"size={size}").error == (400, "size-invalid")


# --- candles


@pytest.mark.parametrize("row", **by_id(CANDLES["boundaries"]))
def test_a_candle_begins_and_ends_where_the_vector_has_it(row: dict[str, Any]) -> None:
    bench = Bench(start="2022-01-01T00:00:00Z")
    bench.clock.advance_to(row["trade_at"] * SECOND)
    bench.trade("100", "2")
    period = next(name for name, each in PERIODS.items() if each["stream"] == row["interval"])

    data = bench.get(f"{KLINE}/BTCUSDT", f"period={period}").data

    assert data["channel"] == f"1@kline@{row['interval']}"
    (item,) = data["item"]
    assert (item["startTime"], item["endTime"], item["interval"]) == (row["startTime"], row["endTime"], row["interval"])
    assert item["startTime"] * SECOND == nanoseconds(row["opens"])


def test_the_published_week_begins_where_it_does_here() -> None:
    published = CANDLES["published"]
    bench = Bench(start="2022-01-12T00:00:00Z")
    bench.trade()

    (item,) = bench.get(f"{KLINE}/BTCUSDT", "period=1week").data["item"]

    assert (item["startTime"], item["interval"]) == (published["startTime"], published["interval"])


def test_candles_ascend_and_minutes_without_a_trade_have_none() -> None:
    bench = Bench()
    bench.trade("100", "1")
    bench.trade("103", "2")
    bench.trade("99", "1")
    bench.clock.advance(180 * SECOND)
    bench.trade("101", "1")

    first, second = bench.get(f"{KLINE}/BTCUSDT").data["item"]

    assert (first["open"], first["high"], first["low"], first["close"]) == ("100", "103", "99", "99")
    assert (first["volume"], first["amount"]) == ("4", "405")
    assert second["startTime"] - first["startTime"] == 180
    assert first["lastTradeId"] - first["firstTradeId"] == 2
    assert second["firstTradeId"] == second["lastTradeId"] == first["lastTradeId"] + 1
    assert second["lastTradeId"] == bench.get(f"{TRADES}/BTCUSDT").data[0]["tradeId"]


def test_twenty_candles_come_unless_told_and_they_are_the_newest() -> None:
    bench = Bench()
    for _ in range(25):
        bench.trade("100", "0.01")
        bench.clock.advance(60 * SECOND)

    items = bench.get(f"{KLINE}/BTCUSDT").data["item"]
    assert len(items) == 20
    assert items == bench.get(f"{KLINE}/BTCUSDT", "period=1min&size=2000").data["item"][5:]
    for query, error in (
        ("size=0", "size-invalid"), ("size=2001", "size-invalid"), ("period=1m", "period-invalid"),
        ("period=min_1", "period-invalid"), ("period=1mon", "period-invalid"), ("size=x", "size-invalid"),
    ):  # fmt: skip
        assert bench.get(f"{KLINE}/BTCUSDT", query).error == (400, error)


# --- what aggregators read


def aggregated(bench: Bench, path: str, query: str = "") -> Any:
    reply = bench.get(path, query)
    assert (reply.body["code"], reply.body["message"]) == ("0", None)
    return reply.data


def test_the_summary_is_that_of_the_last_24_hours() -> None:
    bench = Bench()
    bench.trade("100", "1")
    bench.trade("103.76", "1")
    bench.rest("buy", "99")
    bench.rest("sell", "111")

    btc, eth, *_ = aggregated(bench, "/v2/public/summary")

    assert btc == {
        "trading_pairs": "BTC_USDT", "last_price": "103.76", "lowest_ask": "111", "highest_bid": "99", "base_volume": "2",
        "quote_volume": "203.76", "price_change_percent_24h": "3.76", "highest_price_24h": "103.76",
        "lowest_price_24h": "100", "base_currency": "BTC", "quote_currency": "USDT",
    }  # fmt: skip
    assert (eth["price_change_percent_24h"], eth["last_price"]) == ("0", "0")


@pytest.mark.parametrize(("last", "percent"), [("100", "0"), ("99", "-1"), ("133.33", "33.33"), ("300", "200")])
def test_the_change_of_a_day_has_two_decimals_at_most(last: str, percent: str) -> None:
    bench = Bench()
    bench.trade("100")
    bench.trade(last)

    assert aggregated(bench, "/v2/public/summary")[0]["price_change_percent_24h"] == percent


def test_assets_and_tickers_are_by_name() -> None:
    bench = Bench()
    bench.trade("100", "1")
    bench.set_phase(MarketPhase.HALTED)

    assets, tickers = aggregated(bench, "/v2/public/assets"), aggregated(bench, "/v2/public/ticker")

    assert assets["BTC"] == {
        "name": "btc", "unified_cryptoasset_id": 1, "can_withdraw": "true", "can_deposit": "true", "min_withdraw": "0.001",
        "max_withdraw": "40", "maker_fee": "0.002", "taker_fee": "0.002",
    }  # fmt: skip
    assert tickers["BTC_USDT"] == {
        "base_id": 1, "quote_id": 30, "last_price": "100", "quote_volume": "100", "base_volume": "1", "isFrozen": 1,
    }  # fmt: skip
    assert tickers["ETH_USDT"]["isFrozen"] == 0
    assert aggregated(bench, "/v3/public/assets") == assets


def test_an_aggregators_book_has_pairs_and_half_the_depth_on_each_side() -> None:
    bench = Bench()
    for price in range(1, 9):
        bench.rest("sell", str(100 + price))
        bench.rest("buy", str(100 - price))
    path = "/v2/public/orderbook/market_pair"

    book = aggregated(bench, path, "market_pair=BTC_USDT&level=2&depth=6")
    best = aggregated(bench, "/v3/public/orderbook/market_pair", "market_pair=btc_usdt&level=1")
    whole = aggregated(bench, path, "market_pair=BTC_USDT&level=&depth=")

    assert book == {
        "timestamp": START_S, "bids": [["99", "1"], ["98", "1"], ["97", "1"]],
        "asks": [["101", "1"], ["102", "1"], ["103", "1"]],
    }  # fmt: skip
    assert (best["bids"], best["asks"]) == ([["99", "1"]], [["101", "1"]])
    assert len(whole["bids"]) == 8
    assert bench.get(path, "market_pair=BTC_USDT&depth=501").error == (400, "depth-invalid")
    assert bench.get(path, "market_pair=BTCUSDT").error == (3011, "symbol not found")
    assert bench.get(path).error == (400, "market_pair-required")


def test_an_aggregators_trades_come_newest_first() -> None:
    bench = Bench()
    for _ in range(30):
        bench.trade("100", "0.5")
    bench.trade("101", "2", taker="sell")

    recent = aggregated(bench, "/v2/public/trades/market_pair", "market_pair=BTC_USDT")
    older = aggregated(bench, "/v2/public/trades/historical_trades", "market_pair=BTC_USDT")

    assert recent[0] == {
        "trade_id": recent[1]["trade_id"] + 1, "price": "101", "base_volume": "2", "quote_volume": "202", "timestamp": START_S,
        "type": "sell",
    }  # fmt: skip
    assert (len(recent), len(older), older[:20]) == (20, 31, recent)


def test_the_list_of_2021_has_numbers_and_symbols() -> None:
    assert Bench().get("/api/v1/config/symbols").body == {
        "data": [{"id": 1, "symbol": "BTCUSDT"}, {"id": 4, "symbol": "ETHUSDT"}, {"id": 2, "symbol": "TRXUSDT"},
                 {"id": 1_088, "symbol": "LUFFYUSDT"}],
        "code": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/v2/public/assets", "/v3/public/assets", "/v2/public/summary", "/v2/public/ticker", "/v2/public/orderbook/market_pair",
     "/v3/public/orderbook/market_pair", "/v2/public/trades/market_pair", "/v2/public/trades/historical_trades",
     "/api/v1/config/symbols"],
)  # fmt: skip
def test_with_strict_documents_what_was_withdrawn_is_gone(path: str) -> None:
    assert Bench(strict_documents=True).get(path, "market_pair=BTC_USDT").status == 404
    assert Bench().get(path, "market_pair=BTC_USDT").status == 200
