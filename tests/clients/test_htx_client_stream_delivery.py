"""The streams against a venue played by hand: what readers get, and in which order."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from htx_fake_venue import FakeAccount, FakeMarket
from htx_stream_play import (
    BALANCES,
    BALANCES_FRAME,
    BBO,
    BBO_FRAME,
    ORDERS,
    ORDERS_FRAME,
    TIMING,
    TRADES,
    TRADES_FRAME,
    next_event,
    next_push,
    start_logged_in,
)
from loopback import soon
from mockex.clients.htx import (
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    HtxStream,
    MarketDialect,
    Push,
    Stopwatch,
    StreamEvent,
    errors,
)
from mockex.clients.htx.account_models import BalanceUpdate
from mockex.clients.htx.market_models import BestPrices, Match
from mockex.clients.htx.stream_models import OrderTraded


async def test_events_come_to_all_feeds_and_listeners_in_order(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    heard: list[str] = []
    stop_listening = htx_stream.listen(lambda event: heard.append(type(event).__name__))
    only_trades: list[StreamEvent] = []
    htx_stream.listen(only_trades.append, channel=TRADES)
    one, two = htx_stream.events(), htx_stream.events()
    await soon(htx_stream.start())
    peer = await htx_market.accept()

    await peer.send(BBO_FRAME)
    await peer.send(TRADES_FRAME)

    for feed in (one, two):
        assert await next_event(feed) == Connected(reconnections=0)
        pushes = [await next_push(feed) for _ in range(2)]
        assert [(push.channel, type(push.value)) for push in pushes] == [(BBO, BestPrices), (TRADES, Match)]
    assert heard == ["Connected", "Push", "Push"]
    assert [event.channel for event in only_trades if isinstance(event, Push)] == [TRADES]

    stop_listening()
    await peer.send(TRADES_FRAME)
    await next_event(one)
    assert len(heard) == 3
    assert len(only_trades) == 2


async def test_account_events_come_under_the_topic_that_was_subscribed(
    htx_account: FakeAccount, htx_private_stream: HtxStream
) -> None:
    peer = await start_logged_in(htx_account, htx_private_stream)
    feed = htx_private_stream.events()

    await peer.send(ORDERS_FRAME)
    await peer.send(BALANCES_FRAME)

    pushes = [await next_push(feed) for _ in range(2)]
    assert [(push.channel, type(push.value)) for push in pushes] == [(ORDERS, OrderTraded), (BALANCES, BalanceUpdate)]


async def test_text_frames_of_a_market_socket_are_read_as_well(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    await soon(htx_stream.start())
    feed = htx_stream.events()
    peer = await htx_market.accept()

    await peer.socket.send_str('{"ping":1492420473027}')
    assert await peer.text() == '{"pong":1492420473027}'
    await peer.socket.send_str('{"ch":"market.x.etp","ts":1,"tick":{}}')
    assert (await next_push(feed)).channel == "market.x.etp"


async def test_listener_that_fails_harms_neither_the_stream_nor_other_listeners(
    htx_market: FakeMarket, htx_stream: HtxStream
) -> None:
    failures: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))

    def fail(event: StreamEvent) -> None:
        raise KeyError("listener")

    htx_stream.listen(fail, channel=TRADES)
    feed = htx_stream.events()
    await soon(htx_stream.start())
    await (await htx_market.accept()).send(TRADES_FRAME)

    assert isinstance((await next_push(feed)).value, Match)
    assert [type(failure["exception"]) for failure in failures] == [KeyError]


async def test_reader_that_falls_behind_gets_what_fitted_and_then_an_error(
    htx_market: FakeMarket, htx_stream: HtxStream
) -> None:
    slow, quick = htx_stream.events(limit=2), htx_stream.events()
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    for _ in range(3):
        await peer.send(TRADES_FRAME)
    for _ in range(4):
        await next_event(quick)

    assert await next_event(slow) == Connected(reconnections=0)
    assert (await next_push(slow)).channel == TRADES
    with pytest.raises(errors.FeedOverflowError):
        await next_event(slow)


async def test_feed_without_room_is_refused(htx_stream: HtxStream) -> None:
    with pytest.raises(ValueError, match="0 events"):
        htx_stream.events(limit=0)


async def test_closing_the_stream_ends_iteration_after_the_queued_events(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    feed = htx_stream.events()
    await soon(htx_stream.start())
    await htx_market.accept()

    await htx_stream.close()
    await htx_stream.close()

    assert [event async for event in feed] == [Connected(reconnections=0), Closed()]


async def test_closing_the_stream_fails_whoever_waits(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    waiting = [asyncio.create_task(htx_stream.subscribe(BBO)), asyncio.create_task(htx_stream.request("market.x.mbp.5"))]
    for _ in waiting:
        await peer.request()

    await htx_stream.close()

    with pytest.raises(errors.ConnectionLostError, match="closed"):
        await soon(waiting[0])
    with pytest.raises(errors.ConnectionLostError):
        await soon(waiting[1])


async def test_push_of_another_shape_is_reported_and_the_next_one_delivered(
    htx_market: FakeMarket, htx_stream: HtxStream
) -> None:
    await soon(htx_stream.start())
    feed = htx_stream.events()
    peer = await htx_market.accept()

    await peer.send(BBO_FRAME | {"tick": {"seqId": 1}})
    await peer.send({"neither": "nor"})
    await peer.send(BBO_FRAME)

    for complaint in ("quoteTime", "no known kind"):
        reported = await next_event(feed)
        assert isinstance(reported, ErrorReported)
        assert complaint in reported.error.message
    assert (await next_push(feed)).channel == BBO


async def test_broken_invariant_ends_the_feeds_with_its_exception_instead_of_silence(htx_market: FakeMarket) -> None:
    async def broken_sleep(span: timedelta) -> None:
        if span == TIMING.first_retry:
            raise ZeroDivisionError("bug")
        await asyncio.Event().wait()

    stream = HtxStream(htx_market.url, MarketDialect(), timing=TIMING, stopwatch=Stopwatch(sleep=broken_sleep))
    await soon(stream.start())
    feed = stream.events()
    (await htx_market.accept()).drop()

    assert isinstance(await next_event(feed), Disconnected)
    assert await next_event(feed) == Closed()
    with pytest.raises(ZeroDivisionError):
        await next_event(feed)
    await stream.close()
