"""What is public of perpetuals: products with funding and mark price; books, candles, trades, tickers, and their streams."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from ktx_support import MS, SECOND, Bench
from ktx_user_client import PERPETUAL, placed
from mockex.fixtures import load

from mockex.core.clock import VirtualClock
from mockex.core.commands import SetFundingRate, SetIndexPrice, SetMarkPrice
from mockex.core.invariants import digest
from mockex.world import SimulatedWorld, WorldSettings

PRODUCTS = load("ktx", "rest/products")
PERPETUALS = load("ktx", "perpetuals")
FUNDING = PERPETUALS["funding"]
PAIR = f"market=lpc&symbol={PERPETUAL}"
STREAM = f"lpc.{PERPETUAL}"
HOUR = 3_600 * SECOND
LATE_MS = int(FUNDING["published_time"]) - FUNDING["interval_ms"]  # the funding before the published one has just been paid


def index_at(bench: Bench, price: str, symbol: str = PERPETUAL) -> None:
    bench.desk.execute(SetIndexPrice(symbol=symbol, price=int(Decimal(price) * 10**4)))


def product(bench: Bench, query: str = PAIR) -> dict[str, Any]:
    (row,) = bench.get("/v1/products", query).data
    assert deviations([row], PRODUCTS["fields"]) == []
    return dict(row)


def traded() -> Bench:
    bench = Bench()
    for price in ("100", "101"):
        placed(bench, "bob", "sell", "1", price)
        placed(bench, "alice", "buy", "0.25", price)
        bench.wait(SECOND)
    placed(bench, "bob", "buy", "2", "99.5")
    return bench


# --- products


def test_the_published_product_is_told_as_it_was_published() -> None:
    bench = Bench(start_ms=LATE_MS)
    index_at(bench, "98042.3405")
    assert [product(bench)] == PRODUCTS["responses"][0]["body"]


def test_three_perpetuals_are_listed_each_with_a_number_of_its_own() -> None:
    rows = Bench().get("/v1/products", "market=lpc").data
    assert [(row["id"], row["symbol"]) for row in rows] == [(5, "BTC_USDT_SWAP"), (6, "ETH_USDT_SWAP"), (7, "EOS_USDT_SWAP")]
    assert deviations(rows, PRODUCTS["fields"]) == []
    assert all("markPrice" in row for row in rows)


def test_a_mark_price_is_0_before_there_is_any() -> None:
    assert product(Bench())["markPrice"] == "0"


@pytest.mark.parametrize("row", PERPETUALS["marks"], ids=[row["id"] for row in PERPETUALS["marks"]])
def test_the_mark_price_is_the_median_of_index_middle_and_last_trade(row: dict[str, Any]) -> None:
    bench, middle = Bench(), Decimal(row["mid"])
    placed(bench, "bob", "sell", "0.1", row["last"])
    placed(bench, "alice", "buy", "0.1", row["last"])
    placed(bench, "bob", "buy", "0.1", str(middle - 1))
    placed(bench, "alice", "sell", "0.1", str(middle + 1))
    bench.trade(row["index"])
    assert product(bench)["markPrice"] == row["markPrice"]


def test_the_index_is_the_spot_pairs_last_price() -> None:
    bench = Bench()
    bench.trade("98000")
    assert product(bench)["markPrice"] == "98000"
    bench.trade("3500", symbol="ETH_USDT")
    assert product(bench)["markPrice"] == "98000"
    assert product(bench, "market=lpc&symbol=ETH_USDT_SWAP")["markPrice"] == "3500"


@pytest.mark.parametrize("row", FUNDING["rates"], ids=[row["id"] for row in FUNDING["rates"]])
def test_the_predicted_rate_follows_the_premium_and_is_paid_in_the_end(row: dict[str, Any]) -> None:
    """The middle of the book stands off the index by the premium for all of eight hours."""
    bench = Bench(start_ms=LATE_MS)
    bench.desk.execute(SetMarkPrice(symbol=PERPETUAL, price=10_000 * 10**4))
    middle = 10_000 * (1 + Decimal(row["premium"]))
    placed(bench, "bob", "buy", "1", str(middle - 1))
    placed(bench, "alice", "sell", "1", str(middle + 1))
    index_at(bench, "10000")
    bench.wait(HOUR)
    assert (product(bench)["fundingRate"], product(bench)["predictedFundingRate"]) == ("0.0001", row["rate"])
    bench.wait(7 * HOUR)
    after = product(bench)
    assert after["fundingRate"] == row["rate"]
    assert after["nextFundingTime"] == str(int(FUNDING["published_time"]) + FUNDING["interval_ms"])


def test_an_operators_rate_is_the_predicted_one() -> None:
    bench = Bench()
    bench.desk.execute(SetFundingRate(symbol=PERPETUAL, rate=-2_500_000))
    assert (product(bench)["fundingRate"], product(bench)["predictedFundingRate"]) == ("0.0001", "-0.0025")


def test_fundings_are_at_0_8_and_16_o_clock() -> None:
    bench = Bench()
    seen = []
    for _ in range(4):
        due_ms = int(product(bench)["nextFundingTime"])
        seen.append(due_ms // 3_600_000 % 24)
        assert due_ms % 3_600_000 == 0
        bench.wait(8 * HOUR)
    assert seen == [16, 0, 8, 16]


# --- market data


@pytest.mark.parametrize(
    ("name", "query"),
    [("order_book", PAIR), ("candles", f"{PAIR}&time_frame=1m"), ("trades", PAIR), ("ticker", PAIR)],
)
def test_a_reply_has_the_documented_fields(name: str, query: str) -> None:
    assert deviations(traded().get(f"/v1/{name}", query).data, load("ktx", f"rest/{name}")["fields"]) == []


def test_books_trades_candles_and_tickers_are_the_perpetuals_own() -> None:
    bench = traded()
    bench.trade("77", "3")
    book = bench.get("/v1/order_book", PAIR).data
    assert (book["b"], book["a"]) == ([["99.5000", "2"]], [["100.0000", "0.5"], ["101.0000", "1"]])
    assert [(row["i"], row["p"], row["q"], row["s"]) for row in bench.get("/v1/trades", PAIR).data] == [
        ("1", "100", "0.25", "1"),
        ("2", "100", "0.25", "1"),
    ]
    (ticker,) = bench.get("/v1/ticker", PAIR).data
    assert (ticker["product"], ticker["last"], ticker["volume"], ticker["amount"]) == (PERPETUAL, "100", "0.5", "50")
    (candle,) = bench.get("/v1/candles", f"{PAIR}&time_frame=1h").data["e"]
    assert candle[1:] == ["100", "100", "100", "100", "0.5", "50", "1", 2]


def test_tickers_of_a_market_are_its_own() -> None:
    assert [row["product"] for row in Bench().get("/v1/ticker", "market=lpc").data] == [
        "BTC_USDT_SWAP",
        "ETH_USDT_SWAP",
        "EOS_USDT_SWAP",
    ]


@pytest.mark.parametrize("path", ["products", "order_book", "trades", "ticker", "candles"])
@pytest.mark.parametrize("query", ["market=spot&symbol=BTC_USDT_SWAP", "market=lpc&symbol=BTC_USDT"])
def test_a_symbol_of_the_other_market_is_no_product(path: str, query: str) -> None:
    assert Bench().get(f"/v1/{path}", f"{query}&time_frame=1m").state == -22003


# --- streams


def test_streams_of_a_perpetual_tell_of_it_alone() -> None:
    bench = traded()
    names = [f"{STREAM}.{kind}" for kind in ("order_book.5", "trades", "candles.1m", "ticker")]
    socket = bench.connect()
    first = socket.subscribe(*names)
    assert {message["stream"] for message in first} == set(names) - {f"{STREAM}.trades"}
    bench.trade("77", "3")
    assert socket.wait(2 * SECOND) == []
    placed(bench, "alice", "buy", "0.5", "100")
    told = {message["stream"]: message["data"] for message in socket.messages() + socket.wait(2 * SECOND)}
    assert set(told) == set(names)
    assert told[f"{STREAM}.order_book.5"]["a"] == [["100.0000", "0"]]
    assert [(row["p"], row["q"], row["s"]) for row in told[f"{STREAM}.trades"]] == [("100", "0.5", "buy")]
    assert told[f"{STREAM}.ticker"]["product"] == PERPETUAL


@pytest.mark.parametrize("name", ["spot.BTC_USDT_SWAP.trades", "lpc.BTC_USDT.trades", "lpc.DOGE_USDT_SWAP.trades"])
def test_a_stream_of_a_product_that_the_market_does_not_have_is_refused(name: str) -> None:
    (answer,) = Bench().connect().send({"id": 1, "method": "SUBSCRIBE", "params": [name]})
    assert (answer["id"], answer["error"]) == (1, -1003)


# --- worlds


def test_a_live_world_has_mark_prices_and_a_jump_of_days_keeps_them_and_pays_funding() -> None:
    world = SimulatedWorld(WorldSettings(start_ns=LATE_MS * MS, venues=("ktx",)))
    contracts = world.simulations["ktx"].desk.exchange.contracts
    assert contracts is not None
    world.advance_to((LATE_MS + 50 * 3_600_000) * MS)
    for contract in contracts.by_symbol.values():
        assert contract.funding is not None
        assert contract.mark is not None
        assert contract.funding.rate is not None
        assert contract.funding.next_ns == (LATE_MS + 56 * 3_600_000) * MS


def test_a_fork_is_equal_and_takes_the_same_funding_from_the_same_commands() -> None:
    bench = traded()
    exchange, clock = bench.desk.exchange, VirtualClock(bench.clock.now_ns())
    copy = exchange.fork(clock=clock, schedule=lambda due_ns, command: copy_due.append((due_ns, command)))
    copy_due: list[Any] = []
    assert digest(copy) == digest(exchange)
    followed: list[Any] = []
    execute = bench.desk.execute
    bench.desk.execute = lambda command: followed.append((bench.clock.now_ns(), command)) or execute(command)  # type: ignore[method-assign]
    bench.wait(9 * HOUR)
    for at_ns, command in followed:
        clock.advance_to(at_ns)
        copy.execute(command)
    clock.advance_to(bench.clock.now_ns())
    assert digest(copy) == digest(exchange)
    assert len(copy_due) == 3  # the next payment of each contract
