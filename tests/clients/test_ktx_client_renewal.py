"""The KTX streams over time: heartbeats, dead lines, and what the next connection restores."""

import asyncio
from datetime import timedelta

import pytest
from ktx_fake_venue import (
    CREDENTIALS,
    TIMING,
    FakeKtx,
    KtxTime,
    next_of,
    start,
    stream_of,
    subscribe,
)
from loopback import soon
from mockex.clients.ktx import (
    ChannelRefused,
    Connected,
    Disconnected,
    KtxStream,
    LoginWay,
    PingForm,
    StreamTiming,
    Subscribed,
    errors,
)
from mockex.fixtures import load

BOOK, TICKER = "spot.BTC_USDT.order_book.5", "spot.BTC_USDT.ticker"
ACCOUNT = load("ktx", "ws/account")["frames"][0]["frame"]


# --- heartbeats ---


def test_default_heartbeat_lies_within_that_of_the_venue() -> None:
    framing, timing = load("ktx", "ws/framing"), StreamTiming()
    shortest = min(int(idle["closes_after_ms"]) for idle in framing["idle"])

    assert timing.ping_every < timedelta(milliseconds=shortest)
    assert timing.pong_within == timedelta(milliseconds=int(framing["heartbeat"]["pong_within_ms"]))


async def test_line_that_answers_pings_is_kept(ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime) -> None:
    await start(ktx, ktx_stream)
    for _ in range(3):
        await ktx_time.pass_once_awaited(TIMING.ping_every)
        assert ktx_stream.quiet_for == TIMING.ping_every
        await soon(ktx_stream.round_trip())
        assert ktx_stream.quiet_for == timedelta(0)

    assert ktx_stream.connected


async def test_line_that_answers_no_ping_is_left(ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    peer.mute()
    await ktx_time.pass_once_awaited(TIMING.ping_every)
    await ktx_time.pass_once_awaited(TIMING.pong_within)

    lost = (await next_of(feed, Disconnected)).error
    assert type(lost) is errors.ConnectionLostError
    assert "no answer to a ping in 5 s" in lost.message


async def test_pings_may_be_messages_and_want_an_answer_too(ktx: FakeKtx, ktx_time: KtxTime) -> None:
    stream = stream_of(ktx, ktx_time, ping_form=PingForm.MESSAGE)
    feed = stream.events()
    peer = await start(ktx, stream)
    published = load("ktx", "ws/framing")["pings"][0]
    for _ in range(2):
        await ktx_time.pass_once_awaited(TIMING.ping_every)
        assert await peer.request() == published["client"]
        await peer.send(published["server"])
    await ktx_time.pass_once_awaited(TIMING.ping_every)
    await peer.request()
    await ktx_time.pass_once_awaited(TIMING.pong_within)

    assert "no answer to a ping" in (await next_of(feed, Disconnected)).error.message
    await stream.close()


async def test_ping_frame_of_the_venue_is_answered(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    peer = await start(ktx, ktx_stream)
    await peer.socket.ping(b"are you there")

    assert await soon(peer.pongs.get()) == b"are you there"


# --- another connection ---


async def test_dropped_connection_is_renewed_with_all_subscriptions(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime
) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    await subscribe(ktx_stream, peer, BOOK, TICKER)
    peer.drop()
    await ktx_time.pass_once_awaited(TIMING.first_retry)
    successor = await ktx.accept()

    assert [(await successor.acknowledge())["params"] for _ in range(2)] == [[BOOK], [TICKER]]
    await next_of(feed, Disconnected)
    assert await next_of(feed, Connected) == Connected(reconnections=1)
    assert [(await next_of(feed, Subscribed)).channel for _ in range(2)] == [BOOK, TICKER]


@pytest.mark.parametrize("login", list(LoginWay))
async def test_dropped_user_stream_logs_in_again(ktx: FakeKtx, ktx_time: KtxTime, login: LoginWay) -> None:
    stream = stream_of(ktx, ktx_time, login=login)
    starting = asyncio.create_task(stream.start())
    peer = await ktx.accept()
    if login is LoginWay.MESSAGE:
        await peer.acknowledge()
    await soon(starting)
    feed = stream.events()
    peer.drop()
    await ktx_time.pass_once_awaited(TIMING.first_retry)
    successor = await ktx.accept()
    if login is LoginWay.MESSAGE:
        assert (await successor.acknowledge())["method"] == "LOGIN"
    else:
        assert successor.headers["api-key"] == CREDENTIALS.api_key

    await next_of(feed, Connected)
    await stream.close()


async def test_close_code_of_the_venue_is_reported(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    await peer.socket.close(code=1001, message=b"idle")

    lost = (await next_of(feed, Disconnected)).error
    assert (lost.code, lost.message) == (1001, "idle")


async def test_subscription_unanswered_when_the_connection_ends_is_answered_on_the_next_one(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime
) -> None:
    peer = await start(ktx, ktx_stream)
    subscribing = asyncio.create_task(ktx_stream.subscribe(TICKER))
    await peer.request()
    peer.drop()
    await ktx_time.pass_once_awaited(TIMING.first_retry)
    await (await ktx.accept()).acknowledge()

    await soon(subscribing)


async def test_unsubscription_unanswered_when_the_connection_ends_has_succeeded(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime
) -> None:
    peer = await start(ktx, ktx_stream)
    await subscribe(ktx_stream, peer, TICKER)
    ending = asyncio.create_task(ktx_stream.unsubscribe(TICKER))
    await peer.request()
    peer.drop()
    await soon(ending)
    feed = ktx_stream.events()
    await ktx_time.pass_once_awaited(TIMING.first_retry)
    successor = await ktx.accept()
    await next_of(feed, Connected)
    await soon(ktx_stream.round_trip())

    assert successor.inbox.empty()


async def test_stream_refused_on_renewal_is_reported_and_dropped(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime
) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    await subscribe(ktx_stream, peer, TICKER)
    peer.drop()
    await ktx_time.pass_once_awaited(TIMING.first_retry)
    await (await ktx.accept()).refuse(-1003)

    refused = await next_of(feed, ChannelRefused)
    assert (refused.channel, type(refused.error)) == (TICKER, errors.InvalidRequestError)
    assert ktx_stream.channels == ()


async def test_delays_double_up_to_the_longest_and_start_again_after_success(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime
) -> None:
    peer = await start(ktx, ktx_stream)
    ktx.refusals += [503, 503, 503]
    peer.drop()
    for seconds in (1, 2, 4, 4):
        await ktx_time.pass_once_awaited(timedelta(seconds=seconds))
    feed = ktx_stream.events()
    successor = await ktx.accept()
    await next_of(feed, Connected)
    successor.drop()

    await ktx_time.pass_once_awaited(timedelta(seconds=1))
    await ktx.accept()


@pytest.mark.parametrize("frame", ["not JSON", "[]", b"\xff"])
async def test_frame_that_cannot_be_read_ends_the_connection(ktx: FakeKtx, ktx_stream: KtxStream, frame: str | bytes) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    if isinstance(frame, bytes):
        await peer.socket.send_bytes(frame)
    else:
        await peer.socket.send_str(frame)

    assert type((await next_of(feed, Disconnected)).error) is errors.MalformedReplyError


async def test_reader_that_falls_behind_is_told(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    feed = ktx_stream.events(limit=1)
    peer = await start(ktx, ktx_stream)
    await peer.send(ACCOUNT)
    await soon(ktx_stream.round_trip())

    assert await soon(anext(feed)) == Connected(reconnections=0)
    with pytest.raises(errors.FeedOverflowError):
        await soon(anext(feed))
