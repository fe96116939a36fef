"""The public channels but depth: ticker, candles, trades and the five best levels; their shape and their beat (okj§11.3)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from mockex.fixtures import load
from okcoinjp_support import MINUTE, MS, SECOND, SPOT, SpotBench

WS_CANDLES = load("okcoinjp", "ws/candle")["channels"]
START_MS = 678  # the bench's clock starts that far into a second


def fields_of(name: str) -> Any:
    return load("okcoinjp", f"ws/{name}")["fields"]


def trade(bench: SpotBench, price: str, size: str = "1", *, taker: str = "buy") -> None:
    bench.order("sell" if taker == "buy" else "buy", size, price, who="bob")
    bench.order(taker, size, price, who="alice")


@pytest.fixture
def bench() -> SpotBench:
    bench = SpotBench()
    trade(bench, "100")
    bench.order("buy", "2", "99")
    bench.order("sell", "3", "101", who="bob")
    return bench


PUSHES = [
    ("ticker", "spot/ticker:BTC-JPY"),
    ("candle", "spot/candle60s:BTC-JPY"),
    ("trade", "spot/trade:BTC-JPY"),
    ("depth5", "spot/depth5:BTC-JPY"),
    ("depth", "spot/depth:BTC-JPY"),
    ("depth_l2_tbt", "spot/depth_l2_tbt:BTC-JPY"),
]


@pytest.mark.parametrize(("name", "channel"), PUSHES, ids=[name for name, _ in PUSHES])
def test_a_public_push_has_the_documented_shape(bench: SpotBench, name: str, channel: str) -> None:
    socket = bench.connect()
    messages = socket.subscribe(channel)
    trade(bench, "100.5", taker="sell")
    bench.order("buy", "1", "99")
    bench.clock.advance(SECOND)
    messages += socket.messages()

    assert len(messages) >= 2, "one on arrival, one after the trade"
    for message in messages:
        assert deviations(message, fields_of(name)) == []
        assert message["table"] == channel.partition(":")[0]
        assert len(message["data"]) == 1, "one element in all recordings"


@pytest.mark.parametrize(("name", "channel"), PUSHES[:4], ids=[name for name, _ in PUSHES[:4]])
def test_a_public_push_has_the_very_keys_of_the_example(bench: SpotBench, name: str, channel: str) -> None:
    example = load("okcoinjp", f"ws/{name}")["frames"][0]["frame"]

    (push,) = bench.connect().subscribe(channel)

    assert list(push) == list(example)
    assert set(push["data"][0]) == set(example["data"][0])


@pytest.mark.parametrize("channel", [channel for _, channel in PUSHES])
def test_no_public_push_has_true_false_or_null(bench: SpotBench, channel: str) -> None:
    """The official Python SDK evaluates them as Python (okj§11.1). Also of a pair in which nothing ever happened."""
    socket = bench.connect()
    quiet = channel.replace("BTC", "ETH")
    bench.simulation.receive(socket.connection, f'{{"op":"subscribe","args":["{channel}","{quiet}"]}}')
    bench.order("buy", "1", "50", instrument_id="ETH-JPY")
    trade(bench, "100.5")
    bench.clock.advance(SECOND)

    texts = socket.texts()

    assert len(texts) > 3
    assert not [text for text in texts for word in ("true", "false", "null") if word in text]


# --- ticker


def test_a_ticker_is_that_of_rest_without_its_legacy_names(bench: SpotBench) -> None:
    (push,) = bench.connect().subscribe("spot/ticker:BTC-JPY")

    rest = bench.get(f"{SPOT}/instruments/BTC-JPY/ticker").body
    assert push["data"][0] == {name: value for name, value in rest.items() if name not in ("product_id", "ask", "bid")}


def test_a_changing_ticker_comes_at_most_every_hundred_milliseconds_on_a_grid(bench: SpotBench) -> None:
    socket = bench.connect()
    socket.subscribe("spot/ticker:BTC-JPY")
    base_ms = bench.clock.now_ns() // MS
    times = []
    for index in range(50):
        bench.order("buy", "0.01", f"{98 + index / 100}")
        bench.order("buy", "0.01", f"{99 + index / 100:.1f}", who="bob")
        bench.clock.advance(10 * MS)
        times += [bench.clock.now_ns() // MS - base_ms + START_MS for _ in socket.rows("spot/ticker")]

    assert len(times) >= 4
    assert {time_ms % 100 // 10 for time_ms in times} == {0}, "noticed in the ten milliseconds after a grid line"
    assert len({time_ms // 100 for time_ms in times}) == len(times)


def test_a_ticker_that_has_not_changed_is_not_repeated(bench: SpotBench) -> None:
    socket = bench.connect()
    socket.subscribe("spot/ticker:BTC-JPY")
    bench.clock.advance(5 * SECOND)
    assert socket.messages() == []

    bench.cancel(bench.order("buy", "1", "98"))  # behind the best price
    bench.clock.advance(SECOND)
    assert socket.messages() == [], "an event that changed nothing of it"

    order_id = bench.order("buy", "1", "99.5")
    bench.cancel(order_id)
    bench.clock.advance(SECOND)
    assert socket.messages() == [], "a change that was taken back before the beat"


def test_changes_between_two_beats_come_as_one_with_the_newest_state(bench: SpotBench) -> None:
    socket = bench.connect()
    socket.subscribe("spot/ticker:BTC-JPY")
    for price in ("99.1", "99.2", "99.3"):
        bench.order("buy", "1", price)
    bench.clock.advance(100 * MS)

    (row,) = socket.rows("spot/ticker")
    assert (row["best_bid"], row["timestamp"]) == ("99.3", "2024-02-15T03:04:05.700Z")


def test_a_later_subscriber_takes_nothing_from_an_earlier_one(bench: SpotBench) -> None:
    """It gets the new state at once; the earlier one still gets it at the beat."""
    early, late = bench.connect(), bench.connect()
    early.subscribe("spot/ticker:BTC-JPY")
    bench.order("buy", "1", "99.5")
    (snapshot,) = late.subscribe("spot/ticker:BTC-JPY")
    bench.clock.advance(100 * MS)

    assert snapshot["data"][0]["best_bid"] == "99.5"
    assert [row["best_bid"] for row in early.rows("spot/ticker")] == ["99.5"]


def test_a_pair_with_nothing_to_show_pushes_no_ticker_until_it_has() -> None:
    bench = SpotBench()
    socket = bench.connect()
    assert socket.subscribe("spot/ticker:BTC-JPY") == []

    order_id = bench.order("buy", "1", "100")
    bench.clock.advance(100 * MS)
    assert [row["best_bid"] for row in socket.rows("spot/ticker")] == ["100"]

    bench.cancel(order_id)
    bench.clock.advance(100 * MS)
    assert [row["best_bid"] for row in socket.rows("spot/ticker")] == ["0"]


# --- trades


def test_the_last_trade_comes_on_arrival_and_each_later_one_at_once(bench: SpotBench) -> None:
    socket = bench.connect()
    (push,) = socket.subscribe("spot/trade:BTC-JPY")
    assert push["data"] == [
        {
            "instrument_id": "BTC-JPY", "price": "100", "side": "buy", "size": "1",
            "timestamp": "2024-02-15T03:04:05.678Z", "trade_id": "1",
        }
    ]  # fmt: skip

    bench.order("buy", "4", "101.5")
    trade(bench, "95", "0.5", taker="sell")

    rows = socket.rows("spot/trade")
    assert [(row["price"], row["size"], row["side"], row["trade_id"]) for row in rows] == [
        ("101", "3", "buy", "2"),
        ("101.5", "0.5", "sell", "3"),
    ]


def test_a_pair_without_trades_pushes_none_on_arrival() -> None:
    assert SpotBench().connect().subscribe("spot/trade:BTC-JPY") == []


def test_a_sweep_pushes_each_of_its_trades_in_a_message_of_its_own(bench: SpotBench) -> None:
    for price in ("102", "103"):
        bench.order("sell", "1", price, who="bob")
    socket = bench.connect()
    socket.subscribe("spot/trade:BTC-JPY")

    bench.order("buy", "5", "103")

    assert [(len(m["data"]), m["data"][0]["price"]) for m in socket.messages()] == [(1, "101"), (1, "102"), (1, "103")]


# --- candles


@pytest.mark.parametrize("table", WS_CANDLES)
def test_every_documented_candle_channel_starts_with_the_candle_of_rest(bench: SpotBench, table: str) -> None:
    seconds = table.removeprefix("spot/candle").removesuffix("s")
    bench.clock.advance(3 * MINUTE)

    (push,) = bench.connect().subscribe(f"{table}:BTC-JPY")

    assert push["table"] == table
    newest = bench.rows("/instruments/BTC-JPY/candles", f"granularity={seconds}")[0]
    assert push["data"] == [{"candle": newest, "instrument_id": "BTC-JPY"}]


def test_the_candle_of_a_quiet_minute_is_flat_like_that_of_the_document(bench: SpotBench) -> None:
    flat = load("okcoinjp", "ws/candle")["frames"][1]["frame"]["data"][0]["candle"]
    assert len(set(flat[1:5])) == 1
    assert flat[5] == "0"
    bench.clock.advance(2 * MINUTE)

    (push,) = bench.connect().subscribe("spot/candle60s:BTC-JPY")

    assert push["data"][0]["candle"] == ["2024-02-15T03:06:00.000Z", "100", "100", "100", "100", "0"]


def test_a_traded_candle_comes_every_half_second_and_a_quiet_one_not_again(bench: SpotBench) -> None:
    socket = bench.connect()
    socket.subscribe("spot/candle60s:BTC-JPY")
    trade(bench, "100.8")
    trade(bench, "99.5")

    bench.clock.advance(321 * MS)  # to .999
    assert socket.messages() == []
    bench.clock.advance(MS)
    (row,) = socket.rows("spot/candle60s")
    assert row["candle"] == ["2024-02-15T03:04:00.000Z", "100", "100.8", "99.5", "99.5", "3"]

    trade(bench, "100.2")
    bench.clock.advance(499 * MS)
    assert socket.messages() == []
    bench.clock.advance(MS)  # 03:04:06.500
    assert [row["candle"][4] for row in socket.rows("spot/candle60s")] == ["100.2"]

    bench.clock.advance(5 * SECOND)
    assert socket.messages() == []


def test_a_trade_in_the_last_moment_of_a_minute_is_pushed_in_that_minutes_candle(bench: SpotBench) -> None:
    bench.clock.advance(54 * SECOND + 300 * MS)  # 03:04:59.978
    socket = bench.connect()
    socket.subscribe("spot/candle60s:BTC-JPY")
    trade(bench, "99.5")
    bench.clock.advance(SECOND)

    (row,) = socket.rows("spot/candle60s")
    assert (row["candle"][0], row["candle"][4]) == ("2024-02-15T03:04:00.000Z", "99.5")


def test_a_pair_without_trades_has_no_candle_to_start_with() -> None:
    assert SpotBench().connect().subscribe("spot/candle60s:BTC-JPY") == []


# --- the five best levels


def test_the_five_best_levels_come_on_arrival_and_when_they_change() -> None:
    bench = SpotBench()
    for index in range(7):
        bench.order("buy", "1", str(100 - index))
        bench.order("sell", "2", str(101 + index), who="bob")
    socket = bench.connect()
    (push,) = socket.subscribe("spot/depth5:BTC-JPY")
    row = push["data"][0]
    assert row["bids"] == [[str(100 - index), "1", 1] for index in range(5)]
    assert row["asks"] == [[str(101 + index), "2", 1] for index in range(5)]
    assert "checksum" not in row
    assert "action" not in push

    bench.order("buy", "1", "94")
    bench.clock.advance(SECOND)
    assert socket.messages() == [], "the sixth level is not shown"

    bench.order("buy", "1", "100")
    bench.clock.advance(100 * MS)
    assert [row["bids"][0] for row in socket.rows("spot/depth5")] == [["100", "2", 2]]
