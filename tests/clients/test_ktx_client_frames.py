"""Data messages of the KTX streams become typed events."""

from typing import Any

import pytest
from ktx_expected import BOOK, BTC, CANDLE, FILLED, POSITION, RESTING, SHORT, TICKER, D, level, ms
from ktx_expected import BUY as TRADE
from ktx_fake_venue import FakeKtx, next_of, next_push, start
from loopback import soon
from mockex.clients.ktx import (
    Balance,
    Closed,
    Connected,
    ErrorReported,
    KtxStream,
    Market,
    Profile,
    Push,
    RawPush,
    TimeFrame,
    channels,
    errors,
)
from mockex.clients.ktx.events import decode_push
from mockex.clients.ktx.fields import Row
from mockex.clients.ktx.frames import Answer, Data, decode_frame
from mockex.clients.ktx.market_models import Book, Candles, Trades
from mockex.fixtures import load, names


def _book(update_id: int, bids: list[tuple[str, str]]) -> Book:
    return Book(update_id=update_id, at=ms(1644558642100), bids=tuple(level(*bid) for bid in bids), asks=())


EXPECTED = {
    ("order_book", 0): BOOK,
    ("order_book", 1): _book(1027025, [("100", "1"), ("99", "2")]),
    ("order_book", 2): _book(1027026, [("100", "0"), ("99", "3")]),
    ("trades", 0): Trades(trades=(TRADE,) * 3),
    ("candles", 0): Candles(period=ms(60_000) - ms(0), candles=(CANDLE,) * 3),
    ("ticker", 0): TICKER,
    ("account", 0): Balance(asset="USDT", balance=D("100000"), held=D("20016.997")),
    ("position", 0): POSITION,
    ("position", 1): SHORT,
    ("order", 0): FILLED,
    ("order", 1): RESTING,
}


def _frames(name: str) -> list[dict[str, Any]]:
    return [entry["frame"] for entry in load("ktx", f"ws/{name}").get("frames", [])]


def _push(frame: dict[str, Any]) -> Push:
    decoded = decode_frame(Row.of(frame, "stream message"), profile=Profile.GEN1)
    assert isinstance(decoded, Data)
    return decode_push(decoded)


@pytest.mark.parametrize(("name", "index"), EXPECTED)
def test_a_published_message_is_the_event_that_it_means(name: str, index: int) -> None:
    frame = _frames(name)[index]

    assert _push(frame) == Push(channel=frame["stream"], value=EXPECTED[name, index])


def test_every_message_of_the_fixtures_is_covered() -> None:
    found = {(name.partition("/")[2], i) for name in names("ktx", "ws") for i in range(len(_frames(name.partition("/")[2])))}

    assert found == set(EXPECTED)


def test_a_position_under_the_name_of_the_order_stream_is_a_position() -> None:
    assert _push(_frames("position")[0] | {"stream": "order"}).value == POSITION


@pytest.mark.parametrize(
    ("made", "name", "index"),
    [
        (channels.book(Market.SPOT, BTC, 20), "order_book", 0),
        (channels.trades(Market.SPOT, BTC), "trades", 0),
        (channels.candles(Market.SPOT, BTC, TimeFrame.MINUTE_1), "candles", 0),
        (channels.ticker(Market.SPOT, BTC), "ticker", 0),
    ],
)
def test_names_of_streams_are_spelled_as_published(made: str, name: str, index: int) -> None:
    assert made == load("ktx", f"ws/{name}")["subscribe"][index]["frame"]["params"][0]


def test_time_frames_have_the_spelling_of_the_stream_there() -> None:
    rows = load("ktx", "candles")["periods"]
    made = [channels.candles(Market.SPOT, BTC, TimeFrame(row["rest"])).rpartition(".")[2] for row in rows]

    assert made == [row["stream"] or row["rest"] for row in rows]
    assert [row["rest"] for row in rows] == [frame.value for frame in TimeFrame]


@pytest.mark.parametrize("symbol", ["", "BTC.USDT"])
def test_a_symbol_that_would_break_a_name_is_refused(symbol: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in the name of a stream"):
        channels.ticker(Market.SPOT, symbol)


@pytest.mark.parametrize("exchange", load("ktx", "ws/operations")["exchanges"], ids=lambda exchange: exchange["id"])
def test_answers_are_successes_or_failures_of_a_command(exchange: dict[str, Any]) -> None:
    (sent,) = exchange["server"]
    answer = decode_frame(Row.of(sent, "stream message"), profile=Profile.GEN1)

    assert isinstance(answer, Answer)
    assert answer.command_id == sent.get("id")
    assert (answer.error.code if answer.error else None) == sent.get("error")


# --- delivery ---


async def test_pushes_come_in_the_order_of_the_wire_and_end_with_the_stream(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    for name, index in EXPECTED:
        await peer.send(_frames(name)[index])
    await soon(ktx_stream.round_trip())
    await ktx_stream.close()

    events = [event async for event in feed]
    assert (events[0], events[-1]) == (Connected(reconnections=0), Closed())
    assert [event.value for event in events if isinstance(event, Push)] == list(EXPECTED.values())


async def test_a_listener_of_one_stream_hears_no_other(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    heard: list[Any] = []
    peer = await start(ktx, ktx_stream)
    stop = ktx_stream.listen(heard.append, channel="spot.BTC_USDT.ticker")
    await peer.push("spot.ETH_USDT.ticker", _frames("ticker")[0]["data"])
    await peer.send(_frames("ticker")[0])
    await soon(ktx_stream.round_trip())
    stop()
    await peer.send(_frames("ticker")[0])
    await soon(ktx_stream.round_trip())

    assert [push.value for push in heard] == [TICKER]


async def test_a_stream_that_nobody_knows_is_given_raw(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    await peer.push("spot.BTC_USDT.news", {"text": "x"})

    assert await next_push(feed) == Push(channel="spot.BTC_USDT.news", value=RawPush(data={"text": "x"}))


@pytest.mark.parametrize(
    ("message", "channel"),
    [
        ({"stream": "order", "data": {}}, "order"),
        ({"stream": "order"}, None),
        ({"stream": "spot.BTC_USDT.trades", "data": {}}, "spot.BTC_USDT.trades"),
        ({"news": 1}, None),
        ({"error": "x"}, None),
    ],
)
async def test_a_message_that_cannot_be_read_is_reported_and_harms_no_other(
    ktx: FakeKtx, ktx_stream: KtxStream, message: dict[str, Any], channel: str | None
) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    await peer.send(message)
    await peer.send(_frames("account")[0])

    reported = await next_of(feed, ErrorReported)
    assert (type(reported.error), reported.channel) == (errors.MalformedReplyError, channel)
    assert (await next_push(feed)).channel == "account"
