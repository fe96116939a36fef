"""Cancellations at the gateway: replies, and pushes where replies do not come."""

import asyncio

import pytest
from gateway_fake import SYMBOL, TIMING, FakeGateway, GatewayTime, entry, pushed, ready, start
from loopback import soon
from mockex.clients.gateway import CancelOutcome, GatewayClient, errors

NOS = entry("cancel_order", "request")["order_nos"]
ROWS = entry("open_orders", "reply")["data"]


def _shown(outcomes: tuple[CancelOutcome, ...]) -> list[tuple[str, type | None]]:
    return [(outcome.order_no, outcome.error and type(outcome.error)) for outcome in outcomes]


@pytest.mark.parametrize(
    ("tail", "asked", "expected"),
    [
        ("reply.mixed", NOS, [(NOS[0], None), (NOS[1], errors.OrderNotFoundError)]),
        ("reply.mixed", NOS[::-1], [(NOS[1], errors.OrderNotFoundError), (NOS[0], None)]),
        ("reply.none", NOS[:1], [(NOS[0], errors.OrderNotFoundError)]),
        ("reply.none", NOS, [(NOS[0], errors.OrderNotFoundError), (NOS[1], errors.MalformedReplyError)]),
    ],
)
async def test_each_order_has_its_outcome_in_the_order_of_the_request(
    gateway: FakeGateway,
    gateway_client: GatewayClient,
    tail: str,
    asked: list[str],
    expected: list[tuple[str, type | None]],
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    cancelling = asyncio.create_task(session.trading.cancel_orders(SYMBOL, asked))
    request = await peer.take("cancel_order")
    await peer.send(entry("cancel_order", tail) | {"cid": request["cid"]})

    assert request["order_nos"] == asked
    assert _shown(await soon(cancelling)) == expected


async def test_a_cancellation_that_is_never_answered_is_known_by_its_push(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client, orders=ROWS)
    cancelling = asyncio.create_task(session.trading.cancel_orders(SYMBOL, [NOS[1]]))
    await peer.take("cancel_order")
    await peer.send(pushed("notify_order", order_no=NOS[0], status="CANCELED"))
    await soon(gateway_client.round_trip())
    assert not cancelling.done()
    await peer.send(pushed("notify_order", order_no=NOS[1], status="CANCELED"))
    await gateway_time.pass_once_awaited(TIMING.reply_follows_push_within)

    assert _shown(await soon(cancelling)) == [(NOS[1], None)]
    assert session.account.open_orders == {}


async def test_an_order_that_is_filled_instead_was_not_cancelled(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client, orders=ROWS)
    cancelling = asyncio.create_task(session.trading.cancel_orders(SYMBOL, NOS))
    await peer.take("cancel_order")
    await peer.send(pushed("notify_order", order_no=NOS[1], status="CANCELED"))
    await peer.send(pushed("notify_order", order_no=NOS[0], remain=0, status="FILLED"))
    await gateway_time.pass_once_awaited(TIMING.reply_follows_push_within)

    assert _shown(await soon(cancelling)) == [(NOS[0], errors.OrderNotFoundError), (NOS[1], None)]


async def test_the_end_of_an_order_before_the_request_is_no_answer_to_it(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    await peer.send(pushed("notify_order", order_no=NOS[0], status="CANCELED"))
    await soon(gateway_client.round_trip())
    cancelling = asyncio.create_task(session.trading.cancel_orders(SYMBOL, NOS[:1]))
    await peer.take("cancel_order")
    await soon(gateway_client.round_trip())
    assert not cancelling.done()
    await gateway_time.pass_once_awaited(TIMING.answer_within)

    with pytest.raises(errors.RequestTimeoutError):
        await soon(cancelling)


async def test_a_push_that_an_earlier_request_has_led_to_does_not_hide_the_reply(
    gateway: FakeGateway, gateway_client: GatewayClient
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client, orders=ROWS)
    cancelling = asyncio.create_task(session.trading.cancel_orders(SYMBOL, NOS[:1]))
    request = await peer.take("cancel_order")
    await peer.send(pushed("notify_order", order_no=NOS[0], status="CANCELED"))
    await soon(gateway_client.round_trip())
    assert not cancelling.done()
    await peer.send(entry("cancel_order", "reply.none") | {"cid": request["cid"]})

    assert _shown(await soon(cancelling)) == [(NOS[0], errors.OrderNotFoundError)]


async def test_a_reply_long_after_the_push_disturbs_nobody(
    gateway: FakeGateway, gateway_client: GatewayClient, gateway_time: GatewayTime
) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client, orders=ROWS)
    cancelling = asyncio.create_task(session.trading.cancel_orders(SYMBOL, NOS[:1]))
    request = await peer.take("cancel_order")
    await peer.send(pushed("notify_order", order_no=NOS[0], status="CANCELED"))
    await gateway_time.pass_once_awaited(TIMING.reply_follows_push_within)
    await soon(cancelling)
    asking = asyncio.create_task(session.trading.assets())
    await peer.reply(request, data=[])
    await peer.reply(await peer.take("asset"), data={})

    assert await soon(asking) == {}


async def test_a_refused_cancellation_is_raised(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)
    cancelling = asyncio.create_task(session.trading.cancel_orders(SYMBOL, NOS))
    await peer.refuse(await peer.take("cancel_order"), "too many orders")

    with pytest.raises(errors.InvalidOrderError):
        await soon(cancelling)


async def test_an_empty_list_is_not_sent_by_mistake(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client)

    with pytest.raises(ValueError, match="cancel_all"):
        await soon(session.trading.cancel_orders(SYMBOL, []))
    await soon(gateway_client.round_trip())
    assert peer.inbox.empty()


async def test_cancelling_all_tells_what_was_cancelled(gateway: FakeGateway, gateway_client: GatewayClient) -> None:
    peer = await start(gateway, gateway_client)
    session = await ready(peer, gateway_client, orders=ROWS)
    cancelling = asyncio.create_task(session.trading.cancel_all(SYMBOL))
    request = await peer.take("cancel_order")
    await peer.send(entry("cancel_order", "reply") | {"cid": request["cid"]})

    assert request["order_nos"] == []
    assert _shown(await soon(cancelling)) == [(no, None) for no in NOS]
