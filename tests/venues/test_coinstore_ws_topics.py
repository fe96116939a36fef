"""What each channel of the socket says, and when: shapes, first frames, the grid of pushes, whole books, private news."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from coinstore_support import MS, SECOND, START_MS, START_S, Bench, Socket
from fixture_shapes import deviations
from mockex.fixtures import load

TICK = 100 * MS


def fits(frame: dict[str, Any], name: str) -> bool:
    fields = load("coinstore", f"ws/{name}")["fields"]
    if "data" not in frame:  # the table of trades is that of the first frame and of the others
        fields = [row for row in fields if not row["path"].startswith("data")]
    return deviations(frame, fields) == []


def listening(*channels: str, **settings: Any) -> tuple[Bench, Socket, list[Any]]:
    """A socket that reads these public channels, and their first frames."""
    bench = Bench(**settings)
    socket = bench.connect()
    return bench, socket, socket.subscribe(*channels)


def after(bench: Bench, socket: Socket, span_ns: int) -> list[Any]:
    bench.clock.advance(span_ns)
    return socket.messages()


# --- grammar


@pytest.mark.parametrize("pair", ["1", "btcusdt", "BTCUSDT", "01"])
@pytest.mark.parametrize("topic", ["trade", "ticker", "kline@min_1", "kline@week_1", "depth@5", "depth@100", "depth"])
def test_a_pair_is_named_by_its_number_or_its_symbol_and_pushes_repeat_the_name(pair: str, topic: str) -> None:
    name = f"{pair}@{topic}"
    bench, socket, _ = listening(name)
    bench.trade()
    bench.rest("buy", "90")

    frames = after(bench, socket, SECOND)
    assert frames
    for frame in frames:
        assert (frame["channel"], frame["symbol"], frame["instrumentId"]) == (name, "BTCUSDT", 1)


def test_two_names_of_one_channel_are_two_subscriptions() -> None:
    bench, socket, _ = listening("1@trade", "btcusdt@trade")
    bench.trade()

    assert sorted(frame["channel"] for frame in after(bench, socket, SECOND)) == ["1@trade", "btcusdt@trade"]


def test_other_pairs_are_not_heard() -> None:
    bench, socket, _ = listening("1@trade", "1@depth@5", "1@ticker", "1@kline@min_1")
    bench.trade(symbol="ETHUSDT")

    assert after(bench, socket, 2 * SECOND) == []


# --- trades


def test_the_first_frame_of_trades_is_a_list_ascending_and_then_come_flat_rows() -> None:
    bench = Bench()
    for price in range(100, 125):
        bench.trade(str(price), "0.5")
    socket = bench.connect()

    (opening,) = socket.subscribe("1@trade")
    bench.trade("99", "2", taker="sell")
    (flat,) = after(bench, socket, TICK)

    assert [row["price"] for row in opening["data"]] == [str(price) for price in range(105, 125)], "twenty, the newest"
    assert fits(opening, "trade")
    assert fits(flat, "trade")
    assert [row["seq"] for row in opening["data"]] == sorted(row["seq"] for row in opening["data"])
    assert flat | {"S": 0} == {
        "S": 0, "T": "trade", "channel": "1@trade", "time": START_S, "volume": "2", "price": "99",
        "tradeId": opening["data"][-1]["tradeId"] + 1, "takerSide": "SELL", "seq": opening["data"][-1]["seq"] + 1,
        "ts": START_MS, "symbol": "BTCUSDT", "instrumentId": 1,
    }  # fmt: skip


def test_on_the_socket_seq_is_not_the_trades_id() -> None:
    bench, socket, _ = listening("1@trade")
    bench.trade()
    bench.trade()

    first, second = after(bench, socket, TICK)

    assert first["seq"] != first["tradeId"]
    assert second["seq"] > first["seq"]
    assert bench.connect().subscribe("1@trade")[0]["data"] == [
        {key: value for key, value in row.items() if key not in ("S", "T")} for row in (first, second)
    ]


@pytest.mark.parametrize(
    ("param", "count"),
    [({"size": 2}, 2), ({"size": 100}, 100), ({"size": 5_000}, 100), ({}, 20), (None, 20), ([], 20), ({"size": 0}, 20),
     ({"size": -1}, 20), ({"size": "2"}, 20), ({"size": 1.5}, 20), ({"size": True}, 20)],
)  # fmt: skip
def test_the_first_frame_has_as_many_trades_as_asked_for(param: object, count: int) -> None:
    bench = Bench()
    for _ in range(110):
        bench.trade("100", "0.01")

    (opening,) = bench.connect().subscribe("1@trade", param=param)

    assert len(opening["data"]) == count


def test_a_pair_that_never_traded_has_an_empty_first_frame() -> None:
    assert listening("1@trade")[2][0]["data"] == []


def test_a_new_reader_hears_nothing_twice_and_an_old_one_nothing_late() -> None:
    bench, first, _ = listening("1@trade")
    bench.trade("100")
    second = bench.connect()
    (opening,) = second.subscribe("1@trade")
    bench.trade("101")
    bench.clock.advance(TICK)

    assert [frame["price"] for frame in first.messages()] == ["100", "101"]
    assert [row["price"] for row in opening["data"]] == ["100"]
    assert [frame["price"] for frame in second.messages()] == ["101"]


# --- the grid


@pytest.mark.parametrize("channel", ["1@trade", "1@ticker", "1@depth@5", "!@ticker"])
def test_pushes_of_a_channel_come_a_tenth_of_a_second_apart_and_only_after_a_change(channel: str) -> None:
    bench, socket, _ = listening(channel)
    times = set()
    for number in range(40):
        if number < 25:
            bench.trade(str(100 + number), "0.1")
            bench.rest("buy", str(50 + number))
        bench.clock.advance(10 * MS)
        if socket.messages():
            times.add(bench.clock.now_ns())

    assert {time_ns % TICK for time_ns in times} <= set(range(10 * MS))
    assert len(times) == 3
    assert after(bench, socket, 10 * SECOND) == []


# --- candles


def test_the_newest_candle_comes_each_second_in_which_it_has_changed() -> None:
    bench, socket, first = listening("1@kline@min_5")
    assert first == [], "there is none before the first trade"
    bench.trade("100", "1")
    bench.trade("103", "1")
    assert after(bench, socket, TICK) == []
    (frame,) = after(bench, socket, SECOND)
    assert after(bench, socket, 5 * SECOND) == []

    assert fits(frame, "kline")
    assert (frame["T"], frame["interval"], frame["high"], frame["close"]) == ("kline", "min_5", "103", "103")
    assert frame["endTime"] - frame["startTime"] == 299
    (again,) = bench.connect().subscribe("1@kline@min_5")
    assert again | {"S": frame["S"]} == frame, "a new reader gets it at once"


# --- tickers


def test_a_ticker_is_the_last_day_with_the_base_as_volume() -> None:
    bench, socket, (opening,) = listening("1@ticker")
    bench.trade("100", "2")
    bench.trade("110", "1")

    (frame,) = after(bench, socket, TICK)

    assert fits(frame, "ticker")
    assert (opening["close"], opening["volume"]) == ("0", "0")
    assert (frame["open"], frame["high"], frame["low"], frame["close"]) == ("100", "110", "100", "110")
    assert (frame["volume"], frame["amount"]) == ("3", "310")


def test_tickers_of_all_pairs_name_the_channel_of_each_and_none_of_their_own() -> None:
    bench, socket, (opening,) = listening("!@ticker")
    bench.trade("100", symbol="ETHUSDT")

    (frame,) = after(bench, socket, TICK)

    assert fits(opening, "tickers")
    assert fits(frame, "tickers")
    assert [row["channel"] for row in frame["data"]] == ["1@ticker", "4@ticker", "2@ticker", "1088@ticker"]
    (echoed,) = socket.send({"op": "SUB", "channel": ["!@ticker"], "id": 1})[0]["echo"]["channel"]
    assert "instrumentId" not in echoed
    assert (echoed["type"], echoed["msgCount"]) == ({"name": "ticker", "auth": "PUB"}, 2)


# --- books


@pytest.mark.parametrize(("channel", "level"), [("1@depth@5", 5), ("1@depth@10", 10), ("1@depth", 20), ("1@depth@50", 50)])
def test_every_push_is_the_whole_book_of_that_many_levels(channel: str, level: int) -> None:
    bench = Bench()
    for price in range(1, 61):
        bench.rest("sell", str(100 + price))
        bench.rest("buy", str(100 - price))
    socket = bench.connect()

    (opening,) = socket.subscribe(channel)
    bench.rest("buy", "100.5", "3")
    bench.place_id("SELL", "99", "4", who="alice")
    (frame,) = after(bench, socket, TICK)

    assert fits(opening, "depth")
    assert fits(frame, "depth")
    assert (frame["level"], len(frame["a"]), len(frame["b"])) == (level, level, level)
    assert opening["a"][0] == ["101", "1", -1]
    assert frame["b"][0] == ["98", "1", 1]
    assert json.loads(json.dumps(bench.get("/api/v1/market/depth/BTCUSDT", f"depth={level}").data)) == {
        "channel": f"1@depth@{level}", **{key: frame[key] for key in ("level", "a", "b", "symbol", "instrumentId")},
    }  # fmt: skip


def test_a_change_below_the_window_and_one_that_was_taken_back_are_no_push() -> None:
    bench = Bench()
    for price in range(1, 10):
        bench.rest("sell", str(100 + price))
    socket = bench.connect()
    socket.subscribe("1@depth@5")
    bench.rest("sell", "120")
    order_id = bench.place_id("BUY", "90", "1")
    bench.write("/api/trade/order/cancel", {"symbol": "BTCUSDT", "ordId": order_id})

    assert after(bench, socket, SECOND) == []


# --- private


def private(*channels: str, who: str = "alice", **settings: Any) -> tuple[Bench, Socket, list[Any]]:
    bench = Bench(**settings)
    socket = bench.connect()
    return bench, socket, socket.logged_in(*channels, who=who)


def test_private_channels_open_by_a_subscription_after_the_login_too() -> None:
    bench, socket, rest = private()
    assert rest == []

    opened = socket.subscribe("spot_asset", "spot_order", "btc@account")
    assert [frame["T"] for frame in opened] == ["spot_asset", "spot_order", "account"]
    refused = bench.connect().send({"op": "SUB", "channel": ["1@order", "1@trade"]})
    assert [frame.get("C", frame["T"]) for frame in refused] == [200, 401, "trade"], "the public one of the two is read"
    assert refused[1]["payload"] == "1@order"


def test_balances_of_the_newer_generation_are_all_at_first_and_then_those_that_changed() -> None:
    bench, socket, (opening,) = private("spot_asset", accounts={"alice": {"USDT": "1000", "BTC": "1"}, "bob": {"BTC": "5"}})
    bench.rest("sell", "100", "2", who="bob")
    bench.place_id("BUY", "100", "2")
    (frame,) = after(bench, socket, TICK)

    assert fits(opening, "spot_asset")
    assert fits(frame, "spot_asset")
    assert [row["symbol"] for row in opening["assets"]] == ["USDT", "BTC", "ETH", "TRX", "LUFFY"]
    assert frame["assets"] == [
        {"symbol": "USDT", "available": "800", "frozen": "0", "btcValuation": "8", "usdValuation": "800"},
        {"symbol": "BTC", "available": "2.996", "frozen": "0", "btcValuation": "2.996", "usdValuation": "299.6"},
    ]


def test_what_never_traded_against_dollars_is_worth_nothing() -> None:
    _, _, (opening,) = private("spot_asset", accounts={"alice": {"BTC": "1", "USDT": "3.123456789"}})

    values = {row["symbol"]: (row["btcValuation"], row["usdValuation"]) for row in opening["assets"]}
    assert values["BTC"] == ("0", "0")
    assert values["USDT"] == ("0", "3.12345678"), "cut off"


def test_orders_of_the_newer_generation_are_the_open_ones_at_first_and_then_those_that_changed() -> None:
    bench = Bench()
    resting = bench.place_id("BUY", "90", "1", clOrdId="a1")
    socket = bench.connect()
    (opening,) = socket.logged_in("spot_order")
    filled = bench.place_id("BUY", "95", "1")
    bench.rest("sell", "95", "1")
    bench.write("/api/trade/order/cancel", {"symbol": "BTCUSDT", "ordId": resting})
    bench.place_id("BUY", "95", "1", who="bob")

    (frame,) = after(bench, socket, TICK)

    assert fits(opening, "spot_order")
    assert fits(frame, "spot_order")
    assert [(row["clOrdId"], row["ordStatus"]) for row in opening["orderVoList"]] == [("a1", "SUBMITTED")]
    assert {row["ordId"]: row["ordStatus"] for row in frame["orderVoList"]} == {filled: "FILLED", resting: "CANCELED"}


@pytest.mark.parametrize("name", ["USDT", "usdt", "30"])
def test_a_balance_of_the_older_generation_is_a_frame_for_each_change(name: str) -> None:
    bench, socket, (opening,) = private(f"{name}@account", accounts={"alice": {"USDT": "1000"}})
    bench.clock.advance(3 * SECOND)
    bench.place_id("BUY", "100", "2")
    bench.place_id("BUY", "100", "1")
    frames = after(bench, socket, TICK)

    assert all(fits(frame, "account") for frame in (opening, *frames))
    assert opening | {"S": 0} == {
        "S": 0, "T": "account", "channel": f"{name}@account", "accountId": 1_134_971, "currency": "USDT", "frozen": "0",
        "available": "1000", "timestamp": START_S,
    }  # fmt: skip
    assert [(frame["available"], frame["frozen"], frame["timestamp"]) for frame in frames][-1] == ("700", "300", START_S + 3)


def test_all_balances_of_the_older_generation_come_one_by_one() -> None:
    bench, socket, opening = private("!@account")
    assert [frame["currency"] for frame in opening] == ["USDT", "BTC", "ETH", "TRX", "LUFFY"]
    bench.place_id("SELL", "100", "2")

    assert [(frame["channel"], frame["currency"]) for frame in after(bench, socket, TICK)] == [("!@account", "BTC")]


@pytest.mark.parametrize("name", ["DOGE@account", "@account", "999999@account", "USDT@account@1", "foousdt@order", "1@order@x"])
def test_unknown_currencies_and_pairs_have_no_private_channel(name: str) -> None:
    _, socket, _ = private()

    assert socket.send({"op": "SUB", "channel": [name]})[1]["C"] == 404


def test_each_thing_that_happens_to_an_order_is_a_frame_with_the_totals_after_it() -> None:
    bench, socket, opening = private("1@order")
    assert opening == []
    bench.rest("sell", "100", "1")
    bench.rest("sell", "101", "1")
    order_id = bench.place_id("BUY", "105", "3")
    bench.clock.advance(TICK)
    bench.write("/api/trade/order/cancel", {"symbol": "BTCUSDT", "ordId": order_id})
    bench.place_id("BUY", "90", "1", symbol="ETHUSDT")

    frames = after(bench, socket, TICK)

    assert all(fits(frame, "order") for frame in frames)
    keys = ("ordState", "execQty", "execAmt", "remainingQty", "matchQty", "matchAmt")
    assert [tuple(frame[key] for key in keys) for frame in frames] == [
        ("SUBMITTED", "0", "0", "3", "0", "0"), ("PARTIAL_FILLED", "1", "100", "2", "1", "100"),
        ("PARTIAL_FILLED", "2", "201", "1", "1", "101"), ("CANCELED", "2", "201", "1", "0", "0"),
    ]  # fmt: skip
    assert [frame["version"] for frame in frames] == sorted({frame["version"] for frame in frames})
    match = frames[1]
    assert (match["matchRole"], match["actualFeeRate"]) == ("TAKER", "0.002")
    assert (match["feeCurrencyId"], match["fee"]) == (1, Decimal("0.002"))
    trade = bench.read("/api/trade/match/accountMatches", "symbol=BTCUSDT").data[1]
    assert (match["tradeId"], match["matchId"]) == (trade["tradeId"], trade["matchId"])
    assert (frames[0]["matchId"], frames[0]["tradeId"], frames[0]["fee"]) == (0, 0, 0)
    assert "clOrdId" not in match


def test_a_makers_order_and_a_trade_with_oneself_are_told_as_such() -> None:
    bench, socket, _ = private("!@order")
    bench.place_id("SELL", "100", "2")
    bench.rest("buy", "100", "1", who="bob")
    bench.place_id("BUY", "100", "1")
    frames = [frame for frame in after(bench, socket, TICK) if frame["matchQty"] != "0"]

    assert [(frame["side"], frame["matchRole"], frame["selfDealingQty"]) for frame in frames] == [
        ("SELL", "MAKER", "0"), ("SELL", "MAKER", "1"), ("BUY", "TAKER", "1"),
    ]  # fmt: skip
    assert {frame["channel"] for frame in frames} == {"!@order"}


def test_nobody_hears_of_anybody_else() -> None:
    bench, socket, _ = private("spot_asset", "spot_order", "!@account", "!@order", who="bob")
    bench.place_id("BUY", "90", "1")

    assert after(bench, socket, SECOND) == []


def test_two_sockets_of_one_account_hear_the_same() -> None:
    bench, first, _ = private("spot_order")
    second = bench.connect()
    second.logged_in("spot_order", who="viewer")
    bench.place_id("BUY", "90", "1")
    bench.clock.advance(TICK)

    (one,), (two,) = first.messages(), second.messages()
    assert one["orderVoList"] == two["orderVoList"]
