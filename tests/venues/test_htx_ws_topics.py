"""What each topic of the market socket says and when, and what requests are answered with (htx§5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import DAY, MINUTE, MS, SECOND, START_MS, Bench, Socket
from mockex.fixtures import load

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.orders import OrderType, Side, StopDirection, StopTrigger

TOPICS = {
    "kline": "market.btcusdt.kline.1min",
    "depth": "market.btcusdt.depth.step0",
    "mbp_refresh": "market.btcusdt.mbp.refresh.20",
    "bbo": "market.btcusdt.bbo",
    "trade_detail": "market.btcusdt.trade.detail",
    "detail": "market.btcusdt.detail",
    "ticker": "market.btcusdt.ticker",
    "tickers": "market.tickers",
}
CADENCES_MS = {"kline": 1_000, "depth": 1_000, "mbp_refresh": 100, "detail": 100, "ticker": 100, "tickers": 1_000}
AT_ONCE = ["bbo", "trade_detail"]
# Whose state is the book's: they hear of orders. The others hear of trades.
OF_THE_BOOK = ["depth", "mbp_refresh", "bbo", "ticker", "tickers"]


def extra_fields(name: str) -> list[dict[str, str]]:
    """The socket's rows of tickers have what those of REST have (htx§5)."""
    fields: list[dict[str, str]] = load("htx", f"ws/{name}")["fields"]
    if name == "tickers":
        numbers = ("bid", "bidSize", "ask", "askSize")
        fields = fields + [{"path": f"data[].{field}", "type": "number", "presence": "always"} for field in numbers]
    return fields


@pytest.fixture
def bench() -> Bench:
    """At a whole second, with a book and a trade."""
    bench = Bench(start="2024-02-15T03:04:05Z")
    bench.rest("buy", "99")
    bench.rest("sell", "101", "2")
    bench.trade("100", "0.5")
    return bench


def reader(bench: Bench, name: str) -> Socket:
    socket = bench.connect()
    socket.subscribe(TOPICS[name])
    return socket


def without_times(message: dict[str, Any]) -> dict[str, Any]:
    tick = {key: value for key, value in message.get("tick", {}).items() if key not in ("ts", "quoteTime")}
    return {key: value for key, value in message.items() if key not in ("ts", "tick")} | {"tick": tick}


# --- shapes


@pytest.mark.parametrize("name", TOPICS)
def test_a_push_has_the_shape_of_the_examples(bench: Bench, name: str) -> None:
    (message,) = bench.connect().subscribe(TOPICS[name])

    assert deviations(message, extra_fields(name)) == []
    assert list(message) == list(load("htx", f"ws/{name}")["frames"][0]["frame"])


@pytest.mark.parametrize("name", TOPICS)
def test_the_example_of_a_subscription_is_taken(bench: Bench, name: str) -> None:
    for example in load("htx", f"ws/{name}")["subscribe"]:
        assert bench.connect().send(example["frame"])[0]["subbed"] == example["frame"]["sub"]


@pytest.mark.parametrize("name", TOPICS)
def test_an_empty_market_is_shown_in_the_same_shape(name: str) -> None:
    messages = Bench().connect().subscribe(TOPICS[name])

    assert len(messages) == (0 if name in ("kline", "trade_detail") else 1)
    assert [deviations(message, extra_fields(name)) for message in messages] == [[]] * len(messages)


# --- when


@pytest.mark.parametrize("name", CADENCES_MS)
def test_a_change_is_told_on_the_next_line_of_the_grid_and_once(bench: Bench, name: str) -> None:
    socket = reader(bench, name)
    bench.clock.advance(30 * MS)
    bench.trade("100", "0.25")
    bench.rest("buy", "99.5", "3")

    bench.clock.advance((CADENCES_MS[name] - 30) * MS - 1)
    assert socket.messages() == []
    bench.clock.advance(1)
    (message,) = socket.messages()

    assert message["ts"] == bench.now_ms
    assert socket.wait(10 * SECOND) == []


@pytest.mark.parametrize("name", AT_ONCE)
def test_a_change_is_told_at_once(bench: Bench, name: str) -> None:
    socket = reader(bench, name)
    bench.clock.advance(30 * MS)
    bench.rest("buy", "101", "0.75", who="alice")

    (message,) = socket.messages()

    assert message["ts"] == bench.now_ms


@pytest.mark.parametrize("name", TOPICS)
def test_orders_are_news_to_those_who_show_the_book_only(bench: Bench, name: str) -> None:
    socket = reader(bench, name)
    bench.rest("buy", "99.5", "3")

    assert len(socket.wait(3 * SECOND)) == (1 if name in OF_THE_BOOK else 0)


@pytest.mark.parametrize("name", ["depth", "mbp_refresh", "bbo", "ticker"])
def test_what_came_and_went_between_two_pushes_is_no_change(bench: Bench, name: str) -> None:
    """The best prices alone are told at once, so both changes."""
    socket = reader(bench, name)
    order_id = bench.rest("buy", "99.5")
    bench.desk.execute(CancelOrder(account_id="bob", order_id=order_id))

    assert len(socket.wait(3 * SECOND)) == (2 if name == "bbo" else 0)


@pytest.mark.parametrize("name", TOPICS)
def test_another_symbol_is_nobodys_business_but_of_all_tickers(bench: Bench, name: str) -> None:
    socket = reader(bench, name)
    bench.trade("3500", symbol="ethusdt")

    assert len(socket.wait(3 * SECOND)) == (1 if name == "tickers" else 0)


# --- what


def test_a_new_reader_of_a_book_gets_it_at_once(bench: Bench) -> None:
    (message,) = bench.connect().subscribe(TOPICS["depth"])

    tick = message["tick"]
    assert (tick["bids"], tick["asks"]) == ([[99, 1]], [[101, 2]])
    assert tick["version"] == bench.get("/market/depth", "symbol=btcusdt&type=step0").body["tick"]["version"]


def test_a_grouped_book_has_20_levels_and_an_ungrouped_one_150() -> None:
    bench = Bench()
    for index in range(160):
        bench.rest("buy", str(1_000 - index))

    for step, levels in (("step0", 150), ("step1", 20)):
        (message,) = bench.connect().subscribe(f"market.btcusdt.depth.{step}")
        assert len(message["tick"]["bids"]) == levels


def test_a_change_below_the_levels_that_are_shown_is_none() -> None:
    bench = Bench()
    for index in range(25):
        bench.rest("buy", str(1_000 - index))
    sockets = [bench.connect() for _ in range(2)]
    sockets[0].subscribe("market.btcusdt.depth.step1")
    sockets[1].subscribe("market.btcusdt.mbp.refresh.20")
    bench.rest("buy", "500")

    assert [socket.wait(2 * SECOND) for socket in sockets] == [[], []]


@pytest.mark.parametrize("levels", [5, 10, 20])
def test_a_refreshed_book_is_whole_every_time(levels: int) -> None:
    bench = Bench()
    for index in range(25):
        bench.rest("buy", str(1_000 - index))
    socket = bench.connect("/feed")
    (first,) = socket.subscribe(f"market.btcusdt.mbp.refresh.{levels}")
    bench.rest("buy", "1001")
    (second,) = socket.wait(SECOND)

    assert [level[0] for level in first["tick"]["bids"]] == [1_000 - index for index in range(levels)]
    assert [level[0] for level in second["tick"]["bids"]] == [1_001 - index for index in range(levels)]
    assert first["tick"]["asks"] == []
    assert second["tick"]["seqNum"] > first["tick"]["seqNum"]


def test_best_prices_are_told_after_each_command_that_moves_them(bench: Bench) -> None:
    socket = bench.connect()
    (first,) = socket.subscribe(TOPICS["bbo"])
    bench.rest("buy", "98")  # behind the best
    bench.rest("buy", "99", "0.5")  # beside it
    bench.rest("sell", "99", "2")  # takes it whole

    second, third = socket.messages()

    def best(message: dict[str, Any]) -> list[Any]:
        return [message["tick"][name] for name in ("bid", "bidSize", "ask", "askSize")]

    assert [best(message) for message in (first, second, third)] == [
        [99, 1, 101, 2],
        [99, Decimal("1.5"), 101, 2],
        [98, 1, 99, Decimal("0.5")],
    ]
    assert first["tick"]["symbol"] == "btcusdt"
    assert first["tick"]["quoteTime"] == bench.now_ms
    assert first["tick"]["seqId"] < second["tick"]["seqId"] < third["tick"]["seqId"]


def test_trades_of_one_match_are_one_push_with_the_newest_first(bench: Bench) -> None:
    bench.rest("sell", "102")
    socket = bench.connect()
    (last,) = socket.subscribe(TOPICS["trade_detail"])
    assert [trade["price"] for trade in last["tick"]["data"]] == [100]
    bench.rest("buy", "102", "2.5", who="alice")

    (message,) = socket.messages()

    assert [(trade["price"], trade["amount"]) for trade in message["tick"]["data"]] == [(102, Decimal("0.5")), (101, 2)]
    (row,) = bench.get("/market/history/trade", "symbol=btcusdt").body["data"]
    assert message["tick"] == row | {
        "data": [{"tradeId" if key == "trade-id" else key: value for key, value in each.items()} for each in row["data"]]
    }


def test_matches_of_one_command_are_a_push_each() -> None:
    """A trade sets off a stop order, whose own match follows in the same command."""
    bench = Bench()
    bench.trade("100")
    bench.rest("sell", "101")
    bench.rest("sell", "102")
    market = bench.desk.exchange.markets["btcusdt"]
    lot = 10**16
    bench.desk.execute(
        PlaceOrder(
            account_id="alice", symbol="btcusdt", side=Side.BUY, order_type=OrderType.LIMIT,
            limit_price=10_200, order_qty=lot, trigger=StopTrigger(10_100, StopDirection.AT_OR_ABOVE),
        )
    )  # fmt: skip
    socket = bench.connect()
    socket.subscribe(TOPICS["trade_detail"])
    bench.rest("buy", "101", who="alice")

    prices = [[trade["price"] for trade in message["tick"]["data"]] for message in socket.messages()]

    assert len(market.trades) == 3
    assert prices == [[101], [102]]


def test_a_candle_is_told_as_long_as_it_is_traded_in_and_a_new_reader_gets_the_present_one() -> None:
    bench = Bench(start="2024-02-15T03:04:58Z")
    bench.trade("100")
    socket = bench.connect()
    (first,) = socket.subscribe(TOPICS["kline"])
    bench.clock.advance(1_500 * MS)
    bench.trade("101", "2")
    closed = socket.wait(SECOND)
    bench.trade("102", "4")
    opened = socket.wait(SECOND)
    bench.clock.advance(MINUTE - SECOND)
    (late,) = bench.connect().subscribe(TOPICS["kline"])

    at = 1_707_966_240
    ticks = [message["tick"] for message in (first, *closed, *opened, late)]
    assert [(tick["id"], tick["close"], tick["amount"]) for tick in ticks] == [
        (at, 100, 1),
        (at, 101, 3),
        (at + 60, 102, 4),
        (at + 120, 102, 0),
    ]


def test_a_ticker_has_the_days_prices_the_best_and_the_last(bench: Bench) -> None:
    (message,) = bench.connect().subscribe(TOPICS["ticker"])

    row = next(row for row in bench.get("/market/tickers").body["data"] if row["symbol"] == "btcusdt")
    del row["symbol"]
    assert message["tick"] == {**row, "lastPrice": 100, "lastSize": Decimal("0.5")}


def test_all_tickers_are_those_of_rest(bench: Bench) -> None:
    (message,) = bench.connect().subscribe("market.tickers")

    assert message == {"ch": "market.tickers", **bench.get("/market/tickers").body}


def test_several_readers_of_a_topic_get_the_same_bytes(bench: Bench) -> None:
    sockets = [bench.connect(), bench.connect("/feed")]
    for socket in sockets:
        socket.subscribe(TOPICS["mbp_refresh"])
    bench.rest("buy", "99.5")
    bench.clock.advance(SECOND)

    first, second = (socket.connection.drain() for socket in sockets)
    assert first == second != []


# --- requests


@pytest.mark.parametrize("name", ["kline", "depth", "trade_detail", "detail"])
def test_a_request_is_answered_like_a_push(bench: Bench, name: str) -> None:
    socket = bench.connect()
    (message,) = socket.subscribe(TOPICS[name])
    bench.clock.advance(SECOND)

    answer = socket.request(TOPICS[name])

    tick = message["tick"]
    if name == "depth":
        tick["ts"] += 1_000
    shown = {"kline": [tick], "trade_detail": tick.get("data")}
    assert answer == shown.get(name, tick)


@pytest.mark.parametrize("name", ["kline", "trade_detail", "detail", "mbp"])
def test_an_answer_has_the_fields_of_the_example(bench: Bench, name: str) -> None:
    (example,) = load("htx", f"ws/{name}")["answers"]
    request = {**example["request"], "req": example["request"]["req"].replace("ethbtc", "btcusdt")}
    request.pop("from", None)
    request.pop("to", None)

    (answer,) = bench.connect("/feed" if name == "mbp" else "/ws").send(request)

    assert set(answer) == set(example["frame"]) | {"ts"}
    assert (answer["id"], answer["rep"], answer["status"]) == (request["id"], request["req"], "ok")
    assert type(answer["data"]) is type(example["frame"]["data"])
    first, shown = (data[0] if isinstance(data, list) else data for data in (answer["data"], example["frame"]["data"]))
    assert set(first) == set(shown)


def test_requested_candles_are_oldest_first_and_at_most_300() -> None:
    bench = Bench(start="2024-02-15T03:00:00Z")
    bench.trade("100")
    bench.clock.advance(400 * MINUTE)
    socket = bench.connect()

    newest = socket.request("market.btcusdt.kline.1min")
    at = 1_707_966_000
    some = socket.request("market.btcusdt.kline.1min", **{"from": at + 60, "to": at + 180})
    cut = socket.request("market.btcusdt.kline.1min", **{"from": at})

    assert [row["id"] for row in newest] == [at + 60 * (101 + index) for index in range(300)]
    assert [row["id"] for row in some] == [at + 60, at + 120, at + 180]
    assert cut == newest
    assert socket.request("market.btcusdt.kline.1min", to=at - 60) == []


def test_requested_trades_are_newest_first_and_at_most_300() -> None:
    bench = Bench()
    for index in range(310):
        bench.trade("100", f"{index + 1}")

    rows = bench.connect().request(TOPICS["trade_detail"])

    assert [row["amount"] for row in rows] == [310 - index for index in range(300)]


def test_a_day_long_wait_with_readers_of_everything_stays_in_step(bench: Bench) -> None:
    """Nobody is closed who answers, and nothing is told while nothing happens."""
    socket = bench.connect()
    for topic in TOPICS.values():
        socket.subscribe(topic)

    assert socket.wait(DAY // 96) == []
    assert socket.closing is None
    assert bench.now_ms > START_MS
