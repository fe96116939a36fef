"""Logins of the gateway: what replies, states and pushes do to one, in whatever order they come."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest
from gateway_fake import (
    LOGIN,
    OTHER,
    SYMBOL,
    TEXTS,
    TIMING,
    TOKEN,
    FakeGateway,
    GatewayTime,
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
    Action,
    AssetUpdate,
    ErrorReported,
    GatewayClient,
    GatewayError,
    LimitOrder,
    Login,
    LoginDelayed,
    LoginFailed,
    MarketOrder,
    OrderStatus,
    OrderUpdate,
    OrderVanished,
    Phase,
    PositionSide,
    PositionUpdate,
    Reconciled,
    StateCode,
    StateReported,
    UnknownFrame,
    errors,
)
from mockex.clients.gateway.states import next_phase
from mockex.fixtures import load

ORDER = MarketOrder(symbol=SYMBOL, action=Action.SELL, quantity=Decimal("5.6"))
ORDER_NO = entry("notify_order", "push")["data"]["order_no"]
OPEN_ROWS = entry("open_orders", "reply")["data"]


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


# --- trouble ---


async def test_an_error_before_readiness_is_given_half_a_minute_and_then_another_login(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    feed = gateway_client.events()
    session = await logged_in(peer, gateway_client)
    await peer.state(StateCode.CONNECT_SUCCESS)
    await peer.state(StateCode.GENERAL_ERROR)
    await gateway_time.pass_once_awaited(TIMING.trouble_within)
    await peer.reply(await peer.take("logout"))
    await peer.accept_login("another")
    await peer.make_ready("another")
    await soon(session.ready())

    delayed = await next_of(feed, LoginDelayed)
    assert (delayed.session, delayed.error.message) == (session, TEXTS[7])
    assert session.token == "another"


async def test_an_error_that_the_gateway_mends_in_time_leads_to_no_login(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await logged_in(peer, gateway_client)
    for code in (2, 7, 4, 5, 2, 6):
        await peer.state(code)
    await peer.answer_questions()
    await soon(session.ready())
    await gateway_time.pass_once_awaited(TIMING.ping_every)  # nobody waits for trouble to end any more

    assert (await peer.request())["op"] == "ping"
    assert session.phase is Phase.READY


async def test_an_error_after_readiness_changes_nothing(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    await peer.state(StateCode.GENERAL_ERROR)
    await soon(gateway_client.round_trip())

    assert session.phase is Phase.READY
    placing = asyncio.create_task(session.trading.place_order(ORDER))
    await peer.reply(await peer.take("place_order"), order_no="7")
    assert await soon(placing) == "7"


async def test_a_lost_venue_is_waited_for_without_another_connection_or_login(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    placing = asyncio.create_task(session.trading.place_order(ORDER))
    request = await peer.take("place_order")
    await peer.state(StateCode.DISCONNECT)
    await peer.refuse(request, "connection lost")
    with pytest.raises(errors.VenueLostError) as caught:
        await soon(placing)
    assert caught.value.outcome_unknown
    waiting = asyncio.create_task(session.ready())
    for code in (5, 3, 5, 2):
        await peer.state(code)
    await soon(gateway_client.round_trip())

    assert (session.phase, waiting.done(), peer.inbox.empty()) == (Phase.WAITING, False, True)
    await peer.state(StateCode.READY)
    await peer.answer_questions()
    await soon(waiting)
    assert gateway_client.connected


# --- reconciling ---


async def test_an_order_that_was_closed_unseen_has_vanished_and_one_that_changed_is_told(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client, orders=OPEN_ROWS)
    feed = gateway_client.events()
    assert set(session.account.open_orders) == {row["order_no"] for row in OPEN_ROWS}
    await peer.state(StateCode.DISCONNECT)
    await peer.make_ready(orders=[OPEN_ROWS[0] | {"remain": 7}])
    await soon(session.ready())

    changed, gone = await next_of(feed, OrderUpdate), await next_of(feed, OrderVanished)
    assert (changed.order.order_no, changed.order.remaining) == (OPEN_ROWS[0]["order_no"], 7)
    assert gone.order.order_no == OPEN_ROWS[1]["order_no"]
    assert list(session.account.open_orders) == [OPEN_ROWS[0]["order_no"]]


async def test_what_was_pushed_since_a_question_is_newer_than_its_answer(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await logged_in(peer, gateway_client)
    await peer.state(StateCode.READY)
    requests = {request["op"]: request for request in [await peer.request() for _ in range(3)]}
    await peer.send(pushed("notify_order"))  # placed after the question, say
    await peer.send(pushed("notify_order", order_no=OPEN_ROWS[0]["order_no"], status="FILLED"))
    await peer.send(pushed("notify_position", long_quantity=3))
    await peer.send(pushed("notify_asset"))
    await peer.reply(requests["open_orders"], data=[OPEN_ROWS[0]])
    await peer.reply(requests["asset"], data={})
    await peer.reply(requests["position"], data=entry("position", "reply")["data"])
    await soon(session.ready())

    assert list(session.account.open_orders) == [ORDER_NO]
    assert session.account.positions[SYMBOL].long.quantity == 3
    assert set(session.account.assets) == {"BTC", "ETH", "EOS"}


async def test_an_order_that_is_over_stays_over_and_an_old_change_replaces_no_newer_one(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    at = entry("notify_order", "push")["data"]["utime"]
    await peer.send(pushed("notify_order", remain=11, status="PARTIAL-FILLED", utime=at + 2))
    await peer.send(pushed("notify_order", remain=24.6, status="SUBMITTED", utime=at + 1))
    await peer.send(pushed("notify_order", remain=11, status="CANCELED", utime=at + 3))
    await peer.send(pushed("notify_order", remain=11, status="PARTIAL-FILLED", utime=at + 4))
    await soon(gateway_client.round_trip())

    told = [(await next_of(feed, OrderUpdate)).order.status.value for _ in range(2)]
    assert told == ["PARTIAL-FILLED", "CANCELED"]
    assert session.account.open_orders == {}
    known = session.account.order(ORDER_NO)
    assert known is not None
    assert (known.status.value, known.remaining) == ("CANCELED", 11)


async def test_an_answer_that_says_nothing_new_is_no_event(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    answers = {"orders": OPEN_ROWS, "assets": entry("asset", "reply")["data"]}
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client, **answers)
    feed = gateway_client.events()
    await peer.state(StateCode.DISCONNECT)
    await peer.make_ready(**answers)
    await soon(session.ready())

    kinds = []
    while not kinds or kinds[-1] is not Reconciled:
        kinds.append(type(await soon(anext(feed))))
    assert not {OrderUpdate, OrderVanished, AssetUpdate, PositionUpdate} & set(kinds)


# --- several platforms ---


async def test_orders_of_several_platforms_are_on_their_way_at_once_and_replies_may_cross(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    one = await ready(peer, gateway_client, token="one")
    other = await ready(peer, gateway_client, OTHER, token="other")
    placing = asyncio.gather(*(each.trading.place_order(ORDER) for each in (one, other, one)))
    requests = [await peer.take("place_order") for _ in range(3)]

    assert [request["token"] for request in requests] == ["one", "other", "one"]
    assert len({request["cid"] for request in requests}) == 3
    for index in (1, 2, 0):
        await peer.reply(requests[index], order_no=str(index))
    assert await soon(placing) == ["0", "1", "2"]


async def test_states_and_pushes_are_those_of_their_token(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    one = await ready(peer, gateway_client, token="one")
    other = await ready(peer, gateway_client, OTHER, token="other")
    await peer.state(StateCode.DISCONNECT, token="other")
    await peer.send(pushed("notify_order", token="one"))
    await soon(gateway_client.round_trip())

    assert (one.phase, other.phase) == (Phase.READY, Phase.WAITING)
    assert (list(one.account.open_orders), list(other.account.open_orders)) == ([ORDER_NO], [])


async def test_an_order_may_be_pushed_before_the_reply_that_names_it(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    placing = asyncio.create_task(session.trading.place_order(ORDER))
    request = await peer.take("place_order")
    await peer.send(pushed("notify_order", status="FILLED"))
    await peer.reply(request, order_no=ORDER_NO)
    number = await soon(placing)

    known = session.account.order(number)
    assert known is not None
    assert known.status.final


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


# --- the worked example ---


async def test_the_worked_example_is_played_byte_for_byte_and_known_in_full(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    login, place, fill = load("gateway", "example")["steps"]
    told = login["client"]
    peer = await start(gateway, gateway_client)
    logging_in = asyncio.create_task(
        gateway_client.login(
            Login(platform=told["platform"], symbols=("BTC/USDT",), access_key=told["access_key"], secret_key="sk1")
        )
    )
    assert await peer.text() == compact(told)
    for frame in login["server"]:
        await peer.send(frame)
    session = await soon(logging_in)
    await peer.answer_questions(assets=login["server"][2]["data"])
    await soon(session.ready())
    order = LimitOrder(
        symbol="BTC/USDT",
        action=Action.BUY,
        price=Decimal(99990),
        quantity=Decimal("0.1"),
        position=PositionSide.LONG,
    )
    placing = asyncio.create_task(session.trading.place_order(order))
    asked = json.loads(await peer.text())
    assert compact({**asked, "cid": "2"}) == compact(place["client"])
    reply, *pushes = place["server"]
    for frame in ({**reply, "cid": asked["cid"]}, *pushes, *fill["server"]):
        await peer.send(frame)
    number = await soon(placing)
    await soon(gateway_client.round_trip())

    known = session.account.order(number)
    assert known is not None
    assert (known.status, known.filled) == (OrderStatus.FILLED, Decimal("0.1"))
    assert session.account.positions["BTC/USDT"].long.unrealised_profit == 1
    usdt = session.account.assets["USDT"]
    assert (usdt.free, usdt.locked, usdt.total) == (Decimal("98990.101"), Decimal("999.9"), Decimal("99991.001"))
