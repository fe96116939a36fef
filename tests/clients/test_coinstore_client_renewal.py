"""The Coinstore stream over time: pongs, dead lines, old connections, and what the next connection restores."""

import asyncio
from datetime import timedelta

import pytest
from coinstore_fake_venue import (
    LOGIN_NS,
    SID,
    TIMING,
    CoinstoreTime,
    FakeCoinstore,
    next_of,
    start,
    stream_of,
    subscribe,
)
from loopback import soon
from mockex.clients.coinstore import (
    ChannelRefused,
    CoinstoreStream,
    Connected,
    Disconnected,
    FramesLost,
    PongForm,
    StreamTiming,
    Subscribed,
    errors,
)
from mockex.fixtures import load

TICKER, DEPTH = "btcusdt@ticker", "4@depth@20"


# --- life signs ---


def test_default_deadlines_lie_within_those_of_the_venue() -> None:
    framing, timing = load("coinstore", "ws/framing"), StreamTiming()

    assert timing.pong_every < timedelta(milliseconds=int(framing["heartbeat"]["pong_within_ms"]))
    assert timing.renew_after < timedelta(milliseconds=int(framing["life"]["longest_ms"]))


async def test_pong_frames_are_sent_unasked(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    peer = await start(coinstore, coinstore_stream)

    for _ in range(2):
        await coinstore_time.pass_once_awaited(TIMING.pong_every)
        await soon(peer.pongs.get())
    assert peer.inbox.empty()


async def test_pongs_may_be_messages(coinstore: FakeCoinstore, coinstore_time: CoinstoreTime) -> None:
    stream = stream_of(coinstore, coinstore_time, pong_form=PongForm.MESSAGE)
    peer = await start(coinstore, stream)
    await coinstore_time.pass_once_awaited(TIMING.pong_every)
    published = next(p["client"] for p in load("coinstore", "ws/framing")["pongs"] if p["id"] == "ws/framing.pong.message")

    assert await peer.request() == published | {"epochMillis": LOGIN_NS // 1_000_000}
    await stream.close()


async def test_ping_frame_of_the_venue_is_answered(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    peer = await start(coinstore, coinstore_stream)

    await peer.socket.ping(b"are you there")

    assert await soon(peer.pongs.get()) == b"are you there"


async def test_line_that_answers_no_ping_is_left(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    peer.mute()
    await coinstore_time.pass_once_awaited(TIMING.probe_after)
    await coinstore_time.pass_once_awaited(TIMING.probe_within)

    lost = await next_of(feed, Disconnected)
    assert type(lost.error) is errors.ConnectionLostError
    assert "no answer to a ping in 13 s" in lost.error.message


async def test_line_that_answers_a_ping_is_kept(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    await start(coinstore, coinstore_stream)
    for _ in range(3):
        await coinstore_time.pass_once_awaited(TIMING.probe_after)
        assert coinstore_stream.quiet_for == TIMING.probe_after
        await soon(coinstore_stream.round_trip())
        assert coinstore_stream.quiet_for == timedelta(0)

    assert coinstore_stream.connected


# --- another connection ---


async def test_old_connection_is_renewed_at_once_before_the_venue_ends_it(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    await subscribe(coinstore_stream, peer, TICKER)
    await coinstore_time.pass_once_awaited(TIMING.renew_after)

    successor = await coinstore.established()
    assert type((await next_of(feed, Disconnected)).error) is errors.ConnectionRenewedError
    assert (await successor.acknowledge())["channel"] == [TICKER]
    assert await next_of(feed, Connected) == Connected(reconnections=1, sid=SID)
    assert await next_of(feed, Subscribed) == Subscribed(channel=TICKER)


async def test_dropped_connection_is_renewed_with_login_and_all_subscriptions(
    coinstore: FakeCoinstore, coinstore_time: CoinstoreTime
) -> None:
    stream = stream_of(coinstore, coinstore_time, private=True)
    starting = asyncio.create_task(stream.start())
    peer = await coinstore.established()
    await peer.acknowledge()
    await soon(starting)
    await subscribe(stream, peer, "spot_order", TICKER)
    peer.drop()
    await coinstore_time.pass_once_awaited(TIMING.first_retry)

    successor = await coinstore.established()
    assert (await successor.acknowledge())["op"] == "login"
    assert [(await successor.acknowledge())["channel"] for _ in range(2)] == [["spot_order"], [TICKER]]
    await stream.close()


async def test_close_code_of_the_venue_is_reported(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    await peer.socket.close(code=1001, message=b"24 h")

    lost = (await next_of(feed, Disconnected)).error
    assert (lost.code, lost.message) == (1001, "24 h")


async def test_delays_double_up_to_the_longest_and_start_again_after_success(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    peer = await start(coinstore, coinstore_stream)
    coinstore.refusals += [503, 503, 503]
    peer.drop()
    for seconds in (1, 2, 4, 4):
        await coinstore_time.pass_once_awaited(timedelta(seconds=seconds))
    feed = coinstore_stream.events()
    successor = await coinstore.established()
    await next_of(feed, Connected)
    successor.drop()

    await coinstore_time.pass_once_awaited(timedelta(seconds=1))
    await coinstore.accept()


async def test_subscription_unanswered_when_the_connection_ends_is_answered_on_the_next_one(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    peer = await start(coinstore, coinstore_stream)
    subscribing = asyncio.create_task(coinstore_stream.subscribe(TICKER))
    await peer.request()
    peer.drop()
    await coinstore_time.pass_once_awaited(TIMING.first_retry)
    successor = await coinstore.established()
    await successor.acknowledge()

    await soon(subscribing)


async def test_channel_refused_on_renewal_is_reported_and_dropped(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    await subscribe(coinstore_stream, peer, DEPTH)
    peer.drop()
    await coinstore_time.pass_once_awaited(TIMING.first_retry)
    successor = await coinstore.established()
    await successor.refuse(404, "sub.channel.failed", payload=DEPTH)

    refused = await next_of(feed, ChannelRefused)
    assert (refused.channel, type(refused.error)) == (DEPTH, errors.UnknownChannelError)
    assert coinstore_stream.channels == ()


@pytest.mark.parametrize("sequence", load("coinstore", "ws/framing")["sequences"], ids=lambda sequence: sequence["id"])
async def test_missing_numbers_are_told_and_repeated_ones_are_not(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, sequence: dict[str, list[int]]
) -> None:
    feed = coinstore_stream.events()
    starting = asyncio.create_task(coinstore_stream.start())
    peer = await coinstore.accept()
    for number in sequence["S"]:
        peer.frames = number - 1
        await peer.establish()
    await soon(starting)
    await soon(coinstore_stream.round_trip())
    await coinstore_stream.close()

    told = [event async for event in feed if isinstance(event, FramesLost)]
    assert [number for event in told for number in range(event.first, event.last + 1)] == sequence["lost"]


async def test_each_connection_counts_from_one(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    await subscribe(coinstore_stream, peer, TICKER)
    peer.drop()
    await coinstore_time.pass_once_awaited(TIMING.first_retry)
    successor = await coinstore.established()
    await successor.acknowledge()
    await soon(coinstore_stream.round_trip())
    await coinstore_stream.close()

    assert [event async for event in feed if isinstance(event, FramesLost)] == []


async def test_answer_after_lost_frames_is_not_given_to_an_echo_of_before(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    peer = await start(coinstore, coinstore_stream)
    first = asyncio.create_task(coinstore_stream.subscribe(TICKER))
    await peer.echo(await peer.request())
    peer.frames += 1  # the answer to the first is lost
    second = asyncio.create_task(coinstore_stream.unsubscribe(DEPTH))
    command = await peer.request()
    await peer.echo(command)
    await peer.respond("unsub.channel.success")

    await soon(second)
    assert not first.done()
    await coinstore_time.pass_once_awaited(TIMING.acknowledge_within)
    with pytest.raises(errors.RequestTimeoutError):
        await soon(first)


@pytest.mark.parametrize("frame", ["not JSON", "[]", b"\xff"])
async def test_frame_that_cannot_be_read_ends_the_connection(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, frame: str | bytes
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    if isinstance(frame, bytes):
        await peer.socket.send_bytes(frame)
    else:
        await peer.socket.send_str(frame)

    assert type((await next_of(feed, Disconnected)).error) is errors.MalformedReplyError
