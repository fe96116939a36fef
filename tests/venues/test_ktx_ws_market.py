"""The market socket: requests and their errors, signs of life, and what each stream says (ktx§8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from ktx_support import MS, SECOND, START_MS, Bench, Socket, by_id
from mockex.fixtures import load

from mockex.venues.ktx.channels import names
from mockex.venues.ktx.limits import MAX_STREAMS

OPERATIONS = load("ktx", "ws/operations")
ERRORS = load("ktx", "ws/errors")
FRAMING = load("ktx", "ws/framing")
BOOK = "spot.BTC_USDT.order_book.5"
TRADES = "spot.BTC_USDT.trades"


def market_exchanges() -> list[dict[str, Any]]:
    """Without the one that is refused: its text is nobody's."""
    rows = [row for row in OPERATIONS["exchanges"] if row.get("surface") == "market" and row["provenance"] == "published"]
    return [row for row in rows if "error" not in row["server"][0]]


@pytest.mark.parametrize("row", **by_id(market_exchanges()))
def test_a_published_request_gets_its_published_answer(row: dict[str, Any]) -> None:
    socket = Bench().connect()
    if row["client"][0]["method"] == "UNSUBSCRIBE":
        socket.subscribe(*row["client"][0]["params"])

    answer = socket.send(row["client"][0])[0]

    expected = dict(row["server"][0])
    if row["client"][0]["method"] == "UNSUBSCRIBE":
        expected["op"] = "UNSUBSCRIBE"  # the sample prints the other word (proposed)
    assert answer == expected


@pytest.mark.parametrize("row", **by_id([row for row in ERRORS["errors"] if row.get("surface") == "market"]))
def test_a_bad_request_is_told_and_changes_nothing(row: dict[str, Any]) -> None:
    socket = Bench().connect()

    (answer,) = socket.send(row["text"] if "text" in row else row["client"][0])

    assert answer["error"] == row["error"]
    assert type(answer["message"]) is str
    assert socket.closing is None
    assert not socket.connection.topics


def test_one_bad_stream_refuses_the_whole_request() -> None:
    socket = Bench().connect()

    (answer,) = socket.send({"id": 7, "method": "SUBSCRIBE", "params": [TRADES, "spot.BTC_USDT.order_book.7"]})

    assert (answer["id"], answer["error"]) == (7, -1003)
    assert not socket.connection.topics


@pytest.mark.parametrize("row", **by_id(FRAMING["pings"]))
def test_a_ping_of_text_is_answered_with_its_number(row: dict[str, Any]) -> None:
    (answer,) = Bench().connect().send(row["client"])

    assert {name: Decimal(str(value)) for name, value in answer.items()} == {
        name: Decimal(str(value)) for name, value in row["server"].items()
    }


def test_a_socket_that_says_nothing_is_closed_after_a_minute() -> None:
    bench = Bench()
    socket = bench.connect()

    socket.wait(60 * SECOND - 1)
    assert socket.closing is None
    socket.wait(1)
    assert socket.closing is not None


@pytest.mark.parametrize("sign", ["ping frame", "pong frame", "text"])
def test_any_ping_keeps_a_socket_open(sign: str) -> None:
    bench = Bench()
    socket = bench.connect()
    socket.wait(59 * SECOND)

    match sign:
        case "ping frame":
            bench.simulation.receive_ping(socket.connection)
        case "pong frame":
            bench.simulation.receive_pong(socket.connection)
        case _:
            socket.send({"ping": 1})

    socket.wait(59 * SECOND)
    assert socket.closing is None
    socket.wait(SECOND)
    assert socket.closing is not None


@pytest.mark.parametrize(("path", "host"), [("/", ""), ("/market", ""), ("/", "stream-market.ktx.com"), ("/", "127.0.0.1:9")])
def test_the_socket_is_at_the_root_and_at_a_path_of_its_own(path: str, host: str) -> None:
    assert Bench().connect(path, host=host).subscribe(TRADES) == []


# --- books


def applied(book: dict[str, dict[str, str]], data: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The client's side of the bargain: quantities replace, 0 deletes."""
    for side in ("b", "a"):
        for price, qty in data[side]:
            if Decimal(qty):
                book[side][price] = qty
            else:
                del book[side][price]
    return book


def best(book: dict[str, dict[str, str]], levels: int) -> list[list[tuple[Decimal, Decimal]]]:
    def sorted_side(side: str) -> list[tuple[Decimal, Decimal]]:
        rows = [(Decimal(price), Decimal(qty)) for price, qty in book[side].items()]
        return sorted(rows, reverse=side == "b")[:levels]

    return [sorted_side("b"), sorted_side("a")]


def test_a_book_is_whole_at_first_and_then_what_has_changed() -> None:
    bench = Bench()
    for price in range(90, 97):
        bench.rest("buy", str(price), "2")
    socket = bench.connect()
    (whole,) = socket.subscribe(BOOK)
    assert deviations(whole, load("ktx", "ws/order_book")["fields"]) == []
    book = applied({"b": {}, "a": {}}, whole["data"])
    assert [Decimal(price) for price in book["b"]] == [96, 95, 94, 93, 92]

    bench.rest("sell", "96", "3", who="alice")  # takes the best bid, and rests with the remainder
    (increment,) = socket.wait(100 * MS)

    assert int(increment["data"]["i"]) > int(whole["data"]["i"])
    assert {Decimal(price): Decimal(qty) for price, qty in increment["data"]["b"]} == {96: 0, 91: 2}
    book = applied(book, increment["data"])
    rest = bench.get("/v1/order_book", "market=spot&symbol=BTC_USDT&level=5").data
    assert rest["i"] == increment["data"]["i"]
    assert best(book, 5) == [[tuple(map(Decimal, level)) for level in rest[side]] for side in ("b", "a")]


def test_changes_within_100_ms_are_one_increment_and_none_is_empty() -> None:
    bench = Bench()
    socket = bench.connect()
    socket.subscribe(BOOK)

    bench.rest("buy", "90")
    bench.rest("buy", "91")
    assert len(socket.wait(100 * MS)) == 1
    bench.rest("buy", "80", "1")
    bench.rest("sell", "80", "3", who="alice")  # everything is taken, 80 comes and goes
    (increment,) = socket.wait(100 * MS)
    assert [Decimal(price) for price, _ in increment["data"]["b"]] == [91, 90]
    assert socket.wait(SECOND) == []


def test_a_second_order_at_a_price_of_the_same_total_is_no_change_to_tell() -> None:
    bench = Bench()
    bench.rest("buy", "90", "1")
    socket = bench.connect()
    socket.subscribe(BOOK)

    bench.rest("buy", "90", "1", who="alice")
    (increment,) = socket.wait(100 * MS)

    assert [tuple(map(Decimal, level)) for level in increment["data"]["b"]] == [(90, 2)]


def test_subscribing_again_gives_the_whole_book_anew() -> None:
    bench = Bench()
    bench.rest("buy", "90")
    socket = bench.connect()
    (first,) = socket.subscribe(BOOK)

    (second,) = socket.subscribe(BOOK)

    assert second["data"]["b"] == first["data"]["b"]


# --- trades, candles, tickers


def test_trades_of_one_match_come_in_one_array_with_words_for_sides() -> None:
    bench = Bench()
    bench.trade("50")
    socket = bench.connect()
    assert socket.subscribe(TRADES) == []
    bench.rest("sell", "100", "1")
    bench.rest("sell", "101", "1")

    bench.rest("buy", "101", "2", who="alice")

    (push,) = socket.messages()
    assert deviations(push, load("ktx", "ws/trades")["fields"]) == []
    assert push["data"] == [
        {"i": "2", "p": "100", "q": "1", "s": "buy", "t": str(START_MS)},
        {"i": "3", "p": "101", "q": "1", "s": "buy", "t": str(START_MS)},
    ]


@pytest.mark.parametrize("frame", ["1m", "1w", "1W", "3d", "1M"])
def test_the_open_candle_comes_at_once(frame: str) -> None:
    bench = Bench()
    bench.trade("100", "2")

    (push,) = bench.connect().subscribe(f"spot.BTC_USDT.candles.{frame}")

    assert deviations(push, load("ktx", "ws/candles")["fields"]) == []
    assert [row[1:] for row in push["data"]["e"]] == [["100", "100", "100", "100", "2", "200", "1", 1]]


def test_a_new_candle_brings_the_one_before_with_it() -> None:
    bench = Bench()
    bench.trade("100")
    socket = bench.connect()
    socket.subscribe("spot.BTC_USDT.candles.1m")

    bench.trade("101")
    (change,) = socket.wait(100 * MS)
    assert [row[4] for row in change["data"]["e"]] == ["101"]
    socket.wait(59 * SECOND)
    bench.trade("102")
    (change,) = socket.wait(100 * MS)
    assert [row[4] for row in change["data"]["e"]] == ["101", "102"]


def test_a_ticker_comes_at_once_and_at_most_once_a_second() -> None:
    bench = Bench()
    socket = bench.connect()
    (opening,) = socket.subscribe("spot.BTC_USDT.ticker")
    assert deviations(opening, load("ktx", "ws/ticker")["fields"]) == []

    bench.trade("100")
    bench.trade("101")
    pushes = socket.wait(SECOND)

    assert [push["data"]["last"] for push in pushes] == ["101"]
    assert socket.wait(5 * SECOND) == []


NONSENSE = (
    "", "x", "[]", "1", "{}", '{"method":1}', '{"ping":"x"}', '{"ping":true}', '{"method":"SUBSCRIBE","params":[1]}',
    '{"method":"SUBSCRIBE","params":"spot"}', '{"id":1e400,"method":"SUBSCRIBE"}', "\ud800", b"\xff",
)  # fmt: skip


@pytest.mark.parametrize("message", NONSENSE)
def test_anything_is_answered_with_one_error(message: str | bytes) -> None:
    socket: Socket = Bench().connect()

    (answer,) = socket.send(message)

    assert answer["error"] in (-1000, -1001, -1002, -1003)
    assert socket.closing is None


def test_more_streams_than_a_socket_may_have_are_refused() -> None:
    socket = Bench(max_streams=3).connect()
    wanted = [f"spot.{symbol}.{what}" for symbol in ("BTC_USDT", "ETH_USDT") for what in ("trades", "candles.1m")]
    socket.subscribe(*wanted[:2])

    assert socket.send({"id": 1, "method": "SUBSCRIBE", "params": wanted[2:]}) == [
        {"id": 1, "error": -30004, "message": "limit_exceeded: 3 streams"}
    ]
    assert socket.connection.topics.keys() == set(wanted[:2])
    socket.subscribe(*wanted[:3])
    socket.send({"method": "UNSUBSCRIBE", "params": wanted[:1]})
    socket.subscribe(*wanted[1:])


def test_a_socket_may_have_every_stream_that_there_is() -> None:
    bench = Bench()
    socket = bench.connect()
    every = list(names(bench.desk))

    socket.subscribe(*every)

    assert len(every) == len(socket.connection.topics) == 150 < MAX_STREAMS == 200
