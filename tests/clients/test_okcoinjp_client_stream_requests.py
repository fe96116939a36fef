"""The stream against a venue played by hand: start, login, subscriptions."""

import asyncio

import pytest
from mockex.clients.okcoinjp import (
    ChannelRefused,
    OkcoinClient,
    OkcoinStream,
    errors,
)
from mockex.fixtures import load
from okcoinjp_fake_venue import FakeRest, FakeStream, VirtualTime, soon
from okcoinjp_stream_play import (
    CREDENTIALS,
    LOGGED_IN,
    LOGIN_ARGS,
    TICKER,
    TICKER_FRAME,
    TIMING,
    TRADE,
    accept_login,
    next_event,
    next_push,
    subscribed,
    while_playing,
)

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
        await while_playing(refuse(), private_stream.start())

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

    await subscribed(stream, peer, TICKER)  # the first request that arrives is the subscription


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

        await while_playing(accept_login(venue), stream.start())
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
        await next_push(feed)
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
            await while_playing(answer(), stream.subscribe(*exchange["client"]["args"]))

        assert await next_event(feed) == ChannelRefused(channel="spot/nothing:ETH-JPY", error=raised.value)
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
    await subscribed(stream, peer, TICKER, TRADE)

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
