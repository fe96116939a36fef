"""Sessions of the gateway in use: what trouble, answers and pushes do to one, in whatever order; and a worked example."""

import asyncio
import json
from decimal import Decimal

import pytest
from gateway_fake import (
    OTHER,
    SYMBOL,
    TEXTS,
    TIMING,
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
    GatewayClient,
    LimitOrder,
    Login,
    LoginDelayed,
    MarketOrder,
    OrderStatus,
    OrderUpdate,
    OrderVanished,
    Phase,
    PositionSide,
    PositionUpdate,
    Reconciled,
    StateCode,
    errors,
)
from mockex.fixtures import load

ORDER = MarketOrder(symbol=SYMBOL, action=Action.SELL, quantity=Decimal("5.6"))
ORDER_NO = entry("notify_order", "push")["data"]["order_no"]
OPEN_ROWS = entry("open_orders", "reply")["data"]


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
