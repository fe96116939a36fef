"""Frames of the gateway that nobody knows, cannot be read, or tell a failure."""

import asyncio
from typing import Any

import pytest
from gateway_fake import (
    SYMBOL,
    TOKEN,
    FakeGateway,
    GatewayTime,
    logged_in,
    next_of,
    pushed,
    ready,
    start,
)
from loopback import soon
from mockex.clients.gateway import (
    ErrorReported,
    GatewayClient,
    OrderStatus,
    OrderUpdate,
    RawUpdate,
    StateCode,
    UnknownFrame,
    errors,
)
from mockex.fixtures import load

NOS = ["2510832677225473", "2510832677225474"]


# --- what nobody knows, and what cannot be read ---


async def test_an_unknown_topic_is_handed_on_raw(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await logged_in(peer, gateway_client)
    feed = gateway_client.events()
    await peer.send({"op": "notify", "topic": "funding", "token": TOKEN, "data": {"rate": 1}})

    assert await soon(anext(feed)) == RawUpdate(session=session, topic="funding", data={"rate": 1})


@pytest.mark.parametrize(
    "frame",
    [
        {"op": "greeting", "text": "hello"},
        {"op": "state", "token": "nobody's", "code": 6, "msg": "Environment ready"},
        {"op": "notify", "topic": "order", "token": "nobody's", "data": {}},
    ],
)
async def test_an_unknown_operation_or_token_is_told_and_harms_nothing(
    gateway: FakeGateway, gateway_client: GatewayClient, frame: dict[str, Any]
) -> None:
    peer = await start(gateway, gateway_client)
    feed = gateway_client.events()
    await peer.send(frame)

    told = await soon(anext(feed))
    assert isinstance(told, UnknownFrame)
    assert dict(told.fields) == frame


async def test_an_unknown_state_code_changes_nothing(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    await peer.state(8, message="database")

    told = await soon(anext(feed))
    assert (told.code, told.phase) == (8, session.phase)
    await soon(session.ready())


@pytest.mark.parametrize(
    ("frame", "names_session"),
    [
        ({"op": "notify", "topic": "order", "token": TOKEN, "data": {}}, True),
        ({"op": "notify", "topic": "order", "token": TOKEN, "data": []}, True),
        ({"op": "notify", "topic": "order", "token": TOKEN}, False),
        ({"op": "state", "token": TOKEN, "code": "STATE_CODE_READY", "msg": ""}, False),
        ({"op": "pong", "ts": "soon"}, False),
        ({"result": True}, False),
    ],
)
async def test_a_frame_that_cannot_be_read_is_reported_and_harms_no_other(
    gateway: FakeGateway, gateway_client: GatewayClient, frame: dict[str, Any], names_session: bool
) -> None:
    peer = await start(gateway, gateway_client)
    session = await logged_in(peer, gateway_client)
    feed = gateway_client.events()
    await peer.send(frame)
    await peer.state(StateCode.CONNECT_SUCCESS)

    reported = await soon(anext(feed))
    assert isinstance(reported, ErrorReported)
    assert type(reported.error) is errors.MalformedReplyError
    assert reported.session is (session if names_session else None)
    assert (await soon(anext(feed))).code == StateCode.CONNECT_SUCCESS


async def test_a_word_for_a_status_that_nobody_knows_is_unknown(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    feed = gateway_client.events()
    await peer.send(pushed("notify_order", status="PAUSED"))

    assert (await next_of(feed, OrderUpdate)).order.status is OrderStatus.UNKNOWN
    assert list(session.account.open_orders) == [NOS[1]]


# --- failures ---


@pytest.mark.parametrize("row", load("gateway", "errors")["texts"], ids=lambda row: row["id"])
def test_each_text_of_the_gateways_own_has_a_class_and_a_venues_text_none(row: dict[str, Any]) -> None:
    error = errors.refusal(row["text"])

    assert error.message == row["text"]
    assert (type(error) is errors.RequestRefusedError) is row["text"].startswith("venue error")
    assert type(errors.refusal(f"{row['text']}!")) is errors.RequestRefusedError
    assert error.outcome_unknown is (row["text"] == "connection lost")


@pytest.mark.parametrize("case", load("gateway", "ws/framing")["malformed"], ids=lambda case: case["id"])
async def test_a_request_that_could_not_be_read_fails_if_it_is_named_and_is_reported_if_not(
    gateway: FakeGateway, gateway_client: GatewayClient, case: dict[str, Any]
) -> None:
    peer = await start(gateway, gateway_client)
    feed = gateway_client.events()
    asking = asyncio.create_task(gateway_client.ask("xyz", {}))
    await peer.request()
    named = "cid" in case["server"]
    await peer.send(case["server"] | ({"cid": "1"} if named else {}))

    if named:
        with pytest.raises(errors.MalformedRequestError, match=case["server"]["error_message"]):
            await soon(asking)
        return
    assert type((await soon(anext(feed))).error) is errors.MalformedRequestError
    assert not asking.done()
    asking.cancel()


async def test_a_reply_that_lacks_its_data_fails_its_request_alone(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    orders = asyncio.create_task(session.trading.open_orders(SYMBOL))
    assets = asyncio.create_task(session.trading.assets())
    await peer.reply(await peer.take("open_orders"))
    await peer.reply(await peer.take("asset"), data={})

    with pytest.raises(errors.MalformedReplyError, match="data"):
        await soon(orders)
    assert await soon(assets) == {}


async def test_a_reply_that_does_not_say_how_it_went_fails_its_request_at_once(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    asking = asyncio.create_task(session.trading.assets())
    request = await peer.take("asset")
    await peer.send({"op": "asset", "cid": request["cid"], "data": {}})

    with pytest.raises(errors.MalformedReplyError, match="result"):
        await soon(asking)


async def test_a_reply_to_another_operation_is_no_answer(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    asking = asyncio.create_task(session.trading.assets())
    request = await peer.take("asset")
    await peer.reply({**request, "op": "position"}, data={})

    with pytest.raises(errors.MalformedReplyError, match="asset was answered as position"):
        await soon(asking)


async def test_a_frame_that_is_no_json_ends_the_connection(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    feed = gateway_client.events()
    await peer.socket.send_str("hello")

    assert type((await soon(anext(feed))).error) is errors.MalformedReplyError
    assert not gateway_client.connected
