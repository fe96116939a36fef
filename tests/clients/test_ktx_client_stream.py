"""The KTX streams: both logins, and commands and their answers."""

import asyncio
from typing import Any

import pytest
from ktx_fake_venue import (
    CREDENTIALS,
    EXCHANGES,
    NOW_MS,
    TIMING,
    VECTORS,
    FakeKtx,
    KtxTime,
    compact,
    next_of,
    next_push,
    start,
    stream_of,
    subscribe,
)
from loopback import soon, while_playing
from mockex.clients.ktx import (
    ChannelRefused,
    ErrorReported,
    KtxClient,
    KtxStream,
    LoginWay,
    Profile,
    Subscribed,
    errors,
)
from mockex.clients.ktx.signing import sign
from mockex.fixtures import load

BOOK, TICKER = "spot.BTC_USDT.order_book.5", "spot.BTC_USDT.ticker"
ACCOUNT = load("ktx", "ws/account")["frames"][0]["frame"]
SAMPLES = {sample["id"].partition(".")[2]: sample for sample in load("ktx", "samples")["sockets"]}


# --- logging in ---


async def test_login_is_the_message_of_the_sample_and_start_waits_for_its_answer(ktx: FakeKtx, ktx_time: KtxTime) -> None:
    stream = stream_of(ktx, ktx_time, login=LoginWay.MESSAGE)
    starting = asyncio.create_task(stream.start())
    peer = await ktx.accept()

    assert await peer.text() == SAMPLES["javascript.user_stream"]["text"] == compact(EXCHANGES["login"]["client"][0])
    assert not starting.done()
    assert not any(name.lower().startswith("api-") for name in peer.headers)
    await peer.send(EXCHANGES["login"]["server"][0])
    await soon(starting)
    assert stream.connected
    await stream.close()


async def test_data_shows_that_a_login_succeeded_whose_answer_is_undocumented(ktx: FakeKtx, ktx_time: KtxTime) -> None:
    stream = stream_of(ktx, ktx_time, login=LoginWay.MESSAGE)
    feed = stream.events()
    starting = asyncio.create_task(stream.start())
    peer = await ktx.accept()
    await peer.request()
    await peer.send(ACCOUNT)
    await soon(starting)

    assert (await next_push(feed)).channel == "account"
    await stream.close()


async def test_refused_login_is_raised_by_start_although_the_venue_closes(ktx: FakeKtx, ktx_time: KtxTime) -> None:
    stream = stream_of(ktx, ktx_time, login=LoginWay.MESSAGE)
    starting = asyncio.create_task(stream.start())
    peer = await ktx.accept()
    await peer.request()
    await peer.send(EXCHANGES["login-refused"]["server"][0])
    await peer.socket.close(code=1008)

    with pytest.raises(errors.AuthenticationError) as caught:
        await soon(starting)
    assert caught.value.code == -21008
    assert stream.closed


async def test_login_that_is_never_answered_times_out(ktx: FakeKtx, ktx_time: KtxTime) -> None:
    stream = stream_of(ktx, ktx_time, login=LoginWay.MESSAGE)
    starting = asyncio.create_task(stream.start())
    await (await ktx.accept()).request()
    await ktx_time.pass_once_awaited(TIMING.acknowledge_within)

    with pytest.raises(errors.RequestTimeoutError, match="login was not acknowledged"):
        await soon(starting)


@pytest.mark.parametrize("profile", list(Profile))
async def test_login_by_headers_signs_the_query_of_the_upgrade_and_sends_nothing(
    ktx: FakeKtx, ktx_time: KtxTime, profile: Profile
) -> None:
    stream = stream_of(ktx, ktx_time, login=LoginWay.HEADERS, profile=profile)
    peer = await start(ktx, stream)
    expires = str(NOW_MS + 5000)

    assert (peer.headers["api-key"], peer.headers["api-expire-time"]) == (CREDENTIALS.api_key, expires)
    signed = expires.encode() if profile is Profile.GEN2 else b""
    assert peer.headers["api-sign"] == sign(CREDENTIALS.secret, signed)
    await soon(stream.round_trip())
    assert peer.inbox.empty()
    await stream.close()


async def test_login_by_headers_has_the_worked_signature(ktx: FakeKtx) -> None:
    vector = VECTORS["upgrade-empty"]
    credentials = type(CREDENTIALS)(api_key=vector["key"], secret=vector["secret"])
    stream = KtxClient("http://127.0.0.1:1", credentials=credentials).user_stream(ktx.url, login=LoginWay.HEADERS)
    peer = await start(ktx, stream)

    assert (peer.headers["api-key"], peer.headers["api-sign"]) == (vector["key"], vector["signature"])
    await stream.close()


async def test_streams_of_a_client_have_its_key(ktx: FakeKtx) -> None:
    async with KtxClient("http://127.0.0.1:1", credentials=CREDENTIALS) as client:
        stream = client.user_stream(ktx.url)
        starting = asyncio.create_task(stream.start())
        assert (await (await ktx.accept()).acknowledge())["auth"]["api-sign"] == VECTORS["login-b"]["signature"]
        await soon(starting)
        await stream.close()
        market = client.market_stream(ktx.url)
        assert (await start(ktx, market)).inbox.empty()
        await market.close()
    with pytest.raises(ValueError, match="credentials"):
        KtxClient("http://127.0.0.1:1").user_stream(ktx.url)


@pytest.mark.parametrize(("status", "kind"), [(429, errors.RateLimitError), (418, errors.ConnectionFailedError)])
async def test_refused_upgrade_has_the_class_of_its_http_status(
    ktx: FakeKtx, ktx_stream: KtxStream, status: int, kind: type[errors.KtxError]
) -> None:
    ktx.refusals.append(status)

    with pytest.raises(kind) as caught:
        await soon(ktx_stream.start())
    assert caught.value.http_status == status


# --- subscriptions ---


async def test_subscription_is_the_published_command(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    peer = await start(ktx, ktx_stream)
    subscribing = asyncio.create_task(ktx_stream.subscribe(BOOK))

    assert await peer.text() == compact(EXCHANGES["subscribe"]["client"][0] | {"id": 1})
    assert not subscribing.done()
    await peer.send(EXCHANGES["subscribe"]["server"][0] | {"id": 1})
    await soon(subscribing)
    assert ktx_stream.channels == (BOOK,)


@pytest.mark.parametrize("name", ["unsubscribe", "unsubscribe-as-printed"])
async def test_unsubscription_is_the_published_command_whatever_its_answer_is_called(
    ktx: FakeKtx, ktx_stream: KtxStream, name: str
) -> None:
    peer = await start(ktx, ktx_stream)
    await subscribe(ktx_stream, peer, BOOK)
    ending = asyncio.create_task(ktx_stream.unsubscribe(BOOK))

    assert await peer.text() == compact(EXCHANGES[name]["client"][0] | {"id": 2})
    await peer.send(EXCHANGES[name]["server"][0] | {"id": 2})
    await soon(ending)
    assert ktx_stream.channels == ()


async def test_answers_find_their_commands_by_id_and_a_refusal_leaves_the_others(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    subscribing = asyncio.create_task(ktx_stream.subscribe(TICKER, "spot.NOPE.ticker"))
    first, second = await peer.request(), await peer.request()
    assert first["id"] != second["id"]
    await peer.send({"id": second["id"], "error": -1003, "message": "unknown symbol"})
    await peer.send({"result": "success", "op": "SUBSCRIBE", "id": first["id"], "events": [TICKER]})

    with pytest.raises(errors.InvalidRequestError, match="unknown symbol"):
        await soon(subscribing)
    assert (await next_of(feed, ChannelRefused)).channel == "spot.NOPE.ticker"
    assert await next_of(feed, Subscribed) == Subscribed(channel=TICKER)
    assert ktx_stream.channels == (TICKER,)


@pytest.mark.parametrize("case", load("ktx", "ws/errors")["errors"], ids=lambda case: case["id"])
async def test_refusals_have_their_class_also_without_an_id(ktx: FakeKtx, ktx_stream: KtxStream, case: dict[str, Any]) -> None:
    peer = await start(ktx, ktx_stream)

    async def refuse() -> None:
        command = await peer.request()
        echoed = {"id": command["id"]} if "echo" in case else {}
        await peer.send({**echoed, "error": case["error"], "message": "refused"})

    kinds = {-20008: errors.PermissionDeniedError, -21008: errors.AuthenticationError}
    with pytest.raises(errors.KtxError) as caught:
        await while_playing(refuse(), ktx_stream.subscribe(BOOK))
    assert type(caught.value) is kinds.get(case["error"], errors.InvalidRequestError)
    assert caught.value.code == case["error"]
    assert ktx_stream.channels == ()


async def test_stream_that_is_never_acknowledged_is_given_up_and_its_late_answer_harms_nothing(
    ktx: FakeKtx, ktx_stream: KtxStream, ktx_time: KtxTime
) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    subscribing = asyncio.create_task(ktx_stream.subscribe(TICKER))
    late = await peer.request()
    await ktx_time.pass_once_awaited(TIMING.acknowledge_within)
    with pytest.raises(errors.RequestTimeoutError, match="subscribe was not acknowledged"):
        await soon(subscribing)
    assert ktx_stream.channels == ()

    await peer.send({"result": "success", "op": "SUBSCRIBE", "id": late["id"]})
    await subscribe(ktx_stream, peer, BOOK)
    assert await next_of(feed, Subscribed) == Subscribed(channel=BOOK)


async def test_refusal_of_nothing_that_was_asked_is_reported(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    feed = ktx_stream.events()
    peer = await start(ktx, ktx_stream)
    await peer.send({"error": -1000, "message": "what"})

    assert type((await next_of(feed, ErrorReported)).error) is errors.InvalidRequestError


async def test_requests_need_a_stream_that_runs(ktx: FakeKtx, ktx_stream: KtxStream) -> None:
    with pytest.raises(RuntimeError, match="start the stream first"):
        await ktx_stream.subscribe(TICKER)
    await start(ktx, ktx_stream)
    with pytest.raises(RuntimeError, match="starts once"):
        await ktx_stream.start()
    await ktx_stream.close()
    for call in (ktx_stream.subscribe(TICKER), ktx_stream.unsubscribe(TICKER), ktx_stream.round_trip()):
        with pytest.raises(errors.ConnectionLostError):
            await call
