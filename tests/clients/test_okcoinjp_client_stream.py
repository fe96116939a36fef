"""The stream against a venue played by hand: login, subscriptions, heartbeat, reconnection, delivery."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from mockex.clients.okcoinjp import (
    ChannelRefused,
    Closed,
    Connected,
    Credentials,
    Disconnected,
    ErrorReported,
    OkcoinClient,
    OkcoinStream,
    Push,
    ServerClock,
    Stopwatch,
    StreamEvent,
    StreamTiming,
    errors,
)
from mockex.clients.okcoinjp.feed import EventFeed
from mockex.clients.okcoinjp.market_models import Trade
from mockex.fixtures import load
from okcoinjp_fake_venue import FakeRest, FakeStream, Peer, VirtualTime, deflated, soon

ResultT = TypeVar("ResultT")

# Every span differs from the others, so that a test can name the wait that it ends.
TIMING = StreamTiming(
    acknowledge_within=timedelta(seconds=11),
    heartbeat_after=timedelta(seconds=20),
    pong_within=timedelta(seconds=7),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=4),
)

LOGIN_VECTOR = next(v for v in load("okcoinjp", "signing")["vectors"] if v["id"] == "signing.ws-login")
CREDENTIALS = Credentials(api_key="key-1", secret=LOGIN_VECTOR["secret"], passphrase="phrase-1")
LOGIN_ARGS = ["key-1", "phrase-1", "1707966245.678", LOGIN_VECTOR["signature"]]
LOGGED_IN = {"event": "login", "success": True}

TICKER, TRADE, ORDER = "spot/ticker:ETH-JPY", "spot/trade:ETH-JPY", "spot/order:LTC-JPY"
TICKER_FRAME = load("okcoinjp", "ws/ticker")["frames"][0]["frame"]
TRADE_FRAME = load("okcoinjp", "ws/trade")["frames"][0]["frame"]
ORDER_FRAME = load("okcoinjp", "ws/order")["frames"][0]["frame"]


@pytest.fixture
async def venue() -> AsyncIterator[FakeStream]:
    async with FakeStream() as fake:
        yield fake


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
async def stream(venue: FakeStream, time: VirtualTime) -> AsyncIterator[OkcoinStream]:
    """Not started, without credentials."""
    made = OkcoinStream(venue.url, timing=TIMING, stopwatch=time.stopwatch())
    yield made
    await made.close()


@pytest.fixture
async def private_stream(venue: FakeStream, time: VirtualTime) -> AsyncIterator[OkcoinStream]:
    """Not started, with credentials and a fixed clock."""
    made = OkcoinStream(
        venue.url,
        credentials=CREDENTIALS,
        clock=ServerClock(lambda: 1_707_966_245_678_000_000),
        timing=TIMING,
        stopwatch=time.stopwatch(),
    )
    yield made
    await made.close()


async def _while(venue_side: Awaitable[Any], client_side: Awaitable[ResultT]) -> ResultT:
    """Play the venue's part while the client waits for it."""
    result, _ = await soon(asyncio.gather(client_side, venue_side))
    return result


async def _subscribed(stream: OkcoinStream, peer: Peer, *channels: str) -> None:
    await _while(peer.acknowledge(), stream.subscribe(*channels))


async def _accept_login(venue: FakeStream) -> Peer:
    peer = await venue.accept()
    assert await peer.request() == {"op": "login", "args": LOGIN_ARGS}
    await peer.send(LOGGED_IN)
    return peer


async def _next(feed: EventFeed) -> StreamEvent:
    return await soon(anext(feed))


async def _next_push(feed: EventFeed) -> Push:
    event = await _next(feed)
    assert isinstance(event, Push)
    return event


# --- start and login ---


async def test_login_is_the_first_request_and_start_waits_for_its_answer(
    venue: FakeStream, private_stream: OkcoinStream
) -> None:
    starting = asyncio.create_task(private_stream.start())
    peer = await venue.accept()

    assert await peer.request() == {"op": "login", "args": LOGIN_ARGS}
    assert not starting.done()
    await peer.send(LOGGED_IN)
    await soon(starting)
    assert private_stream.connected


async def test_refused_login_is_raised_by_start_although_the_venue_then_closes(
    venue: FakeStream, private_stream: OkcoinStream
) -> None:
    async def refuse() -> None:
        peer = await venue.accept()
        await peer.request()
        await peer.refuse("30013", "Invalid sign")
        await peer.socket.close()

    with pytest.raises(errors.AuthenticationError) as raised:
        await _while(refuse(), private_stream.start())

    assert raised.value.code == 30013
    assert private_stream.closed


async def test_login_that_is_never_answered_times_out(
    venue: FakeStream, private_stream: OkcoinStream, time: VirtualTime
) -> None:
    starting = asyncio.create_task(private_stream.start())
    peer = await venue.accept()
    await peer.request()
    await time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match="login"):
        await soon(starting)


async def test_without_credentials_nothing_is_sent_on_connecting(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    peer = await venue.accept()

    await _subscribed(stream, peer, TICKER)  # the first request that arrives is the subscription


async def test_first_connection_that_fails_is_raised_and_not_retried() -> None:
    async with FakeStream() as gone:
        url = gone.url

    stream = OkcoinStream(url)
    with pytest.raises(errors.ConnectionFailedError):
        await soon(stream.start())
    assert stream.closed


async def test_connection_refused_with_http_429_is_a_rate_limit(venue: FakeStream, stream: OkcoinStream) -> None:
    venue.refusals.append(429)

    with pytest.raises(errors.RateLimitError) as raised:
        await soon(stream.start())

    assert raised.value.http_status == 429


async def test_stream_of_a_client_signs_with_the_corrected_clock(venue: FakeStream, time: VirtualTime) -> None:
    async with FakeRest() as rest, OkcoinClient(rest.url, credentials=CREDENTIALS, now=lambda: 0) as client:
        rest.reply({"iso": "2024-02-15T03:04:05.678Z", "epoch": "1707966245.678"})
        await soon(client.sync_time())
        stream = client.stream(venue.url, timing=TIMING, stopwatch=time.stopwatch())

        await _while(_accept_login(venue), stream.start())
        await stream.close()


# --- subscriptions ---


async def test_subscribe_waits_for_the_acknowledgement_of_every_channel(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    subscribing = asyncio.create_task(stream.subscribe(TICKER, TRADE))

    assert await peer.request() == {"op": "subscribe", "args": [TICKER, TRADE]}
    await peer.send({"event": "subscribe", "channel": TICKER})
    with stream.events() as feed:
        await peer.send(TICKER_FRAME)  # what comes after the first acknowledgement has been read
        await _next_push(feed)
    assert not subscribing.done()
    await peer.send({"event": "subscribe", "channel": TRADE})
    await soon(subscribing)
    assert stream.channels == (TICKER, TRADE)


async def test_refused_channel_is_raised_and_reported_while_the_others_stand(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    exchange = next(e for e in load("okcoinjp", "ws/operations")["exchanges"] if e["id"] == "ws/operations.partly-bad")

    async def answer() -> None:
        assert await peer.request() == exchange["client"]
        for message in exchange["server"]:
            await peer.send(message)

    with stream.events() as feed:
        with pytest.raises(errors.UnknownChannelError) as raised:
            await _while(answer(), stream.subscribe(*exchange["client"]["args"]))

        assert await _next(feed) == ChannelRefused(channel="spot/nothing:ETH-JPY", error=raised.value)
    assert stream.channels == ("spot/trade:ETH-JPY",)


async def test_channel_that_is_never_acknowledged_is_given_up(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime
) -> None:
    await soon(stream.start())
    await venue.accept()
    subscribing = asyncio.create_task(stream.subscribe(TICKER))
    await time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError):
        await soon(subscribing)
    assert stream.channels == ()


async def test_unsubscribed_channel_is_not_renewed(venue: FakeStream, stream: OkcoinStream, time: VirtualTime) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    await _subscribed(stream, peer, TICKER, TRADE)

    unsubscribing = asyncio.create_task(stream.unsubscribe(TICKER))
    assert await peer.request() == {"op": "unsubscribe", "args": [TICKER]}
    await peer.send({"event": "unsubscribe", "channel": TICKER})
    await soon(unsubscribing)
    peer.drop()
    await time.pass_once_awaited(TIMING.first_retry)

    assert await (await venue.accept()).request() == {"op": "subscribe", "args": [TRADE]}


async def test_subscribing_needs_a_stream_that_runs(venue: FakeStream, stream: OkcoinStream) -> None:
    with pytest.raises(RuntimeError, match="start the stream"):
        await stream.subscribe(TICKER)
    await soon(stream.start())
    await stream.close()

    with pytest.raises(errors.ConnectionLostError, match="closed"):
        await stream.subscribe(TICKER)


# --- reconnection ---


async def test_dropped_connection_is_renewed_with_login_and_all_subscriptions(
    venue: FakeStream, private_stream: OkcoinStream, time: VirtualTime
) -> None:
    feed = private_stream.events()
    peer = await _while_accepting(venue, private_stream)
    await _subscribed(private_stream, peer, TRADE)
    await _subscribed(private_stream, peer, ORDER)

    peer.drop()
    await time.pass_once_awaited(TIMING.first_retry)
    successor = await _accept_login(venue)
    assert await successor.acknowledge() == [TRADE, ORDER]
    await successor.send(ORDER_FRAME)

    assert await _next(feed) == Connected(reconnections=0)
    lost = await _next(feed)
    assert isinstance(lost, Disconnected)
    assert isinstance(lost.error, errors.ConnectionLostError)
    assert await _next(feed) == Connected(reconnections=1)
    assert (await _next_push(feed)).channel == ORDER


async def _while_accepting(venue: FakeStream, stream: OkcoinStream) -> Peer:
    starting = asyncio.create_task(stream.start())
    peer = await _accept_login(venue)
    await soon(starting)
    return peer


async def test_close_code_and_reason_of_the_venue_are_reported(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    feed = stream.events()
    peer = await venue.accept()

    await peer.socket.close(code=4001, message=b"no data received in 30s")

    lost = await _next(feed)
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
        assert isinstance(await _next(feed), Disconnected)
        await time.pass_once_awaited(timedelta(seconds=seconds))
    assert await _next(feed) == Connected(reconnections=1)

    (await venue.accept()).drop()
    assert isinstance(await _next(feed), Disconnected)
    await time.pass_once_awaited(TIMING.first_retry)
    assert await _next(feed) == Connected(reconnections=2)


async def test_subscription_asked_for_while_disconnected_waits_for_the_next_connection(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime
) -> None:
    await soon(stream.start())
    feed = stream.events()
    (await venue.accept()).drop()
    await _next(feed)

    subscribing = asyncio.create_task(stream.subscribe(TICKER))
    await time.pass_once_awaited(TIMING.first_retry)
    assert await (await venue.accept()).acknowledge() == [TICKER]
    await soon(subscribing)


async def test_channel_refused_on_renewal_is_reported_and_dropped(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime
) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    await _subscribed(stream, peer, TICKER)
    feed = stream.events()

    peer.drop()
    await time.pass_once_awaited(TIMING.first_retry)
    successor = await venue.accept()
    await successor.request()
    await successor.refuse(30026, "Requested too frequent; endpoint limit exceeded")

    assert isinstance(await _next(feed), Disconnected)
    assert await _next(feed) == Connected(reconnections=1)
    refused = await _next(feed)
    assert isinstance(refused, ChannelRefused)
    assert (refused.channel, refused.error.code) == (TICKER, 30026)
    assert stream.channels == ()


async def test_login_refused_on_renewal_is_reported_and_tried_again(
    venue: FakeStream, private_stream: OkcoinStream, time: VirtualTime
) -> None:
    feed = private_stream.events()
    (await _while_accepting(venue, private_stream)).drop()
    await time.pass_once_awaited(TIMING.first_retry)
    successor = await venue.accept()
    await successor.request()
    await successor.refuse(30008, "Timestamp request expired")
    await successor.socket.close()

    assert await _next(feed) == Connected(reconnections=0)
    assert isinstance(await _next(feed), Disconnected)
    refused = await _next(feed)
    assert isinstance(refused, Disconnected)
    assert isinstance(refused.error, errors.TimestampError)
    await time.pass_once_awaited(timedelta(seconds=2))
    await _accept_login(venue)
    assert await _next(feed) == Connected(reconnections=1)


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

    lost = await _next(feed)
    assert isinstance(lost, Disconnected)
    assert "heartbeat" in lost.error.message
    await time.pass_once_awaited(TIMING.first_retry)
    await venue.accept()
    assert await _next(feed) == Connected(reconnections=1)


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
        await _next_push(feed)
    await time.pass_once_awaited(TIMING.pong_within)

    # The pong counts as something heard, so the rest of the silence leads to the next ping on the same connection.
    await time.pass_once_awaited(TIMING.heartbeat_after - TIMING.pong_within)
    assert await peer.text() == "ping"
    assert stream.connected


async def test_any_message_puts_the_ping_off(venue: FakeStream, stream: OkcoinStream, time: VirtualTime) -> None:
    await soon(stream.start())
    peer = await venue.accept()
    waiting = asyncio.create_task(stream.subscribe(TICKER))
    await peer.request()
    await time.pass_once_awaited(TIMING.acknowledge_within)  # 11 s of silence
    with pytest.raises(errors.RequestTimeoutError):
        await soon(waiting)
    with stream.events() as feed:
        await peer.send(TRADE_FRAME)
        await _next_push(feed)

    await time.pass_once_awaited(TIMING.heartbeat_after)  # 20 s after the start, 9 s after the message: no ping yet

    await time.pass_once_awaited(timedelta(seconds=11))  # the rest of 20 s after the message
    assert await peer.text() == "ping"


# --- delivery ---


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
        assert await _next(feed) == Connected(reconnections=0)
        assert [(await _next_push(feed)).channel for _ in range(2)] == [TICKER, TRADE]
    assert heard == ["Connected", "Push", "Push"]
    assert [event.channel for event in only_trades if isinstance(event, Push)] == [TRADE]

    stop_listening()
    await peer.send(TRADE_FRAME)
    await _next(one)
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

    assert await _next(feed) == Connected(reconnections=0)
    assert isinstance((await _next_push(feed)).value, Trade)
    assert [type(failure["exception"]) for failure in failures] == [KeyError]


async def test_reader_that_falls_behind_gets_what_fitted_and_then_an_error(venue: FakeStream, stream: OkcoinStream) -> None:
    slow, quick = stream.events(limit=2), stream.events()
    await soon(stream.start())
    peer = await venue.accept()
    for _ in range(3):
        await peer.send(TRADE_FRAME)
    for _ in range(4):
        await _next(quick)

    assert await _next(slow) == Connected(reconnections=0)
    assert (await _next_push(slow)).channel == TRADE
    with pytest.raises(errors.FeedOverflowError):
        await _next(slow)


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

    reported = await _next(feed)
    assert isinstance(reported, ErrorReported)
    assert "trade_id" in reported.error.message
    assert (await _next_push(feed)).channel == TRADE


async def test_error_event_that_answers_nothing_is_reported(venue: FakeStream, stream: OkcoinStream) -> None:
    await soon(stream.start())
    feed = stream.events()
    peer = await venue.accept()

    await peer.refuse(30043, "Internal system error")

    reported = await _next(feed)
    assert isinstance(reported, ErrorReported)
    assert isinstance(reported.error, errors.ServerFaultError)


@pytest.mark.parametrize("message", [b"not deflated", deflated("{")], ids=["not deflated", "not JSON"])
async def test_frame_that_cannot_be_read_ends_the_connection(
    venue: FakeStream, stream: OkcoinStream, time: VirtualTime, message: bytes
) -> None:
    await soon(stream.start())
    feed = stream.events()
    peer = await venue.accept()

    await peer.socket.send_bytes(message)

    lost = await _next(feed)
    assert isinstance(lost, Disconnected)
    assert isinstance(lost.error, errors.MalformedReplyError)
    await time.pass_once_awaited(TIMING.first_retry)
    await venue.accept()


async def test_broken_invariant_ends_the_feeds_with_its_exception_instead_of_silence(venue: FakeStream) -> None:
    async def broken_sleep(span: timedelta) -> None:
        if span == TIMING.first_retry:
            raise ZeroDivisionError("bug")
        await asyncio.Event().wait()

    stream = OkcoinStream(venue.url, timing=TIMING, stopwatch=Stopwatch(sleep=broken_sleep))
    await soon(stream.start())
    feed = stream.events()
    (await venue.accept()).drop()

    assert isinstance(await _next(feed), Disconnected)
    assert await _next(feed) == Closed()
    with pytest.raises(ZeroDivisionError):
        await _next(feed)
    await stream.close()
