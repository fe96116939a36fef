"""The stream against a venue played by hand: reconnection and heartbeat."""

import asyncio
import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from mockex.clients.okcoinjp import (
    ChannelRefused,
    Connected,
    Disconnected,
    OkcoinStream,
    errors,
)
from mockex.clients.okcoinjp.connection import Connection
from mockex.clients.shared.driver_time import turns
from okcoinjp_fake_venue import FakeStream, VirtualTime, deflated, soon
from okcoinjp_stream_play import (
    ORDER,
    ORDER_FRAME,
    TICKER,
    TIMING,
    TRADE,
    TRADE_FRAME,
    accept_login,
    next_event,
    next_push,
    start_logged_in,
    subscribed,
)

# --- reconnection ---


async def test_dropped_connection_is_renewed_with_login_and_all_subscriptions(
    venue: FakeStream, private_stream: OkcoinStream, time: VirtualTime
) -> None:
    feed = private_stream.events()
    peer = await start_logged_in(venue, private_stream)
    await subscribed(private_stream, peer, TRADE)
    await subscribed(private_stream, peer, ORDER)

    peer.drop()
    await time.pass_once_awaited(TIMING.first_retry)
    successor = await accept_login(venue)
    assert await successor.acknowledge() == [TRADE, ORDER]
    await successor.send(ORDER_FRAME)

    assert await next_event(feed) == Connected(reconnections=0)
    lost = await next_event(feed)
    assert isinstance(lost, Disconnected)
    assert isinstance(lost.error, errors.ConnectionLostError)
    assert await next_event(feed) == Connected(reconnections=1)
    assert (await next_push(feed)).channel == ORDER


async def test_close_code_and_reason_of_the_venue_are_reported(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    feed = stream.events()
    peer = await venue.accept()

    await peer.socket.close(code=4001, message=b"no data received in 30s")

    lost = await next_event(feed)
    assert isinstance(lost, Disconnected)
    assert (lost.error.code, lost.error.message) == (4001, "no data received in 30s")


async def test_delays_double_up_to_the_longest_and_start_again_after_success(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime
) -> None:
    await soon(stream.start())
    feed = stream.events()
    venue.refusals += [503, 503, 503, 503]

    (await venue.accept()).drop()
    for seconds in (1, 2, 4, 4, 4):  # first_retry is 1 s, longest_retry 4 s
        assert isinstance(await next_event(feed), Disconnected)
        await time.pass_once_awaited(timedelta(seconds=seconds))
    assert await next_event(feed) == Connected(reconnections=1)

    (await venue.accept()).drop()
    assert isinstance(await next_event(feed), Disconnected)
    await time.pass_once_awaited(TIMING.first_retry)
    assert await next_event(feed) == Connected(reconnections=2)


async def test_subscription_asked_for_while_disconnected_waits_for_the_next_connection(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime
) -> None:
    await soon(stream.start())
    feed = stream.events()
    (await venue.accept()).drop()
    await next_event(feed)

    subscribing = asyncio.create_task(stream.subscribe(TICKER))
    await time.pass_once_awaited(TIMING.first_retry)
    assert await (await venue.accept()).acknowledge() == [TICKER]
    await soon(subscribing)


async def test_channel_refused_on_renewal_is_reported_and_dropped(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime
) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    await subscribed(stream, peer, TICKER)
    feed = stream.events()

    peer.drop()
    await time.pass_once_awaited(TIMING.first_retry)
    successor = await venue.accept()
    await successor.request()
    await successor.refuse(30026, "Requested too frequent; endpoint limit exceeded")

    assert isinstance(await next_event(feed), Disconnected)
    assert await next_event(feed) == Connected(reconnections=1)
    refused = await next_event(feed)
    assert isinstance(refused, ChannelRefused)
    assert (refused.channel, refused.error.code) == (TICKER, 30026)
    assert stream.channels == ()


async def test_login_refused_on_renewal_is_reported_and_tried_again(
    venue: FakeStream, private_stream: OkcoinStream, time: VirtualTime
) -> None:
    feed = private_stream.events()
    (await start_logged_in(venue, private_stream)).drop()
    await time.pass_once_awaited(TIMING.first_retry)
    successor = await venue.accept()
    await successor.request()
    await successor.refuse(30008, "Timestamp request expired")
    await successor.socket.close()

    assert await next_event(feed) == Connected(reconnections=0)
    assert isinstance(await next_event(feed), Disconnected)
    refused = await next_event(feed)
    assert isinstance(refused, Disconnected)
    assert isinstance(refused.error, errors.TimestampError)
    await time.pass_once_awaited(timedelta(seconds=2))
    await accept_login(venue)
    assert await next_event(feed) == Connected(reconnections=1)


# --- heartbeat ---


async def test_ping_follows_silence_and_a_missing_pong_renews_the_connection(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime
) -> None:
    await soon(stream.start())
    feed = stream.events()
    peer = await venue.accept()

    await time.pass_once_awaited(TIMING.heartbeat_after)
    assert await peer.text() == "ping"
    await time.pass_once_awaited(TIMING.pong_within)

    lost = await next_event(feed)
    assert isinstance(lost, Disconnected)
    assert "heartbeat" in lost.error.message
    await time.pass_once_awaited(TIMING.first_retry)
    await venue.accept()
    assert await next_event(feed) == Connected(reconnections=1)


@pytest.mark.parametrize("form", ["deflated", "text"])
async def test_pong_in_either_form_keeps_the_connection(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime, form: str
) -> None:
    await soon(stream.start())
    peer = await venue.accept()

    await time.pass_once_awaited(TIMING.heartbeat_after)
    assert await peer.text() == "ping"
    if form == "text":
        await peer.socket.send_str("pong")
    else:
        await peer.socket.send_bytes(deflated("pong"))
    with stream.events() as feed:
        await peer.send(TRADE_FRAME)  # read after the pong
        await next_push(feed)
    await time.pass_once_awaited(TIMING.pong_within)

    # The pong counts as something heard, so the rest of the silence leads to the next ping on the same connection.
    await time.pass_once_awaited(TIMING.heartbeat_after - TIMING.pong_within)
    assert await peer.text() == "ping"
    assert stream.connected


async def test_who_waits_for_longer_than_a_silence_asks_again_meanwhile(venue: FakeStream, time: VirtualTime) -> None:
    timing = dataclasses.replace(TIMING, pong_within=TIMING.heartbeat_after * 2)
    async with OkcoinStream(venue.url, timing=timing, stopwatch=time.stopwatch()) as stream:
        feed = stream.events()
        peer = await venue.accept()
        for _ in range(2):
            await time.pass_once_awaited(TIMING.heartbeat_after)
            assert await peer.text() == "ping"
        await time.pass_once_awaited(TIMING.heartbeat_after)

        lost = await next_event(feed)
        assert isinstance(lost, Disconnected)
        assert lost.error.message == "no answer to the heartbeat"


async def test_any_message_puts_the_ping_off(venue: FakeStream, stream: OkcoinStream, time: VirtualTime) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    waiting = asyncio.create_task(stream.subscribe(TICKER))
    await peer.request()
    await time.pass_once_awaited(TIMING.acknowledge_within)  # 11 s of silence
    with pytest.raises(errors.RequestTimeoutError):
        await soon(waiting)
    assert stream.quiet_for == TIMING.acknowledge_within
    with stream.events() as feed:
        await peer.send(TRADE_FRAME)
        await next_push(feed)
    assert stream.quiet_for == timedelta(0)

    await time.pass_once_awaited(TIMING.heartbeat_after)  # 20 s after the start, 9 s after the message: no ping yet

    await time.pass_once_awaited(timedelta(seconds=11))  # the rest of 20 s after the message
    assert await peer.text() == "ping"


@pytest.mark.parametrize("message", [b"not deflated", deflated("{")], ids=["not deflated", "not JSON"])
async def test_frame_that_cannot_be_read_ends_the_connection(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime, message: bytes
) -> None:
    await soon(stream.start())
    feed = stream.events()
    peer = await venue.accept()

    await peer.socket.send_bytes(message)

    lost = await next_event(feed)
    assert isinstance(lost, Disconnected)
    assert isinstance(lost.error, errors.MalformedReplyError)
    await time.pass_once_awaited(TIMING.first_retry)
    await venue.accept()


# --- what a program that drives the stream can find out ---


async def test_round_trip_ends_after_what_the_venue_sent_before(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    feed = stream.events()

    await peer.send(TRADE_FRAME)
    await soon(stream.round_trip())

    assert (await next_push(feed)).channel == TRADE


async def test_round_trip_without_a_connection_is_refused(venue: FakeStream, stream: OkcoinStream, time: VirtualTime) -> None:
    with pytest.raises(errors.ConnectionLostError):
        await stream.round_trip()
    await soon(stream.start())
    peer = await venue.accept()
    feed = stream.events()
    peer.drop()
    assert isinstance(await next_event(feed), Disconnected)

    with pytest.raises(errors.ConnectionLostError):
        await stream.round_trip()


async def test_stream_is_in_transition_while_it_connects_and_not_while_it_waits(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime
) -> None:
    assert not stream.in_transition
    starting = asyncio.create_task(stream.start())
    await asyncio.sleep(0)
    assert stream.in_transition
    await soon(starting)
    assert (stream.connected, stream.in_transition) == (True, False)
    peer = await venue.accept()
    feed = stream.events()

    peer.drop()
    assert isinstance(await next_event(feed), Disconnected)
    assert (stream.connected, stream.in_transition) == (False, False)

    await time.pass_once_awaited(TIMING.first_retry)
    await venue.accept()
    assert await next_event(feed) == Connected(reconnections=1)
    assert not stream.in_transition
    await soon(stream.close())
    assert not stream.in_transition


async def test_answers_may_be_bounded_by_another_time_than_heartbeats(venue: FakeStream, time: VirtualTime) -> None:
    waited: list[timedelta] = []

    async def never_patient(span: timedelta) -> None:
        waited.append(span)

    stopwatch = dataclasses.replace(time.stopwatch(), sleep_for_answer=never_patient)
    async with OkcoinStream(venue.url, timing=TIMING, stopwatch=stopwatch) as stream:
        with pytest.raises(errors.RequestTimeoutError):
            await soon(stream.subscribe(TICKER))

        assert waited == [TIMING.acknowledge_within]
        assert stream.connected


async def test_stream_closed_while_it_takes_a_connection_down_leaves_no_socket(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Connection] = []
    really_open = Connection.open

    async def keep(*args: Any, **options: Any) -> Connection:
        opened.append(await really_open(*args, **options))
        return opened[-1]

    monkeypatch.setattr(Connection, "open", keep)
    await soon(stream.start())
    peer = await venue.accept()
    peer.mute()
    await time.pass_once_awaited(TIMING.heartbeat_after)
    await time.pass_once_awaited(TIMING.pong_within)
    await turns()
    assert stream.in_transition

    await soon(stream.close())

    assert opened[0]._socket._socket.transport.is_closing()
