"""Logging in to the gateway and out of it: the table of states, readiness, what is asked for then, and the last words."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from gateway_fake import (
    LOGIN,
    OTHER,
    SYMBOL,
    TIMING,
    TOKEN,
    FakeGateway,
    GatewayTime,
    entry,
    logged_in,
    next_of,
    pushed,
    ready,
    start,
)
from loopback import soon
from mockex.clients.gateway import (
    Action,
    AssetUpdate,
    ErrorReported,
    GatewayClient,
    GatewayError,
    LoginFailed,
    MarketOrder,
    OrderUpdate,
    Phase,
    Reconciled,
    StateCode,
    StateReported,
    UnknownFrame,
    errors,
)
from mockex.clients.gateway.states import next_phase
from mockex.fixtures import load

ORDER = MarketOrder(symbol=SYMBOL, action=Action.SELL, quantity=Decimal("5.6"))


# --- the table ---


@pytest.mark.parametrize("run", load("gateway", "states")["state_runs"], ids=lambda run: run["id"])
def test_every_documented_run_of_states_ends_where_it_should(run: dict[str, Any]) -> None:
    phase, ready_once = Phase.WAITING, False
    for code in run["codes"]:
        phase = next_phase(phase, StateCode(code), has_been_ready=ready_once)
        ready_once |= phase is Phase.READY

    assert (
        phase
        is {
            "states.run.params-bad": Phase.FAILED,
            "states.run.ready": Phase.READY,
            "states.run.credentials-bad": Phase.TROUBLED,
            "states.run.query-bad": Phase.TROUBLED,
            "states.run.connect-fails": Phase.READY,
            "states.run.link-lost": Phase.READY,
        }[run["id"]]
    )


@pytest.mark.parametrize("code", [StateCode.CONNECT_FAILED, StateCode.DISCONNECT, StateCode.RECONNECTING])
def test_a_lost_link_ends_readiness(code: StateCode) -> None:
    assert next_phase(Phase.READY, code, has_been_ready=True) is Phase.WAITING


def test_an_error_after_the_first_readiness_ends_none() -> None:
    assert next_phase(Phase.READY, StateCode.GENERAL_ERROR, has_been_ready=True) is Phase.READY
    assert next_phase(Phase.WAITING, StateCode.GENERAL_ERROR, has_been_ready=True) is Phase.WAITING


@pytest.mark.parametrize("phase", [Phase.OFFLINE, Phase.LOGGING_IN, Phase.FAILED, Phase.LOGGED_OUT])
@pytest.mark.parametrize("code", list(StateCode))
def test_without_a_token_no_state_changes_anything(phase: Phase, code: StateCode) -> None:
    assert next_phase(phase, code, has_been_ready=True) is phase


# --- logging in ---


async def test_a_login_that_is_answered_is_not_ready_yet(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await logged_in(peer, gateway_client)
    waiting = asyncio.create_task(session.ready())
    await peer.state(StateCode.CONNECT_SUCCESS)
    await soon(gateway_client.round_trip())

    assert (session.phase, session.token) == (Phase.WAITING, TOKEN)
    assert not waiting.done()
    await peer.state(StateCode.READY)
    await peer.answer_questions()
    await soon(waiting)
    assert session.phase is Phase.READY


@pytest.mark.parametrize("codes", [[], [2], [2, 7], [3], [3, 5], [2, 6, 4], [2, 6, 4, 5, 2]])
async def test_operations_are_refused_unsent_unless_ready(
    gateway: FakeGateway, gateway_client: GatewayClient, codes: list[int]
) -> None:
    peer = await start(gateway, gateway_client)
    session = await logged_in(peer, gateway_client)
    for code in codes:
        await peer.state(code)
    await soon(gateway_client.round_trip())
    while not peer.inbox.empty():  # what a readiness in between has asked for
        assert (await peer.request())["op"] in ("asset", "open_orders", "position")

    for operation in (
        session.trading.place_order(ORDER),
        session.trading.cancel_orders(SYMBOL, ["1"]),
        session.trading.cancel_all(SYMBOL),
        session.trading.open_orders(SYMBOL),
        session.trading.assets(),
        session.trading.position(SYMBOL),
        session.trading.symbol_info(SYMBOL),
    ):
        with pytest.raises(errors.NotReadyError, match="huobi_future is not ready"):
            await soon(operation)
    await soon(gateway_client.round_trip())
    assert peer.inbox.empty()


async def test_after_readiness_assets_orders_and_positions_of_every_symbol_are_asked_for(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    login = type(LOGIN)(platform="ktx_future", symbols=("BTC/USDT", "ETH/USDT"), access_key="ak1", secret_key="sk1")
    session = await logged_in(peer, gateway_client, login)
    await peer.state(StateCode.READY)
    asked = await peer.answer_questions(5)
    await soon(session.ready())

    assert [(request["op"], request.get("symbol")) for request in asked] == [
        ("asset", None),
        ("open_orders", "BTC/USDT"),
        ("open_orders", "ETH/USDT"),
        ("position", "BTC/USDT"),
        ("position", "ETH/USDT"),
    ]
    assert {request["token"] for request in asked} == {TOKEN}
    assert list(session.account.positions) == ["BTC/USDT", "ETH/USDT"]


async def test_a_platform_without_positions_is_asked_for_them_once(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    feed = gateway_client.events()
    session = await ready(peer, gateway_client, OTHER, positions=False)
    for code in (4, 5, 2, 6):
        await peer.state(code)
    asked = await peer.answer_questions(2)
    await soon(session.ready())

    assert [request["op"] for request in asked] == ["asset", "open_orders"]
    told = [await soon(anext(feed))]
    while sum(isinstance(event, Reconciled) for event in told) < 2:
        told.append(await soon(anext(feed)))
    assert not [event for event in told if isinstance(event, ErrorReported)]


async def test_a_question_that_fails_is_reported_and_the_others_count(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    feed = gateway_client.events()
    session = await logged_in(peer, gateway_client)
    await peer.state(StateCode.READY)
    for _ in range(3):
        request = await peer.request()
        match request["op"]:
            case "asset":
                await peer.reply(request, data=entry("asset", "reply")["data"])
            case _:
                await peer.refuse(request, "venue error: 500 down")
    await soon(session.ready())

    assert set(session.account.assets) == {"BTC", "ETH", "EOS"}
    reported = [await next_of(feed, ErrorReported) for _ in range(2)]
    assert {(each.session, each.error.message) for each in reported} == {(session, "venue error: 500 down")}


@pytest.mark.parametrize("states", [[2, 6], [1]])
async def test_states_and_pushes_before_the_reply_to_their_login_are_kept_for_it(
    gateway: FakeGateway, gateway_client: GatewayClient, states: list[int]
) -> None:
    peer = await start(gateway, gateway_client)
    feed = gateway_client.events()
    logging_in = asyncio.create_task(gateway_client.login(LOGIN))
    request = await peer.take("login")
    await peer.send(pushed("notify_asset"))
    for code in states:
        await peer.state(code)
    await soon(gateway_client.round_trip())
    assert not logging_in.done()
    await peer.reply(request, token=TOKEN)
    session = await soon(logging_in)

    assert (await next_of(feed, AssetUpdate)).session is session
    assert [(await next_of(feed, StateReported)).code for _ in states] == states
    if states[-1] == StateCode.READY:
        await peer.answer_questions(assets=entry("asset", "reply")["data"])
        await soon(session.ready())
    else:
        await peer.reply(await peer.take("logout"))
        with pytest.raises(errors.LoginFailedError):
            await soon(session.ready())


async def test_a_wrong_parameter_is_logged_out_and_reported(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    feed = gateway_client.events()
    session = await logged_in(peer, gateway_client)
    waiting = asyncio.create_task(session.ready())
    await peer.state(StateCode.PARAM_MISS)
    await peer.reply(await peer.take("logout"))

    with pytest.raises(errors.LoginFailedError, match="platform not found") as caught:
        await soon(waiting)
    assert caught.value.code == StateCode.PARAM_MISS
    assert (await next_of(feed, LoginFailed)).error is caught.value
    assert (session.phase, gateway_client.sessions) == (Phase.FAILED, ())
    with pytest.raises(errors.NotReadyError):
        await soon(session.trading.assets())


async def test_a_refused_login_is_raised_and_kept_no_longer(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    logging_in = asyncio.create_task(gateway_client.login(LOGIN))
    await peer.send(entry("login", "refused.do-not-log-in-repeat") | {"cid": (await peer.take("login"))["cid"]})

    with pytest.raises(errors.AlreadyLoggedInError):
        await soon(logging_in)
    assert gateway_client.sessions == ()


async def test_a_login_without_a_token_is_no_login(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    logging_in = asyncio.create_task(gateway_client.login(LOGIN))
    await peer.reply(await peer.take("login"), token="")

    with pytest.raises(errors.MalformedReplyError):
        await soon(logging_in)


async def test_a_login_that_nobody_waits_for_any_more_is_logged_out_when_it_comes_about(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    logging_in = asyncio.create_task(gateway_client.login(LOGIN))
    request = await peer.take("login")
    await gateway_time.pass_once_awaited(TIMING.answer_within)
    with pytest.raises(errors.RequestTimeoutError, match="no answer to login in 11 s"):
        await soon(logging_in)
    await peer.reply(request, token=TOKEN)

    assert (await peer.take("logout"))["token"] == TOKEN


async def test_a_login_that_is_given_up_by_its_caller_is_not_kept(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    logging_in = asyncio.create_task(gateway_client.login(LOGIN))
    request = await peer.take("login")
    logging_in.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(logging_in)
    assert gateway_client.sessions == ()
    await peer.reply(request, token=TOKEN)

    assert (await peer.take("logout"))["token"] == TOKEN


# --- logging out ---


async def test_after_a_logout_late_pushes_are_ignored_and_the_identity_may_log_in_again(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    logging_out = asyncio.create_task(session.log_out())
    request = await peer.take("logout")
    await peer.send(pushed("notify_order"))
    await peer.state(StateCode.DISCONNECT)
    await peer.reply(request)
    await soon(logging_out)
    await soon(session.log_out())  # harmless

    assert request["token"] == TOKEN
    assert (session.phase, session.token, gateway_client.sessions) == (Phase.LOGGED_OUT, None, ())
    assert session.account.open_orders == {}
    with pytest.raises(errors.NotReadyError, match="logged out"):
        await soon(session.ready())
    again = await ready(peer, gateway_client, token="again")
    assert again is not session
    while not isinstance(event := await soon(anext(feed)), Reconciled):
        assert not isinstance(event, UnknownFrame | OrderUpdate)


async def test_a_logout_that_is_refused_is_raised_and_over_all_the_same(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    logging_out = asyncio.create_task(session.log_out())
    await peer.refuse(await peer.take("logout"), "Invalid token")

    with pytest.raises(errors.InvalidTokenError):
        await soon(logging_out)
    assert (session.phase, gateway_client.sessions) == (Phase.LOGGED_OUT, ())


async def test_closing_logs_out_every_token_before_the_socket_ends(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    await ready(peer, gateway_client, token="one")
    await logged_in(peer, gateway_client, OTHER, token="other")
    closing = asyncio.create_task(gateway_client.close())
    requests = [await peer.take("logout") for _ in range(2)]

    assert {request["token"] for request in requests} == {"one", "other"}
    assert not peer.socket.closed
    for request in requests:
        await peer.reply(request)
    await soon(closing)
    assert gateway_client.closed


async def test_closing_waits_two_seconds_for_a_gateway_that_confirms_nothing(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    await ready(peer, gateway_client)
    closing = asyncio.create_task(gateway_client.close())
    await peer.take("logout")
    await gateway_time.pass_once_awaited(TIMING.logout_within)

    await soon(closing)
    with pytest.raises(GatewayError, match="closed"):
        await soon(gateway_client.login(LOGIN))
