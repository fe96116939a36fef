"""The gateway's connection over time: heartbeats, dead lines, and what the next connection restores."""

import asyncio
from datetime import timedelta

import pytest
from gateway_fake import (
    LOGIN,
    NOW_MS,
    OTHER,
    PING,
    TIMING,
    TOKEN,
    FakeGateway,
    GatewayPeer,
    GatewayTime,
    client_of,
    compact,
    entry,
    logged_in,
    next_of,
    pushed,
    ready,
    start,
)
from loopback import soon
from mockex.clients.gateway import (
    Closed,
    Connected,
    Disconnected,
    ErrorReported,
    GatewayClient,
    GatewayTiming,
    LoginDelayed,
    LoginFailed,
    Phase,
    errors,
)
from mockex.fixtures import load

REPEAT = "Do not log in repeat"


async def successor(gateway: FakeGateway, peer: GatewayPeer, time: GatewayTime) -> GatewayPeer:
    """The connection after this one is dropped."""
    peer.drop()
    await time.pass_once_awaited(TIMING.first_retry)
    return await gateway.accept()


# --- heartbeats ---


def test_default_spans_are_those_of_the_specification() -> None:
    spans, framing, timing = load("gateway", "conventions")["client_ms"], load("gateway", "ws/framing"), GatewayTiming()

    assert timing.ping_every == timedelta(milliseconds=framing["heartbeat"]["client_ping_ms"])
    assert timing.ping_every < timedelta(milliseconds=min(row["closes_after_ms"] for row in framing["idle"]))
    assert timing.pong_within == timedelta(milliseconds=spans["pong_within"])
    assert timing.answer_within == timedelta(milliseconds=spans["request_within"])
    assert timing.trouble_within == timedelta(milliseconds=spans["retry_before_ready"])
    earliest, latest = (timedelta(milliseconds=each) for each in spans["repeat_login_after"])
    assert earliest <= timing.repeat_login_after <= latest


async def test_a_ping_is_the_printed_one_and_needs_no_login(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    await gateway_time.pass_once_awaited(TIMING.ping_every)

    assert await peer.text() == compact(PING["client"])
    await peer.send(PING["server"])
    await soon(gateway_client.round_trip())
    assert gateway_client.connected


async def test_a_line_whose_pings_are_answered_is_kept(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    for count in range(5):
        await gateway_time.pass_once_awaited(TIMING.ping_every)
        ping = await peer.request()
        assert ping["ts"] == NOW_MS + count  # each has its own, although the clock stands still
        await peer.send({"op": "pong", "ts": float(ping["ts"]) if count % 2 else ping["ts"]})
        await soon(gateway_client.round_trip())

    assert gateway_client.connected


@pytest.mark.parametrize("answer", [None, NOW_MS - 1, NOW_MS + 100])
async def test_a_line_that_answers_no_ping_for_ten_seconds_is_left(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime, answer: int | None
) -> None:
    feed = gateway_client.events()
    peer = await start(gateway, gateway_client)
    await gateway_time.pass_once_awaited(TIMING.ping_every)
    await peer.request()
    if answer is not None:
        await peer.send({"op": "pong", "ts": answer})
        await soon(gateway_client.round_trip())
    await gateway_time.pass_once_awaited(TIMING.pong_within)

    lost = (await next_of(feed, Disconnected)).error
    assert type(lost) is errors.ConnectionLostError
    assert "no answer to a ping in 10 s" in lost.message
    await gateway_time.pass_once_awaited(TIMING.first_retry)
    await gateway.accept()


async def test_pings_go_on_while_one_is_unanswered_and_a_later_answer_covers_it(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    await gateway_time.pass_once_awaited(TIMING.ping_every)
    await peer.request()
    await gateway_time.pass_once_awaited(TIMING.ping_every)
    await peer.send({"op": "pong", "ts": (await peer.request())["ts"]})
    await soon(gateway_client.round_trip())
    for _ in range(2):  # ten seconds after the answer, and five after the first ping since
        await gateway_time.pass_once_awaited(TIMING.ping_every)
        assert (await peer.request())["op"] == "ping"
        await soon(gateway_client.round_trip())

    assert gateway_client.connected


# --- requests ---


async def test_a_request_that_is_not_answered_times_out_and_its_late_reply_answers_no_other(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    first = asyncio.create_task(session.trading.assets())
    late = await peer.take("asset")
    await gateway_time.pass_once_awaited(TIMING.answer_within)
    with pytest.raises(errors.RequestTimeoutError, match="no answer to asset in 11 s") as caught:
        await soon(first)
    assert caught.value.outcome_unknown
    second = asyncio.create_task(session.trading.assets())
    request = await peer.take("asset")
    await peer.reply(late, data={"OLD": {"free": 1, "locked": 0, "total": 1}})
    await peer.reply(request, data=entry("asset", "reply")["data"])

    assert set(await soon(second)) == {"BTC", "ETH", "EOS"}


async def test_a_failure_that_nobody_waits_for_any_more_is_reported(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    asking = asyncio.create_task(session.trading.assets())
    late = await peer.take("asset")
    await gateway_time.pass_once_awaited(TIMING.answer_within)
    with pytest.raises(errors.RequestTimeoutError):
        await soon(asking)
    await peer.refuse(late, "venue error: 500 down")

    assert (await next_of(feed, ErrorReported)).error.message == "venue error: 500 down"


async def test_requests_in_flight_fail_with_their_connection(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    asking = asyncio.create_task(session.trading.assets())
    await peer.take("asset")
    peer.drop()

    with pytest.raises(errors.ConnectionLostError) as caught:
        await soon(asking)
    assert caught.value.outcome_unknown
    assert (session.phase, session.token) == (Phase.OFFLINE, None)
    with pytest.raises(errors.NotReadyError, match="OFFLINE"):
        await soon(session.trading.assets())


async def test_any_request_may_be_sent_raw_and_its_reply_is_given_whole(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await logged_in(peer, gateway_client)
    asking = asyncio.create_task(gateway_client.ask("asset", {}, token=session.token))
    request = await peer.take("asset")
    await peer.reply(request, data={}, extra=1)

    given = dict(await soon(asking))
    assert given == {"op": "asset", "cid": request["cid"], "result": True, "error_message": "", "data": {}, "extra": 1}


# --- another connection ---


async def test_after_a_loss_every_login_is_made_anew_and_asked_for_its_account(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    feed = gateway_client.events()
    peer = await start(gateway, gateway_client)
    one = await ready(peer, gateway_client, token="one")
    other = await ready(peer, gateway_client, OTHER, token="other")
    peer = await successor(gateway, peer, gateway_time)
    logins = [await peer.take("login") for _ in range(2)]
    assert [login["platform"] for login in logins] == [LOGIN.platform, OTHER.platform]
    for login, token in zip(logins, ("three", "four"), strict=True):
        await peer.reply(login, token=token)
    await peer.make_ready("three")
    await peer.make_ready("four")
    await soon(asyncio.gather(one.ready(), other.ready()))

    assert (one.token, other.token) == ("three", "four")
    assert await next_of(feed, Connected) == Connected(reconnections=0)
    await next_of(feed, Disconnected)
    assert await next_of(feed, Connected) == Connected(reconnections=1)


async def test_an_old_token_is_nobodys_on_the_next_connection(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    peer = await successor(gateway, peer, gateway_time)
    await peer.accept_login("new")
    await peer.send(pushed("notify_order", token=TOKEN))
    await soon(gateway_client.round_trip())

    assert session.account.open_orders == {}


async def test_an_error_before_the_new_login_is_ready_is_trouble_although_the_old_one_was(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    peer = await successor(gateway, peer, gateway_time)
    await peer.accept_login("new")
    await peer.state(7, token="new")
    await soon(gateway_client.round_trip())

    assert session.phase is Phase.TROUBLED


async def test_a_login_that_the_gateway_still_sees_is_repeated_after_sixteen_seconds_until_it_is_accepted(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    peer = await successor(gateway, peer, gateway_time)
    for _ in range(2):
        await peer.refuse(await peer.take("login"), REPEAT, token="")
        delayed = await next_of(feed, LoginDelayed)
        assert (delayed.session, type(delayed.error)) == (session, errors.AlreadyLoggedInError)
        await gateway_time.pass_once_awaited(TIMING.repeat_login_after)
    await peer.accept_login("new")
    await peer.make_ready("new")
    await soon(session.ready())

    assert session.token == "new"


async def test_a_login_that_was_cut_off_is_made_on_the_next_connection_and_may_be_refused_there_for_a_while(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    logging_in = asyncio.create_task(gateway_client.login(LOGIN))
    await peer.take("login")
    peer = await successor(gateway, peer, gateway_time)
    await peer.refuse(await peer.take("login"), REPEAT, token="")
    await gateway_time.pass_once_awaited(TIMING.repeat_login_after)
    await peer.accept_login()

    assert (await soon(logging_in)).token == TOKEN


async def test_a_later_login_that_is_refused_for_another_reason_is_given_up(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    peer = await successor(gateway, peer, gateway_time)
    await peer.refuse(await peer.take("login"), "no such key any more", token="")

    assert (await next_of(feed, LoginFailed)).error.message == "no such key any more"
    assert (session.phase, gateway_client.sessions) == (Phase.FAILED, ())
    with pytest.raises(errors.RequestRefusedError, match="no such key any more"):
        await soon(session.ready())


async def test_a_login_while_disconnected_waits_for_the_next_connection(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    feed = gateway_client.events()
    peer = await start(gateway, gateway_client)
    peer.drop()
    await next_of(feed, Disconnected)
    logging_in = asyncio.create_task(gateway_client.login(LOGIN))
    await gateway_time.pass_once_awaited(TIMING.first_retry)
    await (await gateway.accept()).accept_login()

    assert (await soon(logging_in)).phase is Phase.WAITING


async def test_orders_known_before_a_loss_are_kept_until_the_gateway_says_otherwise(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    rows = entry("open_orders", "reply")["data"]
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client, orders=rows)
    peer = await successor(gateway, peer, gateway_time)
    await peer.accept_login("new")
    assert len(session.account.open_orders) == 2
    await peer.make_ready("new", orders=rows[:1])
    await soon(session.ready())

    assert list(session.account.open_orders) == [rows[0]["order_no"]]


async def test_attempts_are_spaced_out_while_the_gateway_is_away(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    feed = gateway_client.events()
    peer = await start(gateway, gateway_client)
    gateway.refusals += [503, 503]
    peer.drop()
    for seconds in (1, 2, 4):
        await gateway_time.pass_once_awaited(timedelta(seconds=seconds))
    await gateway.accept()

    lost = [(await next_of(feed, Disconnected)).error for _ in range(3)]
    assert [(type(each), each.code) for each in lost[1:]] == [(errors.ConnectionFailedError, 503)] * 2


# --- beginning and end ---


async def test_the_first_attempt_is_the_only_one(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    gateway.refusals.append(426)

    with pytest.raises(errors.ConnectionFailedError) as caught:
        await soon(gateway_client.start())
    assert caught.value.code == 426
    assert gateway_client.closed


async def test_a_client_that_was_not_started_logs_nobody_in(gateway_client: GatewayClient) -> None:
    with pytest.raises(RuntimeError, match="start the client first"):
        await gateway_client.login(LOGIN)


async def test_closing_while_disconnected_ends_logins_and_feeds(gateway: FakeGateway, gateway_time: GatewayTime) -> None:
    async with client_of(gateway, gateway_time) as client:
        peer = await gateway.accept()
        session = await ready(peer, client)
        feed = client.events()
        peer.drop()
        await next_of(feed, Disconnected)
        waiting = asyncio.create_task(session.ready())

    with pytest.raises(errors.NotReadyError, match="logged out"):
        await soon(waiting)
    assert [type(event) async for event in feed] == [Closed]
    with pytest.raises(errors.ConnectionLostError, match="not connected"):
        await client.round_trip()


async def test_what_is_in_transition_is_neither_connected_nor_waiting(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    feed = gateway_client.events()
    assert not gateway_client.in_transition
    peer = await start(gateway, gateway_client)
    assert (gateway_client.connected, gateway_client.in_transition) == (True, False)
    peer.drop()
    await next_of(feed, Disconnected)
    await asyncio.sleep(0)

    assert (gateway_client.connected, gateway_client.in_transition, gateway_client.closed) == (False, False, False)


async def test_a_reader_that_falls_behind_is_told(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    await logged_in(peer, gateway_client)
    feed = gateway_client.events(limit=1)
    await peer.state(2)
    await peer.state(2)
    await soon(gateway_client.round_trip())

    await soon(anext(feed))
    with pytest.raises(errors.FeedOverflowError):
        await soon(anext(feed))


async def test_a_listener_hears_until_it_stops(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    heard: list[object] = []
    stop = gateway_client.listen(heard.append)
    await start(gateway, gateway_client)
    stop()
    gateway.drop_all()

    assert heard == [Connected(reconnections=0)]
