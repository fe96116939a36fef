"""The Coinstore stream: greeting, login, commands and their answers, which carry no id."""

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from coinstore_fake_venue import (
    CREDENTIALS,
    EXCHANGES,
    LOGIN_NS,
    SID,
    TIMING,
    CoinstoreTime,
    FakeCoinstore,
    compact,
    next_of,
    start,
    stream_of,
    subscribe,
)
from loopback import soon, while_playing
from mockex.clients.coinstore import (
    ChannelRefused,
    CoinstoreClient,
    CoinstoreStream,
    Connected,
    ErrorReported,
    Interval,
    Subscribed,
    channels,
    errors,
)
from mockex.fixtures import load

TRADES, TICKER, DEPTH = channels.trades(28), channels.ticker("BTCUSDT"), channels.depth("btcusdt")


def _command(name: str, *, command_id: int) -> str:
    """A published command as text, with the id that the client counts."""
    (command,) = EXCHANGES[name]["client"]
    return compact(command | {"id": command_id})


# --- opening ---


async def test_start_waits_for_the_greeting_and_names_the_session(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    feed = coinstore_stream.events()
    starting = asyncio.create_task(coinstore_stream.start())
    peer = await coinstore.accept()
    assert not coinstore_stream.connected
    assert coinstore_stream.in_transition
    await peer.establish()
    await soon(starting)

    assert coinstore_stream.connected
    assert await soon(anext(feed)) == Connected(reconnections=0, sid=SID)


async def test_connection_that_is_never_greeted_times_out(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    starting = asyncio.create_task(coinstore_stream.start())
    await coinstore.accept()
    await coinstore_time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match="connection was not acknowledged"):
        await soon(starting)
    assert coinstore_stream.closed


async def test_refused_upgrade_has_the_class_of_its_http_status(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    coinstore.refusals.append(429)

    with pytest.raises(errors.RateLimitError) as caught:
        await soon(coinstore_stream.start())
    assert caught.value.http_status == 429


async def test_login_is_the_published_frame_and_comes_before_anything_else(
    coinstore: FakeCoinstore, coinstore_time: CoinstoreTime
) -> None:
    stream = stream_of(coinstore, coinstore_time, private=True)
    starting = asyncio.create_task(stream.start())
    peer = await coinstore.established()

    assert await peer.text() == compact(EXCHANGES["login"]["client"][0])
    assert not starting.done()
    await peer.echo(EXCHANGES["login"]["client"][0])
    await peer.respond("login.success")
    await soon(starting)
    await stream.close()


@pytest.mark.parametrize("echoed", [True, False])
async def test_refused_login_is_raised_by_start(
    coinstore: FakeCoinstore, coinstore_time: CoinstoreTime, *, echoed: bool
) -> None:
    stream = stream_of(coinstore, coinstore_time, private=True)
    starting = asyncio.create_task(stream.start())
    peer = await coinstore.established()
    command = await peer.request()
    if echoed:
        await peer.echo(command)
    await peer.respond("login.failed", code=401)
    await peer.socket.close()

    with pytest.raises(errors.AuthenticationError, match=r"login\.failed"):
        await soon(starting)


async def test_streams_of_a_client_log_in_with_its_key_and_clock(coinstore: FakeCoinstore) -> None:
    client = CoinstoreClient("http://127.0.0.1:1", credentials=CREDENTIALS, now=lambda: LOGIN_NS)
    stream = client.private_stream(coinstore.url, login_channels=["spot_asset"])
    starting = asyncio.create_task(stream.start())
    peer = await coinstore.established()

    assert await peer.acknowledge() == EXCHANGES["login"]["client"][0]
    await soon(starting)
    await stream.close()
    with pytest.raises(ValueError, match="credentials"):
        CoinstoreClient("http://127.0.0.1:1").private_stream(coinstore.url)


# --- subscriptions ---


async def test_subscriptions_are_the_published_commands(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    peer = await start(coinstore, coinstore_stream)
    subscribing = asyncio.create_task(coinstore_stream.subscribe(TRADES, size=2))
    sent = await peer.text()
    (published,) = [entry["frame"] for entry in load("coinstore", "ws/trade")["subscribe"]]
    assert sent == compact(published)
    await peer.echo(json.loads(sent))
    assert not subscribing.done()
    await peer.respond("sub.channel.success")
    await soon(subscribing)

    assert coinstore_stream.channels == ("28@trade",)


@pytest.mark.parametrize("name", ["ticker", "kline", "depth"])
async def test_channels_are_spelled_as_published(name: str) -> None:
    made = {"ticker": channels.ticker(4), "kline": channels.candles(4, Interval.MINUTE_1), "depth": channels.depth(4)}

    assert [made[name]] == load("coinstore", f"ws/{name}")["subscribe"][0]["frame"]["channel"]


async def test_each_channel_is_a_command_of_its_own_and_answers_come_in_order(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)
    subscribing = asyncio.create_task(coinstore_stream.subscribe(TICKER, DEPTH))
    first, second = await peer.request(), await peer.request()
    assert [first["channel"], second["channel"]] == [["btcusdt@ticker"], ["btcusdt@depth@20"]]
    assert first["id"] != second["id"]
    await peer.echo(first)
    await peer.echo(second)
    await peer.respond("sub.channel.success")
    await peer.respond("sub.channel.failed", code=404, payload=DEPTH)

    with pytest.raises(errors.UnknownChannelError, match="btcusdt@depth@20") as caught:
        await soon(subscribing)
    assert caught.value.code == 404
    assert await next_of(feed, Subscribed) == Subscribed(channel=TICKER)
    assert (await next_of(feed, ChannelRefused)).channel == DEPTH
    assert coinstore_stream.channels == (TICKER,)


@pytest.mark.parametrize("case", load("coinstore", "ws/errors")["errors"], ids=lambda case: case["id"])
async def test_refusals_have_their_class(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, case: dict[str, Any]
) -> None:
    peer = await start(coinstore, coinstore_stream)
    more = {"payload": case["payload"]} if "payload" in case else {}

    async def refuse() -> None:
        await peer.refuse(case["code"], case["message"], **more)

    kinds = {400: errors.InvalidRequestError, 401: errors.AuthenticationError, 404: errors.UnknownChannelError}
    with pytest.raises(errors.CoinstoreError) as caught:
        await while_playing(refuse(), coinstore_stream.subscribe("4@nothing"))
    assert type(caught.value) is kinds[case["code"]]
    assert case["message"] in caught.value.message
    assert coinstore_stream.connected


async def test_channel_that_is_never_acknowledged_is_given_up_and_its_late_answer_harms_nothing(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    peer = await start(coinstore, coinstore_stream)
    subscribing = asyncio.create_task(coinstore_stream.subscribe(TICKER))
    late = await peer.request()
    await coinstore_time.pass_once_awaited(TIMING.acknowledge_within)
    with pytest.raises(errors.RequestTimeoutError, match="subscribe was not acknowledged"):
        await soon(subscribing)
    assert coinstore_stream.channels == ()

    await peer.echo(late)
    again = asyncio.create_task(coinstore_stream.subscribe(DEPTH))
    command = await peer.request()
    await peer.echo(command)
    await peer.respond("sub.channel.success")
    assert not again.done()
    await peer.respond("sub.channel.failed", code=404, payload=DEPTH)
    with pytest.raises(errors.UnknownChannelError):
        await soon(again)


async def test_answer_without_an_echo_is_about_the_first_command_that_fits(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    peer = await start(coinstore, coinstore_stream)
    asking = asyncio.create_task(coinstore_stream.candles(4, Interval.MINUTE_1))
    await peer.request()
    subscribing = asyncio.create_task(coinstore_stream.subscribe(TICKER))
    await peer.request()
    await peer.respond("sub.channel.success")
    await soon(subscribing)

    assert not asking.done()
    asking.cancel()


async def test_refusal_of_nothing_that_was_asked_is_reported(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    feed = coinstore_stream.events()
    peer = await start(coinstore, coinstore_stream)

    await peer.respond("command.invalid", code=400)

    assert type((await next_of(feed, ErrorReported)).error) is errors.InvalidRequestError


async def test_unsubscription_is_the_published_command_and_is_not_renewed(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    peer = await start(coinstore, coinstore_stream)
    await subscribe(coinstore_stream, peer, "btcusdt@depth")
    ending = asyncio.create_task(coinstore_stream.unsubscribe("btcusdt@depth"))
    sent = await peer.text()
    assert sent == _command("unsub", command_id=2)
    await peer.echo(json.loads(sent))
    await peer.respond("unsub.channel.success")
    await soon(ending)

    assert coinstore_stream.channels == ()


async def test_list_of_subscriptions_is_read(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    peer = await start(coinstore, coinstore_stream)
    asking = asyncio.create_task(coinstore_stream.subscriptions())
    sent = await peer.text()
    assert sent == _command("list", command_id=1)
    await peer.echo(json.loads(sent))
    await peer.send(EXCHANGES["list"]["server"][1])

    (subscription,) = await soon(asking)
    assert (subscription.name, subscription.type, subscription.message_count) == ("80004@trade", "trade", 212)
    assert subscription.since == datetime(2020, 10, 30, 7, 39, 54, tzinfo=UTC)


async def test_requests_need_a_stream_that_runs(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    with pytest.raises(RuntimeError, match="start the stream first"):
        await coinstore_stream.subscribe(TICKER)
    await start(coinstore, coinstore_stream)
    with pytest.raises(RuntimeError, match="starts once"):
        await coinstore_stream.start()
    await coinstore_stream.close()
    for call in (coinstore_stream.subscribe(TICKER), coinstore_stream.subscriptions(), coinstore_stream.round_trip()):
        with pytest.raises(errors.ConnectionLostError):
            await call


# --- candles on request ---


async def test_request_for_candles_is_the_published_command_and_its_answer_is_read(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    peer = await start(coinstore, coinstore_stream)
    (answer,) = load("coinstore", "ws/kline")["request_frames"]
    asking = asyncio.create_task(coinstore_stream.candles(4, Interval.MINUTE_1))
    sent = await peer.text()
    assert sent == compact(load("coinstore", "ws/kline")["subscribe"][1]["frame"])
    await peer.echo(json.loads(sent))
    await peer.send(answer["frame"] | {"channel": "5@kline@min_1"})  # of somebody else
    await peer.send(answer["frame"] | {"channel": "4@kline@min_1"})

    candles = await soon(asking)
    assert (candles.channel, candles.symbol) == ("4@kline@min_1", "USDTBTC")
    (candle,) = candles.candles
    assert (candle.interval, candle.start) == (Interval.MINUTE_1, datetime(2020, 10, 27, 2, 38, tzinfo=UTC))
    assert (candle.volume, candle.amount) == (Decimal("8.488"), Decimal("41.67608"))


async def test_candles_may_be_bounded_in_time(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    peer = await start(coinstore, coinstore_stream)
    end = datetime(2020, 10, 27, 2, 38, tzinfo=UTC)
    asking = asyncio.create_task(coinstore_stream.candles("BTCUSDT", Interval.HOUR_1, end=end, limit=10))

    command = await peer.request()
    assert command["param"] == {"channel": "btcusdt@kline@hour_1", "endTime": 1_603_766_280, "limit": 10}
    asking.cancel()
    with pytest.raises(ValueError, match="no time zone"):
        await coinstore_stream.candles(4, Interval.HOUR_1, end=end.replace(tzinfo=None))


async def test_candles_of_another_shape_are_malformed_and_a_refusal_is_raised(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream
) -> None:
    peer = await start(coinstore, coinstore_stream)
    (answer,) = load("coinstore", "ws/kline")["request_frames"]
    asking = asyncio.create_task(coinstore_stream.candles(88066, Interval.MINUTE_1))
    await peer.echo(await peer.request())
    await peer.send(answer["frame"] | {"item": [{}]})
    with pytest.raises(errors.MalformedReplyError, match="candle has no field"):
        await soon(asking)

    asking = asyncio.create_task(coinstore_stream.candles(88066, Interval.MINUTE_1))
    await peer.request()
    await peer.respond("req.failed", code=404, payload="88066@kline@min_1")
    with pytest.raises(errors.UnknownChannelError):
        await soon(asking)


async def test_late_echoes_of_a_request_and_of_a_pong_take_no_answer_from_others(
    coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream, coinstore_time: CoinstoreTime
) -> None:
    peer = await start(coinstore, coinstore_stream)
    asking = asyncio.create_task(coinstore_stream.candles(4, Interval.MINUTE_1))
    late = await peer.request()
    await coinstore_time.pass_once_awaited(TIMING.acknowledge_within)
    with pytest.raises(errors.RequestTimeoutError, match="request was not acknowledged"):
        await soon(asking)

    await peer.echo(late)
    await peer.echo({"op": "pong", "epochMillis": 1})
    await subscribe(coinstore_stream, peer, TICKER)


async def test_request_fails_with_its_connection(coinstore: FakeCoinstore, coinstore_stream: CoinstoreStream) -> None:
    peer = await start(coinstore, coinstore_stream)
    asking = asyncio.create_task(coinstore_stream.candles(4, Interval.MINUTE_1))
    await peer.request()
    peer.drop()

    with pytest.raises(errors.ConnectionLostError):
        await soon(asking)
