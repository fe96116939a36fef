"""The streams against a venue played by hand: start, login, subscriptions, requests for data."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from htx_fake_venue import FakeAccount, FakeMarket, VirtualTime
from htx_stream_play import (
    BALANCES,
    BBO,
    BBO_FRAME,
    CREDENTIALS,
    LOGGED_IN,
    LOGIN,
    LOGIN_NS,
    ORDERS,
    SIGNED_HOST,
    TIMING,
    TRADES,
    accept_login,
    next_event,
    next_push,
    start_logged_in,
    subscribed,
)
from loopback import FakeRest, soon, while_playing
from mockex.clients.htx import ChannelRefused, ErrorReported, HtxClient, HtxStream, MarketDialect, Subscribed, errors
from mockex.clients.htx.connection import ACCOUNT_TIMING, MARKET_TIMING
from mockex.clients.htx.market_models import BookImage
from mockex.fixtures import load

CANDLES = load("htx", "ws/kline")["answers"][0]
IMAGE = load("htx", "ws/mbp")["answers"][0]

# --- start and login ---


async def test_login_is_the_first_request_and_start_waits_for_its_answer(
    htx_account: FakeAccount, htx_private_stream: HtxStream
) -> None:
    starting = asyncio.create_task(htx_private_stream.start())
    peer = await htx_account.accept()

    assert await peer.request() == LOGIN
    assert not starting.done()
    await peer.send(LOGGED_IN)
    await soon(starting)
    assert htx_private_stream.connected


async def test_refused_login_is_raised_by_start_although_the_venue_then_closes(
    htx_account: FakeAccount, htx_private_stream: HtxStream
) -> None:
    async def refuse() -> None:
        peer = await htx_account.accept()
        await peer.request()
        await peer.refuse("req", "auth", 2002, "auth.fail")
        await peer.socket.close()

    with pytest.raises(errors.AuthenticationError) as raised:
        await while_playing(refuse(), htx_private_stream.start())

    assert raised.value.code == 2002
    assert htx_private_stream.closed


async def test_login_that_is_never_answered_times_out(
    htx_account: FakeAccount, htx_private_stream: HtxStream, htx_time: VirtualTime
) -> None:
    starting = asyncio.create_task(htx_private_stream.start())
    await (await htx_account.accept()).request()
    await htx_time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match="login"):
        await soon(starting)


async def test_ping_before_the_answer_to_the_login_is_answered_and_not_taken_for_it(
    htx_account: FakeAccount, htx_private_stream: HtxStream
) -> None:
    starting = asyncio.create_task(htx_private_stream.start())
    peer = await htx_account.accept()
    await peer.request()

    await peer.send({"action": "ping", "data": {"ts": 1575537778295}})

    assert await peer.request() == {"action": "pong", "data": {"ts": 1575537778295}}
    assert not starting.done()
    await peer.send(LOGGED_IN)
    await soon(starting)


async def test_market_socket_is_used_without_a_login(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()

    await subscribed(htx_stream, peer.acknowledge, BBO)  # the first request that arrives is the subscription


async def test_first_connection_that_fails_is_raised_and_not_retried() -> None:
    async with FakeMarket() as gone:
        url = gone.url

    stream = HtxStream(url, MarketDialect())
    with pytest.raises(errors.ConnectionFailedError):
        await soon(stream.start())
    assert stream.closed


@pytest.mark.parametrize(("status", "kind"), [(429, errors.RateLimitError), (404, errors.EndpointNotFoundError)])
async def test_refused_upgrade_has_the_class_of_its_http_status(
    htx_market: FakeMarket, htx_stream: HtxStream, status: int, kind: type[errors.HtxError]
) -> None:
    htx_market.refusals.append(status)

    with pytest.raises(kind) as raised:
        await soon(htx_stream.start())

    assert raised.value.http_status == status


async def test_streams_of_a_client_sign_with_its_corrected_clock_and_host(
    htx_account: FakeAccount, htx_time: VirtualTime
) -> None:
    async with (
        FakeRest() as rest,
        HtxClient(rest.url, credentials=CREDENTIALS, signed_host=SIGNED_HOST, now=lambda: 0) as client,
    ):
        rest.reply({"status": "ok", "data": LOGIN_NS // 1_000_000})
        await soon(client.sync_time())
        stream = client.account_stream(htx_account.url, timing=TIMING, stopwatch=htx_time.stopwatch())

        await while_playing(accept_login(htx_account), stream.start())
        await stream.close()


async def test_streams_of_a_client_sign_the_host_and_path_called_by_default(htx_account: FakeAccount) -> None:
    vector = next(v for v in load("htx", "signing")["vectors"] if v["id"] == "signing.ws-v2")
    async with HtxClient("http://127.0.0.1:1", credentials=CREDENTIALS, now=lambda: LOGIN_NS) as client:
        stream = client.account_stream(htx_account.url.replace("/ws/v2", "/api/ws/v2"))
        assert stream.timing == ACCOUNT_TIMING
        assert client.market_stream("ws://127.0.0.1/ws").timing == MARKET_TIMING
        starting = asyncio.create_task(stream.start())
        peer = await htx_account.accept()

        login = await peer.request()

        assert login["params"]["timestamp"] == vector["timestamp"]
        assert login["params"]["signature"] != vector["signature"]  # that of another host and path
        await peer.send(LOGGED_IN)
        await soon(starting)
        await stream.close()


# --- subscriptions ---


async def test_subscribe_asks_for_each_topic_with_an_id_and_waits_for_all(
    htx_market: FakeMarket, htx_stream: HtxStream
) -> None:
    await soon(htx_stream.start())
    feed = htx_stream.events()
    peer = await htx_market.accept()
    subscribing = asyncio.create_task(htx_stream.subscribe(BBO, TRADES))

    one, other = await peer.request(), await peer.request()
    assert (one["sub"], other["sub"]) == (BBO, TRADES)
    assert one["id"] != other["id"]
    await peer.send({"id": one["id"], "status": "ok", "subbed": BBO, "ts": 1})
    assert await next_event(feed) == Subscribed(channel=BBO)
    assert not subscribing.done()
    await peer.send({"id": other["id"], "status": "ok", "subbed": TRADES, "ts": 1})
    await soon(subscribing)
    assert htx_stream.channels == (BBO, TRADES)


async def test_acknowledgement_that_adds_the_default_mode_settles_the_topic(
    htx_account: FakeAccount, htx_private_stream: HtxStream
) -> None:
    peer = await start_logged_in(htx_account, htx_private_stream)
    feed = htx_private_stream.events()
    subscribing = asyncio.create_task(htx_private_stream.subscribe("accounts.update"))

    assert await peer.request() == {"action": "sub", "ch": "accounts.update"}
    await peer.send({"action": "sub", "code": 200, "ch": "accounts.update#0", "data": {}})

    await soon(subscribing)
    assert await next_event(feed) == Subscribed(channel="accounts.update")


async def test_refused_topic_is_raised_and_reported_while_the_others_stand(
    htx_market: FakeMarket, htx_stream: HtxStream
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()

    async def answer() -> None:
        bad = await peer.request()
        assert bad["sub"] == "market.btcusdt.foo"
        await peer.refuse(bad["id"], "invalid topic market.btcusdt.foo")
        assert await peer.acknowledge() == BBO

    with htx_stream.events() as feed:
        with pytest.raises(errors.UnknownTopicError) as raised:
            await while_playing(answer(), htx_stream.subscribe("market.btcusdt.foo", BBO))

        assert await next_event(feed) == ChannelRefused(channel="market.btcusdt.foo", error=raised.value)
        assert await next_event(feed) == Subscribed(channel=BBO)
    assert htx_stream.channels == (BBO,)


async def test_refused_topic_of_the_account_socket_is_told_by_its_name(
    htx_account: FakeAccount, htx_private_stream: HtxStream
) -> None:
    peer = await start_logged_in(htx_account, htx_private_stream)

    async def answer() -> None:
        assert [(await peer.request())["ch"] for _ in range(2)] == ["orders#2ltcusdt", BALANCES]
        await peer.refuse("sub", "orders#2ltcusdt", 2001, "invalid.symbol")
        await peer.send({"action": "sub", "code": 200, "ch": BALANCES, "data": {}})

    with pytest.raises(errors.UnknownSymbolError):
        await while_playing(answer(), htx_private_stream.subscribe("orders#2ltcusdt", BALANCES))
    assert htx_private_stream.channels == (BALANCES,)


async def test_refusal_without_a_topic_is_about_every_open_request_of_its_kind(
    htx_account: FakeAccount, htx_private_stream: HtxStream
) -> None:
    peer = await start_logged_in(htx_account, htx_private_stream)

    async def answer() -> None:
        for _ in range(2):
            await peer.request()
        await peer.send({"action": "sub", "code": 4000, "message": "too.many.request"})

    with pytest.raises(errors.RateLimitError):
        await while_playing(answer(), htx_private_stream.subscribe(ORDERS, BALANCES))
    assert htx_private_stream.channels == ()


@pytest.mark.parametrize("request_id", [None, "4711", ""])
async def test_refusal_of_nothing_that_was_asked_is_reported(
    htx_market: FakeMarket, htx_stream: HtxStream, request_id: str | None
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    await subscribed(htx_stream, peer.acknowledge, BBO)
    feed = htx_stream.events()

    await peer.refuse(request_id, "not json string")

    reported = await next_event(feed)
    assert isinstance(reported, ErrorReported)
    assert isinstance(reported.error, errors.InvalidRequestError)
    assert htx_stream.channels == (BBO,)


async def test_topic_that_is_never_acknowledged_is_given_up(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    await htx_market.accept()
    subscribing = asyncio.create_task(htx_stream.subscribe(BBO))
    await htx_time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError):
        await soon(subscribing)
    assert htx_stream.channels == ()


async def test_unsubscribed_topic_is_not_renewed(htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    await subscribed(htx_stream, peer.acknowledge, BBO, TRADES)

    unsubscribing = asyncio.create_task(htx_stream.unsubscribe(BBO))
    assert await peer.acknowledge() == BBO
    await soon(unsubscribing)
    peer.drop()
    await htx_time.pass_once_awaited(TIMING.first_retry)

    assert (await (await htx_market.accept()).request())["sub"] == TRADES


async def test_refused_end_of_a_subscription_is_raised(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()

    async def answer() -> None:
        await peer.refuse((await peer.request())["id"], f"unsub with not subbed topic {BBO}")

    with pytest.raises(errors.InvalidRequestError, match="not subbed"):
        await while_playing(answer(), htx_stream.unsubscribe(BBO))


async def test_subscribing_needs_a_stream_that_runs(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    with pytest.raises(RuntimeError, match="start the stream"):
        await htx_stream.subscribe(BBO)
    await soon(htx_stream.start())
    await htx_stream.close()

    with pytest.raises(errors.ConnectionLostError, match="closed"):
        await htx_stream.subscribe(BBO)


# --- requests for data ---


async def test_request_is_answered_with_typed_data_and_may_be_bounded_in_time(
    htx_market: FakeMarket, htx_stream: HtxStream
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    start, end = (datetime.fromtimestamp(CANDLES["request"][name], UTC) for name in ("from", "to"))
    asking = asyncio.create_task(htx_stream.request("market.ethbtc.kline.1min", start=start, end=end))

    request = await peer.answer(CANDLES["frame"]["data"])

    assert request == CANDLES["request"] | {"id": request["id"]}
    candles = await soon(asking)
    assert isinstance(candles, tuple)
    assert [candle.time for candle in candles] == [start, end]


async def test_answer_belongs_to_the_request_with_its_id(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    topics = ["market.ethbtc.mbp.5", "market.ethbtc.mbp.20"]
    asking = [asyncio.create_task(htx_stream.request(topic)) for topic in topics]
    one = await peer.request()
    await htx_time.pass_once_awaited(TIMING.request_spacing)
    other = await peer.request()

    for number, request in ((2, other), (1, one)):
        data = IMAGE["frame"]["data"] | {"seqNum": number}
        await peer.send({"id": request["id"], "rep": request["req"], "status": "ok", "data": data})

    images = [await soon(answer) for answer in asking]
    assert [image.seq_num for image in images if isinstance(image, BookImage)] == [1, 2]


async def test_requests_keep_the_distance_that_the_venue_asks_for(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    asking = [asyncio.create_task(htx_stream.request("market.ethbtc.mbp.5")) for _ in range(3)]

    await peer.answer(IMAGE["frame"]["data"])
    for _ in range(2):
        await htx_time.pass_once_awaited(TIMING.request_spacing)
        await peer.answer(IMAGE["frame"]["data"])

    for answer in asking:
        await soon(answer)


async def test_refused_request_is_raised(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()

    async def answer() -> None:
        await peer.refuse((await peer.request())["id"], "invalid mbp.150.symbol linkusdt")

    with pytest.raises(errors.UnknownSymbolError, match="linkusdt"):
        await while_playing(answer(), htx_stream.request("market.linkusdt.mbp.150"))


async def test_answer_of_another_shape_is_malformed(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()

    with pytest.raises(errors.MalformedReplyError, match="seqNum"):
        await while_playing(peer.answer({"bids": []}), htx_stream.request("market.ethbtc.mbp.5"))


async def test_request_that_is_never_answered_times_out_and_a_late_answer_harms_nothing(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    asking = asyncio.create_task(htx_stream.request("market.ethbtc.mbp.5"))
    request = await peer.request()
    await htx_time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match=r"market\.ethbtc\.mbp\.5"):
        await soon(asking)
    feed = htx_stream.events()
    await peer.send({"id": request["id"], "rep": request["req"], "status": "ok", "data": IMAGE["frame"]["data"]})
    await peer.send(BBO_FRAME)
    assert (await next_push(feed)).channel == BBO


async def test_request_fails_with_its_connection_and_without_one(
    htx_market: FakeMarket, htx_stream: HtxStream, htx_time: VirtualTime
) -> None:
    await soon(htx_stream.start())
    peer = await htx_market.accept()
    asking = asyncio.create_task(htx_stream.request("market.ethbtc.mbp.5"))
    await peer.request()

    peer.drop()

    with pytest.raises(errors.ConnectionLostError):
        await soon(asking)
    again = asyncio.create_task(htx_stream.request("market.ethbtc.mbp.5"))
    await htx_time.pass_once_awaited(timedelta(milliseconds=100))
    with pytest.raises(errors.ConnectionLostError, match="not connected"):
        await soon(again)
    await htx_stream.close()
    last = asyncio.create_task(htx_stream.request("market.ethbtc.mbp.5"))
    await htx_time.pass_once_awaited(timedelta(milliseconds=100))
    with pytest.raises(errors.ConnectionLostError, match="closed"):
        await soon(last)


async def test_account_socket_answers_no_requests_for_data(htx_account: FakeAccount, htx_private_stream: HtxStream) -> None:
    await start_logged_in(htx_account, htx_private_stream)

    with pytest.raises(ValueError, match="no requests for data"):
        await htx_private_stream.request(ORDERS)


async def test_naive_bound_of_a_request_is_refused(htx_market: FakeMarket, htx_stream: HtxStream) -> None:
    await soon(htx_stream.start())

    with pytest.raises(ValueError, match="no time zone"):
        await htx_stream.request("market.btcusdt.kline.1min", start=datetime(2024, 1, 1))  # noqa: DTZ001
