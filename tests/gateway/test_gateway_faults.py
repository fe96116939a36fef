"""What goes wrong with the gateway on purpose."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from gateway_service_rig import PAIR, PLACE, URL, Ear, GatewayRig, asset, fill, order, told
from mockex.clients.shared.driver_time import turns

from mockex.gateway.faults import REFUSED
from mockex.gateway.platform import OrderStatus


async def test_links_are_dropped_of_one_platform_or_of_all(rig: GatewayRig, ear: Ear) -> None:
    _, spot = await rig.ready(ear)
    _, contracts = await rig.ready(ear, "ktx_future")

    assert rig.gateway.drop_links("ktx_future") == 1
    assert (spot.dropped, contracts.dropped) == (0, 1)
    assert rig.gateway.drop_links() == 2
    assert rig.gateway.drop_links("okex") == 0


async def test_connections_are_refused_until_they_are_allowed_again(rig: GatewayRig, ear: Ear) -> None:
    faults = rig.gateway.faults
    await ear.log_in()
    await ear.log_in("ktx_future")
    spot, contracts = rig.link().line, rig.link("ktx_future").line

    faults.refuse_connect("huobi")
    assert (spot.obstacle(), contracts.obstacle()) == (REFUSED, None)
    faults.refuse_connect()
    faults.allow_connect("huobi")
    assert (spot.obstacle(), contracts.obstacle()) == (REFUSED, REFUSED)
    faults.allow_connect()
    assert (spot.obstacle(), contracts.obstacle()) == (None, None)


async def test_a_late_ready_keeps_back_what_comes_after_it(rig: GatewayRig, ear: Ear) -> None:
    rig.gateway.faults.delay_ready(timedelta(seconds=3), "huobi")
    token = await ear.log_in()
    link = rig.link()
    link.become_ready()
    link.listener.assets({"BTC": asset("1")})
    assert told(ear.drain()) == ["2", "asset"]
    assert (await ear.ask("asset", token))["error_message"] == "not ready"

    await rig.pass_time(2.9)
    assert ear.drain() == []
    await rig.pass_time(0.1)
    assert told(ear.drain()) == ["6", "asset"]
    assert (await ear.ask("asset", token))["result"] is True


async def test_a_link_that_is_lost_before_its_late_ready_is_never_ready(rig: GatewayRig, ear: Ear) -> None:
    rig.gateway.faults.delay_ready(timedelta(seconds=3))
    await ear.log_in()
    rig.link().become_ready()
    rig.link().listener.assets({})
    ear.drain()
    rig.link().listener.lost(URL)
    await rig.pass_time(10)

    assert told(ear.drain()) == ["asset", "4"]


async def test_replies_are_suppressed_by_their_op(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    rig.gateway.faults.suppress_replies("place_order")
    assert await ear.say({"op": "place_order", "token": token, "symbol": PAIR, **PLACE}) == []
    link.listener.order(order())  # its push does not wait for a reply that never comes

    assert told(ear.drain()) == ["order"]
    assert [each[0] for each in link.asked] == ["place"]
    assert (await ear.ask("place_order", token, **PLACE))["result"] is True
    assert rig.gateway.faults.view()["suppress_replies"] == {}


async def test_replies_leave_in_reverse_order(rig: GatewayRig, ear: Ear) -> None:
    token, _ = await rig.ready(ear)
    rig.gateway.faults.reorder_replies(2)
    assert await ear.say({"op": "asset", "cid": "1", "token": token}) == []
    frames = await ear.say({"op": "asset", "cid": "2", "token": token})

    assert [frame["cid"] for frame in frames] == ["2", "1"]
    assert (await ear.ask("asset", token))["cid"] == "c"


async def test_replies_that_are_kept_leave_when_the_faults_end(rig: GatewayRig, ear: Ear) -> None:
    token, _ = await rig.ready(ear)
    rig.gateway.faults.reorder_replies(3)
    for cid in ("1", "2"):
        assert await ear.say({"op": "asset", "cid": cid, "token": token}) == []
    rig.gateway.faults.clear()

    assert [frame["cid"] for frame in ear.drain()] == ["1", "2"]


@pytest.mark.parametrize("status", [OrderStatus.SUBMITTED, OrderStatus.FILLED])
@pytest.mark.parametrize("pushed_first", [True, False])
async def test_an_order_is_answered_after_its_push(rig: GatewayRig, ear: Ear, status: OrderStatus, pushed_first: bool) -> None:
    token, link = await rig.ready(ear)
    rig.gateway.faults.push_before_reply()
    placed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    link.answers["place"] = placed
    await ear.say({"op": "place_order", "token": token, "symbol": PAIR, **PLACE})
    if not pushed_first:
        placed.set_result("1001")
        await turns()
    assert ear.drain() == []
    link.listener.order(order(status=status))
    link.listener.fill(fill())
    if pushed_first:
        placed.set_result("1001")
        await turns()

    frames = told(ear.drain())
    assert frames == (["order", "fill", "place_order"] if pushed_first else ["order", "place_order", "fill"])
    link.answers.clear()
    assert told(await ear.say({"op": "place_order", "token": token, "symbol": PAIR, **PLACE})) == ["place_order"]


async def test_an_answer_that_waits_for_a_push_leaves_when_the_link_is_lost(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    rig.gateway.faults.push_before_reply()
    assert await ear.say({"op": "place_order", "token": token, "symbol": PAIR, **PLACE}) == []
    link.listener.lost(URL)

    reply, state = ear.drain()
    assert (reply["order_no"], state["code"]) == ("1001", 4)
