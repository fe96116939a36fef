"""The stream against a venue played by hand: what readers get, and in which order."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from mockex.clients.okcoinjp import (
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    OkcoinStream,
    Push,
    Stopwatch,
    StreamEvent,
    errors,
)
from mockex.clients.okcoinjp.market_models import Trade
from okcoinjp_fake_venue import FakeStream, soon
from okcoinjp_stream_play import (
    TICKER,
    TICKER_FRAME,
    TIMING,
    TRADE,
    TRADE_FRAME,
    next_event,
    next_push,
)


async def test_events_come_to_all_feeds_and_listeners_in_order(venue: FakeStream, stream: OkcoinStream) -> None:
    heard: list[str] = []
    stop_listening = stream.listen(lambda event: heard.append(type(event).__name__))
    only_trades: list[StreamEvent] = []
    stream.listen(only_trades.append, channel="spot/trade:eth-jpy")
    one, two = stream.events(), stream.events()
    await soon(stream.start())
    peer = await venue.accept()

    await peer.send(TICKER_FRAME)
    await peer.send(TRADE_FRAME)

    for feed in (one, two):
        assert await next_event(feed) == Connected(reconnections=0)
        assert [(await next_push(feed)).channel for _ in range(2)] == [TICKER, TRADE]
    assert heard == ["Connected", "Push", "Push"]
    assert [event.channel for event in only_trades if isinstance(event, Push)] == [TRADE]

    stop_listening()
    await peer.send(TRADE_FRAME)
    await next_event(one)
    assert len(heard) == 3
    assert len(only_trades) == 2


async def test_listener_that_fails_harms_neither_the_stream_nor_other_listeners(
    venue: FakeStream, stream: OkcoinStream
) -> None:
    failures: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))

    def fail(event: StreamEvent) -> None:
        raise KeyError("listener")

    stream.listen(fail, channel=TRADE)
    feed = stream.events()
    await soon(stream.start())
    peer = await venue.accept()
    await peer.send(TRADE_FRAME)

    assert await next_event(feed) == Connected(reconnections=0)
    assert isinstance((await next_push(feed)).value, Trade)
    assert [type(failure["exception"]) for failure in failures] == [KeyError]


async def test_reader_that_falls_behind_gets_what_fitted_and_then_an_error(venue: FakeStream, stream: OkcoinStream) -> None:
    slow, quick = stream.events(limit=2), stream.events()
    await soon(stream.start())
    peer = await venue.accept()
    for _ in range(3):
        await peer.send(TRADE_FRAME)
    for _ in range(4):
        await next_event(quick)

    assert await next_event(slow) == Connected(reconnections=0)
    assert (await next_push(slow)).channel == TRADE
    with pytest.raises(errors.FeedOverflowError):
        await next_event(slow)


async def test_feed_without_room_is_refused(stream: OkcoinStream) -> None:
    with pytest.raises(ValueError, match="0 events"):
        stream.events(limit=0)


async def test_closing_the_stream_ends_iteration_after_the_queued_events(venue: FakeStream, stream: OkcoinStream) -> None:
    feed = stream.events()
    await soon(stream.start())
    await venue.accept()

    await stream.close()
    await stream.close()

    assert [event async for event in feed] == [Connected(reconnections=0), Closed()]


async def test_closing_the_stream_fails_whoever_waits(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    subscribing = asyncio.create_task(stream.subscribe(TICKER))
    await peer.request()

    await stream.close()

    with pytest.raises(errors.ConnectionLostError, match="closed"):
        await soon(subscribing)


async def test_closed_feed_ends_at_once_and_gets_nothing_more(venue: FakeStream, stream: OkcoinStream) -> None:
    with stream.events() as feed:
        await soon(stream.start())

    assert [event async for event in feed] == []


async def test_push_of_another_shape_is_reported_and_the_next_one_delivered(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    feed = stream.events()
    peer = await venue.accept()
    broken = {"table": "spot/trade", "data": [{"instrument_id": "ETH-JPY"}, *TRADE_FRAME["data"]]}

    await peer.send(broken)

    reported = await next_event(feed)
    assert isinstance(reported, ErrorReported)
    assert "trade_id" in reported.error.message
    assert (await next_push(feed)).channel == TRADE


async def test_error_event_that_answers_nothing_is_reported(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    feed = stream.events()
    peer = await venue.accept()

    await peer.refuse(30043, "Internal system error")

    reported = await next_event(feed)
    assert isinstance(reported, ErrorReported)
    assert isinstance(reported.error, errors.ServerFaultError)


async def test_broken_invariant_ends_the_feeds_with_its_exception_instead_of_silence(venue: FakeStream) -> None:
    async def broken_sleep(span: timedelta) -> None:
        if span == TIMING.first_retry:
            raise ZeroDivisionError("bug")
        await asyncio.Event().wait()

    stream = OkcoinStream(venue.url, timing=TIMING, stopwatch=Stopwatch(sleep=broken_sleep))
    await soon(stream.start())
    feed = stream.events()
    (await venue.accept()).drop()

    assert isinstance(await next_event(feed), Disconnected)
    assert await next_event(feed) == Closed()
    with pytest.raises(ZeroDivisionError):
        await next_event(feed)
    await stream.close()
