"""The streams against a venue played by hand: heartbeat and reconnection."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest
from htx_fake_venue import FakeAccount, FakeMarket, VirtualTime, gzipped
from htx_stream_play import (
    BALANCES,
    BBO,
    BBO_FRAME,
    ORDERS,
    ORDERS_FRAME,
    TIMING,
    TRADES,
    accept_login,
    next_event,
    next_of,
    next_push,
    start_logged_in,
    subscribed,
)
from loopback import soon
from mockex.clients.htx import (
    ChannelRefused,
    Connected,
    Disconnected,
    HtxStream,
    MarketDialect,
    Subscribed,
    errors,
)
from mockex.clients.htx.connection import Connection

# --- heartbeat ---


async def test_ping_of_the_market_socket_is_answered_with_the_same_number(
    htx_market: FakeMarket, htx_stream: HtxStream
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()

    for stamp in (1492420473027, 1492420478027):
        await peer.send({"ping": stamp})
        assert await peer.text() == f'{{"pong":{stamp}}}'


async def test_ping_of_the_account_socket_is_answered_with_the_same_number(
    htx_account: FakeAccount, htx_private_stream: HtxStream
) -> None:
    peer = await start_logged_in(htx_account, htx_private_stream)

    await peer.send({"action": "ping", "data": {"ts": 1575537778295}})

    assert await peer.request() == {"action": "pong", "data": {"ts": 1575537778295}}


async def test_venue_that_falls_silent_is_left_and_the_connection_renewed(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    feed = htx_stream.events()
    await htx_market.accept()

    await htx_time.pass_once_awaited(TIMING.silent_for)

    lost = await next_event(feed)
    assert isinstance(lost, Disconnected)
    assert lost.error.message == "nothing was heard for 17 s"
    await htx_time.pass_once_awaited(TIMING.first_retry)
    await htx_market.accept()
    assert await next_event(feed) == Connected(reconnections=1)


async def test_any_message_puts_the_end_of_patience_off(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    waiting = asyncio.create_task(htx_stream.subscribe(TRADES))
    await peer.request()
    await htx_time.pass_once_awaited(TIMING.acknowledge_within)  # 11 s of silence
    with pytest.raises(errors.RequestTimeoutError):
        await soon(waiting)
    assert htx_stream.quiet_for == TIMING.acknowledge_within
    await peer.send({"ping": 1})
    assert await peer.text() == '{"pong":1}'
    assert htx_stream.quiet_for == timedelta(0)

    await htx_time.pass_once_awaited(TIMING.silent_for)  # 17 s after the start, 6 s after the ping: no end yet

    await htx_time.pass_once_awaited(timedelta(seconds=11))  # the rest of 17 s after the ping
    feed = htx_stream.events()
    await htx_time.pass_once_awaited(TIMING.first_retry)
    assert await next_of(feed, Connected) == Connected(reconnections=1)


@pytest.mark.parametrize(
    "message", [b"not compressed", gzipped("{"), gzipped('{"ping":1}')[:-4]], ids=["not gzip", "not JSON", "cut"]
)
async def test_frame_that_cannot_be_read_ends_the_connection(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime, message: bytes
) -> None:
    await soon(htx_stream.start())
    feed = htx_stream.events()
    peer = await htx_market.accept()

    await peer.socket.send_bytes(message)

    lost = await next_event(feed)
    assert isinstance(lost, Disconnected)
    assert isinstance(lost.error, errors.MalformedReplyError)
    await htx_time.pass_once_awaited(TIMING.first_retry)
    await htx_market.accept()


# --- reconnection ---


async def test_dropped_connection_is_renewed_with_login_and_all_subscriptions(
    htx_account: FakeAccount, htx_private_stream: HtxStream, htx_time: VirtualTime
) -> None:
    peer = await start_logged_in(htx_account, htx_private_stream)
    await subscribed(htx_private_stream, peer.acknowledge, ORDERS, BALANCES)
    feed = htx_private_stream.events()

    peer.drop()
    await htx_time.pass_once_awaited(TIMING.first_retry)
    successor = await accept_login(htx_account)
    assert [await successor.acknowledge() for _ in range(2)] == [ORDERS, BALANCES]
    await successor.send(ORDERS_FRAME)

    lost = await next_event(feed)
    assert isinstance(lost, Disconnected)
    assert isinstance(lost.error, errors.ConnectionLostError)
    assert await next_event(feed) == Connected(reconnections=1)
    assert [await next_event(feed) for _ in range(2)] == [Subscribed(channel=ORDERS), Subscribed(channel=BALANCES)]
    assert (await next_push(feed)).channel == ORDERS


async def test_close_code_and_reason_of_the_venue_are_reported(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    await soon(htx_stream.start())
    feed = htx_stream.events()
    peer = await htx_market.accept()

    await peer.socket.close(code=1003, message=b"ping timeout")

    lost = await next_event(feed)
    assert isinstance(lost, Disconnected)
    assert (lost.error.code, lost.error.message) == (1003, "ping timeout")


async def test_delays_double_up_to_the_longest_and_start_again_after_success(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    feed = htx_stream.events()
    htx_market.refusals += [503, 503, 503, 503]

    (await htx_market.accept()).drop()
    for seconds in (1, 2, 4, 4, 4):  # first_retry is 1 s, longest_retry 4 s
        assert isinstance(await next_event(feed), Disconnected)
        await htx_time.pass_once_awaited(timedelta(seconds=seconds))
    assert await next_event(feed) == Connected(reconnections=1)

    (await htx_market.accept()).drop()
    assert isinstance(await next_event(feed), Disconnected)
    await htx_time.pass_once_awaited(TIMING.first_retry)
    assert await next_event(feed) == Connected(reconnections=2)


async def test_subscription_asked_for_while_disconnected_waits_for_the_next_connection(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    feed = htx_stream.events()
    (await htx_market.accept()).drop()
    await next_event(feed)

    subscribing = asyncio.create_task(htx_stream.subscribe(BBO))
    await htx_time.pass_once_awaited(TIMING.first_retry)
    assert await (await htx_market.accept()).acknowledge() == BBO
    await soon(subscribing)


async def test_subscription_unanswered_when_the_connection_ends_is_answered_on_the_next_one(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    subscribing = asyncio.create_task(htx_stream.subscribe(BBO))
    await peer.request()

    peer.drop()
    await htx_time.pass_once_awaited(TIMING.first_retry)

    assert await (await htx_market.accept()).acknowledge() == BBO
    await soon(subscribing)


async def test_topic_refused_on_renewal_is_reported_and_dropped(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    await subscribed(htx_stream, peer.acknowledge, BBO, TRADES)
    feed = htx_stream.events()

    peer.drop()
    await htx_time.pass_once_awaited(TIMING.first_retry)
    successor = await htx_market.accept()
    requests = [await successor.request() for _ in range(2)]
    await successor.refuse(requests[1]["id"], "429 too many request [topics]")

    refused = await next_of(feed, ChannelRefused)
    assert (refused.channel, type(refused.error)) == (TRADES, errors.RateLimitError)
    assert htx_stream.channels == (BBO,)


async def test_login_refused_on_renewal_is_reported_and_tried_again(
    htx_account: FakeAccount, htx_private_stream: HtxStream, htx_time: VirtualTime
) -> None:
    feed = htx_private_stream.events()
    (await start_logged_in(htx_account, htx_private_stream)).drop()
    await htx_time.pass_once_awaited(TIMING.first_retry)
    successor = await htx_account.accept()
    await successor.request()
    await successor.refuse("req", "auth", 2002, "auth.fail")
    await successor.socket.close()

    assert await next_event(feed) == Connected(reconnections=0)
    assert isinstance(await next_event(feed), Disconnected)
    refused = await next_event(feed)
    assert isinstance(refused, Disconnected)
    assert isinstance(refused.error, errors.AuthenticationError)
    await htx_time.pass_once_awaited(timedelta(seconds=2))
    await accept_login(htx_account)
    assert await next_event(feed) == Connected(reconnections=1)


# --- what a program that drives the stream can find out ---


async def test_round_trip_ends_after_what_the_venue_sent_before(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    with pytest.raises(errors.ConnectionLostError):
        await htx_stream.round_trip()
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    feed = htx_stream.events()

    await peer.send(BBO_FRAME)
    await soon(htx_stream.round_trip())

    assert (await next_push(feed)).channel == BBO


async def test_stream_is_in_transition_while_it_connects_and_not_while_it_waits(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    assert not htx_stream.in_transition
    starting = asyncio.create_task(htx_stream.start())
    await asyncio.sleep(0)
    assert htx_stream.in_transition
    await soon(starting)
    assert (htx_stream.connected, htx_stream.in_transition) == (True, False)
    feed = htx_stream.events()

    (await htx_market.accept()).drop()
    assert isinstance(await next_event(feed), Disconnected)
    assert (htx_stream.connected, htx_stream.in_transition) == (False, False)

    await htx_time.pass_once_awaited(TIMING.first_retry)
    assert await next_event(feed) == Connected(reconnections=1)
    await soon(htx_stream.close())
    assert not htx_stream.in_transition


async def test_answers_may_be_bounded_by_another_time_than_silence(htx_market: FakeMarket, htx_time: VirtualTime) -> None:
    waited: list[timedelta] = []

    async def never_patient(span: timedelta) -> None:
        waited.append(span)

    stopwatch = dataclasses.replace(htx_time.stopwatch(), sleep_for_answer=never_patient)
    async with HtxStream(htx_market.url, MarketDialect(), timing=TIMING, stopwatch=stopwatch) as stream:
        with pytest.raises(errors.RequestTimeoutError):
            await soon(stream.subscribe(BBO))

        assert waited == [TIMING.acknowledge_within]
        assert stream.connected


async def test_stream_closed_while_it_takes_a_connection_down_leaves_no_socket(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Connection] = []
    really_open = Connection.open

    async def keep(*args: object, **options: object) -> Connection:
        opened.append(await really_open(*args, **options))  # type: ignore[arg-type]  # handed on as they came
        return opened[-1]

    monkeypatch.setattr(Connection, "open", keep)
    await soon(htx_stream.start())
    (await htx_market.accept()).mute()
    await htx_time.pass_once_awaited(TIMING.silent_for)
    for _ in range(100):  # turns of the loop, in which the stream gives the connection up
        await asyncio.sleep(0)
    assert htx_stream.in_transition

    await soon(htx_stream.close())

    assert opened[0]._socket._socket.transport.is_closing()
