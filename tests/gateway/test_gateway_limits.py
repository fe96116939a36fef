"""Clients that ask for too much, leave in the middle or lose their key: what they are told, and what is left of them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from gateway_service_rig import PAIR, PLACE, START_MS, Ear, GatewayRig, told
from gateway_socket_rig import Talk, control, talk
from mockex.clients.shared.driver_time import turns

from mockex import World
from mockex.gateway.service import MAX_LOGINS, MAX_UNDER_WAY

LOGIN = {"op": "login", "cid": "1", "platform": "huobi", "symbols": [PAIR], "access_key": "ak1", "secret_key": "sk1"}


# --- too much


async def test_so_many_requests_are_under_way_and_no_more(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    link.answers["place"] = asyncio.get_running_loop().create_future()
    order = json.dumps({"op": "place_order", "cid": "c", "token": token, "symbol": PAIR, **PLACE})
    for _ in range(MAX_UNDER_WAY):
        ear.client.receive(order)
    await turns()
    assert ear.heard == []

    refused = {"op": "place_order", "cid": "c", "result": False, "error_message": "too many requests"}
    assert await ear.say(order) == [refused]
    assert len(link.asked) == MAX_UNDER_WAY
    assert await ear.say({"op": "ping", "ts": 1}) == [{"op": "pong", "ts": 1}]
    other = rig.connect()
    assert (await other.ask("asset", (await rig.ready(other, key="ak2"))[0]))["result"] is True  # counted apart

    ear.heard.clear()
    link.answers.pop("place").set_result("1001")
    await turns()
    assert [frame["result"] for frame in ear.drain()] == [True] * MAX_UNDER_WAY
    assert (await ear.ask("place_order", token, **PLACE))["result"] is True


async def test_one_socket_has_so_many_logins_and_no_more(rig: GatewayRig, ear: Ear) -> None:
    """Also of those that are useless: they stay until they are logged out (gw§5)."""
    tokens = []
    for number in range(MAX_LOGINS):
        frames = await ear.say({**LOGIN, "platform": "nowhere", "access_key": f"ak{number}"})
        tokens.append(frames[0]["token"])
    refused = {"op": "login", "cid": "1", "result": False, "error_message": "too many logins", "token": ""}
    assert await ear.say(LOGIN) == [refused]
    await ear.ask("logout", tokens[0])
    assert (await ear.say(LOGIN))[0]["result"] is True
    assert len(rig.gateway.sessions) == MAX_LOGINS
    assert (await rig.connect().say({**LOGIN, "access_key": "other"}))[0]["result"] is True


async def test_logins_without_end_leave_nothing_behind(rig: GatewayRig, ear: Ear) -> None:
    for number in range(3_000):
        ear.client.receive(json.dumps({**LOGIN, "access_key": f"ak{number}"}))
        ear.client.receive(json.dumps({"op": "logout", "token": json.loads(ear.heard[-1][1])["token"]}))
        rig.time.advance(0.001)
        ear.heard.clear()
    await turns()
    assert rig.gateway.sessions == ()
    assert all(link.closed for link in rig.backing.known["huobi"].links)
    assert len(rig.gateway._last_login_ms) <= 1_001  # of whom a token could still be given twice
    assert rig.time.now_ns() > START_MS


# --- in the middle


async def test_a_socket_that_closes_during_its_login_leaves_the_identity_free(rig: GatewayRig, ear: Ear) -> None:
    await ear.log_in()
    link = rig.link()
    link.listener.connected("ws://venue/account")
    ear.client.gone()
    await turns()
    heard = len(ear.heard)
    link.become_ready()  # it had not heard yet

    assert link.closed
    assert len(ear.heard) == heard
    assert (await rig.connect().say(LOGIN))[0]["result"] is True


async def test_a_socket_that_closes_while_requests_are_under_way_ends_them(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    answer = link.answers["place"] = asyncio.get_running_loop().create_future()
    assert await ear.say({"op": "place_order", "token": token, "symbol": PAIR, **PLACE}) == []
    ear.client.gone()
    answer.set_result("1001")
    await turns()

    assert ear.heard == []
    assert rig.gateway.sessions == ()


async def test_a_login_is_repeated_at_once_after_a_logout_with_requests_under_way(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    link.answers["assets"] = asyncio.get_running_loop().create_future()
    ear.client.receive(json.dumps({"op": "asset", "cid": "a", "token": token}))
    ear.client.receive(json.dumps({"op": "logout", "cid": "b", "token": token}))
    ear.client.receive(json.dumps(LOGIN))
    await turns()
    frames = ear.drain()

    assert told(frames)[:3] == ["asset", "logout", "login"]
    assert [frame["error_message"] for frame in frames[:3]] == ["connection lost", "", ""]


# --- venues that refuse


async def ended(client: Talk, world: Any, seconds: int) -> list[Any]:
    """What is told until the login is given up, while time passes."""
    frames = []
    while not frames or frames[-1].get("code") != 7:
        if frames and frames[-1].get("code") == 4:
            world.clock.advance(seconds=seconds)
        frames.append(await client.hear())
    return frames


@pytest.mark.parametrize(("platform", "venue"), [("huobi", "htx"), ("ktx", "ktx"), ("coinstore", "coinstore")])
async def test_a_key_that_is_deleted_ends_the_login_at_its_next_connection(platform: str, venue: str) -> None:
    async with World(venues=[venue], gateway=True) as world, talk(world.gateway_url) as client:
        token = await client.log_in(world, platform, venue, pair=PAIR)
        world[venue].remove_key("alice")
        reply = await client.ask("place_order", token=token, symbol=PAIR, **PLACE)
        assert reply["result"] is False
        assert reply["error_message"].startswith("venue error: ") or reply["error_message"] == "not ready"
        await control(world, "POST", "/gateway/drop")
        frames = await ended(client, world, 5)

        states = [(frame["code"], frame["msg"]) for frame in frames if frame["op"] == "state"]
        assert [code for code, _ in states] == [4, 5, 2, 7]
        assert states[-1][1] == "Websocket connection authorized failed: invalid key"
        assert (await client.ask("asset", token=token))["error_message"] == "not ready"
        assert (await client.ask("logout", token=token))["result"] is True
        assert (await control(world, "GET", "/gateway"))["logins"] == []
