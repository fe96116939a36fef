"""Logins: tokens, identities, states in their order, pushes, and what becomes of requests when a link is lost."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from gateway_service_rig import OTHER_PAIR, PAIR, PLACE, START_MS, URL, Ear, GatewayRig, asset, fill, order, told
from mockex.clients.shared.driver_time import turns
from mockex.fixtures import load

from mockex.gateway.platform import OrderStatus, Position

LOGIN = {"op": "login", "cid": "1", "platform": "huobi", "symbols": [PAIR], "access_key": "ak1", "secret_key": "sk1"}
VECTOR = load("gateway", "tokens")["vectors"][0]


# --- logins


async def test_a_login_is_answered_and_then_told_how_it_goes(rig: GatewayRig, ear: Ear) -> None:
    reply, *rest = await ear.say(LOGIN)
    rig.link().become_ready()

    assert rest == []
    assert reply == {"op": "login", "cid": "1", "result": True, "error_message": "", "token": reply["token"]}
    assert [frame for frame in ear.frames()[1:] if frame["op"] == "state"] == [
        {"op": "state", "token": reply["token"], "code": 2, "msg": f"connect to server success! url: {URL}"},
        {"op": "state", "token": reply["token"], "code": 6, "msg": "Environment ready"},
    ]


async def test_a_token_is_the_uuid_of_identity_and_time(rig: GatewayRig, ear: Ear) -> None:
    assert VECTOR["login_ms"] == START_MS
    assert await ear.log_in(VECTOR["platform"], key=VECTOR["access_key"]) == VECTOR["token"]


async def test_no_token_is_given_twice_though_time_stands_still(rig: GatewayRig, ear: Ear) -> None:
    tokens = []
    for _ in range(3):
        tokens.append(await ear.log_in())
        await ear.ask("logout", tokens[-1])

    assert len(set(tokens)) == 3


async def test_an_identity_logs_in_once_on_the_whole_server(rig: GatewayRig, ear: Ear) -> None:
    token = await ear.log_in()

    for client in (ear, rig.connect()):
        (reply,) = await client.say(LOGIN)
        assert reply == {"op": "login", "cid": "1", "result": False, "error_message": "Do not log in repeat", "token": ""}
    assert (await ear.ask("logout", token))["result"] is True
    assert (await rig.connect().say(LOGIN))[0]["result"] is True


async def test_one_key_logs_in_to_two_platforms(rig: GatewayRig, ear: Ear) -> None:
    spot, _ = await rig.ready(ear)
    contracts, _ = await rig.ready(ear, "huobi_future")

    assert spot != contracts
    assert (await ear.ask("asset", spot))["result"] is (await ear.ask("asset", contracts))["result"] is True


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"platform": "gate"}, "platform not found"),
        ({"access_key": ""}, "param access_key or secret_key miss"),
        ({"secret_key": ""}, "param access_key or secret_key miss"),
        ({"access_key": "a\r\nX-Header: b"}, "param access_key or secret_key miss"),
        ({"secret_key": "ключ"}, "param access_key or secret_key miss"),
        ({"symbols": []}, "param symbols miss"),
        ({"symbols": [PAIR, "btcusdt"]}, "symbols not found"),
        ({"symbols": ["btc/usdt"]}, "symbols not found"),
        ({"symbols": ["BTC/USDT/X"]}, "symbols not found"),
    ],
)
async def test_a_wrong_login_is_accepted_and_then_told_by_code_1(
    rig: GatewayRig, ear: Ear, wrong: dict[str, Any], text: str
) -> None:
    reply, state = await ear.say({**LOGIN, **wrong})

    assert (reply["result"], reply["error_message"]) == (True, "")
    assert state == {"op": "state", "token": reply["token"], "code": 1, "msg": text}
    assert rig.backing.known["huobi"].links == []
    # The identity stays taken until the login ends.
    assert (await ear.say({**LOGIN, **wrong}))[0]["error_message"] == "Do not log in repeat"
    assert (await ear.ask("asset", reply["token"]))["error_message"] == "not ready"
    assert (await ear.ask("logout", reply["token"]))["result"] is True
    assert (await ear.say({**LOGIN, **wrong}))[0]["result"] is True


async def test_a_login_that_the_venue_refuses_is_told_and_its_link_closed(rig: GatewayRig, ear: Ear) -> None:
    token = await ear.log_in(symbols=["XXX/USDT"])
    link = rig.link()
    link.listener.refused("symbols not found")
    await turns()

    assert ear.drain() == [{"op": "state", "token": token, "code": 1, "msg": "symbols not found"}]
    assert link.closed
    assert (await ear.ask("asset", token))["error_message"] == "not ready"


async def test_wrong_credentials_are_told_and_nothing_is_allowed(rig: GatewayRig, ear: Ear) -> None:
    token = await ear.log_in()
    rig.link().listener.connected(URL)
    rig.link().listener.failed("Websocket connection authorized failed: invalid key")

    assert told(ear.drain()) == ["2", "7"]
    assert (await ear.ask("place_order", token, **PLACE))["error_message"] == "not ready"


async def test_a_link_gets_the_passphrase_of_the_login_or_of_the_account(rig: GatewayRig, ear: Ear) -> None:
    await ear.log_in("okex")
    assert rig.link("okex").account.passphrase == "phrase of the account"
    await ear.log_in("okex", key="ak2", passphrase="typed")
    assert rig.link("okex").account.passphrase == "typed"


async def test_a_platform_that_fails_to_open_is_told_by_code_7(
    rig: GatewayRig, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    rig.backing.known["huobi"].broken = True
    reply, state = await ear.say(LOGIN)

    assert (reply["result"], state["code"]) == (True, 7)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_a_token_is_valid_on_its_own_socket_alone(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    other = rig.connect()

    for op in ("asset", "logout"):
        assert (await other.ask(op, token))["error_message"] == "Invalid token"
    assert (await ear.ask("asset", token))["result"] is True
    assert not link.closed


async def test_after_a_logout_the_token_is_dead_and_nothing_is_pushed(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    assert await ear.ask("logout", token) == {"op": "logout", "cid": "c", "result": True, "error_message": ""}

    link.listener.order(order())
    link.listener.lost(URL)
    assert ear.drain() == []
    assert link.closed
    assert link.asked == []  # no order is cancelled
    assert (await ear.ask("logout", token))["error_message"] == "Invalid token"


async def test_a_socket_that_closes_logs_out_all_its_tokens(rig: GatewayRig, ear: Ear) -> None:
    _, first = await rig.ready(ear)
    _, second = await rig.ready(ear, "ktx_future")
    ear.client.gone()
    await turns()

    assert (first.closed, second.closed) == (True, True)
    assert rig.gateway.sessions == ()
    assert (await rig.connect().say(LOGIN))[0]["result"] is True


async def test_the_gateway_closes_with_all_links_let_go(rig: GatewayRig, ear: Ear) -> None:
    _, link = await rig.ready(ear)
    await rig.gateway.close()

    assert link.closed
    assert rig.gateway.sessions == ()


# --- states


async def test_nothing_is_allowed_before_ready_and_while_the_link_is_lost(rig: GatewayRig, ear: Ear) -> None:
    token = await ear.log_in()
    link = rig.link()
    refused = {"op": "asset", "cid": "c", "result": False, "error_message": "not ready"}

    assert await ear.ask("asset", token) == refused
    link.listener.connected(URL)
    assert await ear.ask("asset", token) == refused
    link.listener.ready()
    assert (await ear.ask("asset", token))["result"] is True
    link.listener.lost(URL)
    assert await ear.ask("asset", token) == refused
    link.listener.reconnecting(URL)
    link.listener.connected(URL)
    assert await ear.ask("asset", token) == refused
    link.listener.ready()
    assert (await ear.ask("asset", token))["result"] is True


async def test_a_lost_link_is_told_and_its_return_with_assets_and_orders_before_ready(rig: GatewayRig, ear: Ear) -> None:
    _, link = await rig.ready(ear)
    link.listener.lost(URL)
    link.listener.reconnecting(URL)
    link.listener.connect_failed(URL, "refused")
    link.listener.reconnecting(URL)
    link.listener.connected(URL)
    link.listener.assets({"USDT": asset("1")})
    link.listener.order(order())
    link.listener.ready()

    frames = ear.drain()
    assert told(frames) == ["4", "5", "3", "5", "2", "asset", "order", "6"]
    assert [frame["msg"] for frame in frames[:4]] == [
        f"connection lost! url: {URL}",
        f"reconnecting websocket right now! url: {URL}",
        f"connect to server error! url: {URL}, error: refused",
        f"reconnecting websocket right now! url: {URL}",
    ]


async def test_requests_under_way_when_the_link_is_lost_are_answered_before_that_is_told(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    placed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    link.answers["place"] = placed
    await ear.say({"op": "place_order", "cid": "p", "token": token, "symbol": PAIR, **PLACE})
    link.listener.lost(URL)
    placed.set_result("1001")
    await turns()

    reply, state = ear.drain()
    assert reply == {"op": "place_order", "cid": "p", "result": False, "error_message": "connection lost"}
    assert state["code"] == 4


async def test_requests_under_way_at_a_logout_are_answered_before_it(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    link.answers["assets"] = asyncio.get_running_loop().create_future()
    await ear.say({"op": "asset", "cid": "a", "token": token})
    frames = await ear.say({"op": "logout", "token": token})

    assert [(frame["op"], frame["error_message"]) for frame in frames] == [("asset", "connection lost"), ("logout", "")]


# --- pushes


async def test_pushes_come_in_the_order_of_events_and_to_their_token_alone(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    other = rig.connect()
    await rig.ready(other, key="ak2")
    link.listener.order(order(status=OrderStatus.FILLED))
    link.listener.fill(fill())
    link.listener.position(Position(pair=PAIR, updated_ms=START_MS))
    link.listener.assets({"BTC": asset("1", "2")})

    frames = ear.drain()
    assert told(frames) == ["order", "fill", "position", "asset"]
    assert {frame["token"] for frame in frames} == {token}
    assert frames[3]["data"] == {"BTC": {"free": 1.0, "locked": 2.0, "total": 3.0}}
    assert other.drain() == []


async def test_only_symbols_of_the_login_are_pushed(rig: GatewayRig, ear: Ear) -> None:
    _, link = await rig.ready(ear)
    link.listener.order(order(pair=OTHER_PAIR))
    link.listener.fill(fill(pair=OTHER_PAIR))
    link.listener.position(Position(pair=OTHER_PAIR, updated_ms=START_MS))
    link.listener.order(order())

    assert [frame["data"]["symbol"] for frame in ear.drain()] == [PAIR]


async def test_what_is_pushed_about_an_order_waits_for_the_reply_that_names_it(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    placed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    link.answers["place"] = placed
    assert await ear.say({"op": "place_order", "token": token, "symbol": PAIR, **PLACE}) == []
    link.listener.assets({})
    link.listener.order(order())
    link.listener.order(order(status=OrderStatus.FILLED))
    link.listener.fill(fill())
    link.listener.assets({})
    assert told(ear.frames()) == ["asset"]

    placed.set_result("1001")
    await turns()
    assert told(ear.drain()) == ["asset", "place_order", "order", "order", "fill", "asset"]


async def test_orders_that_are_known_do_not_wait_for_one_that_is_being_placed(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    await ear.ask("place_order", token, **PLACE)
    link.listener.order(order("1001"))
    link.answers["place"] = asyncio.get_running_loop().create_future()
    ear.drain()
    await ear.say({"op": "place_order", "token": token, "symbol": PAIR, **PLACE})
    link.listener.order(order("1001", status=OrderStatus.PARTIAL_FILLED))
    link.listener.fill(fill("1001"))

    assert told(ear.drain()) == ["order", "fill"]


async def test_an_order_that_is_refused_lets_what_waited_for_it_pass(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    placed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    link.answers["place"] = placed
    await ear.say({"op": "place_order", "token": token, "symbol": PAIR, **PLACE})
    link.listener.order(order("elsewhere"))
    placed.set_result(RuntimeError("a mistake of the platform"))
    await turns()

    reply, push = ear.drain()
    assert (reply["result"], reply["error_message"]) == (False, "venue error: the gateway failed; its log says how")
    assert push["data"]["order_no"] == "elsewhere"


# --- silence


async def test_a_socket_that_says_nothing_is_closed_in_the_second_after_fifteen(rig: GatewayRig, ear: Ear) -> None:
    await rig.pass_time(15)
    assert ear.close_code is None
    await rig.pass_time(1)
    assert ear.close_code == 1000
    assert rig.gateway.sessions == ()


@pytest.mark.parametrize(
    ("message", "counts"),
    [
        ({"op": "ping", "ts": 1}, True),
        ({"op": "asset", "token": "unknown"}, True),
        ("hello", False),
        ({"op": "xyz"}, True),
        ({"op": "login"}, False),
        (b'{"op":"ping","ts":1}', False),
    ],
)
async def test_a_request_is_a_sign_of_life_and_nothing_else_is(rig: GatewayRig, ear: Ear, message: Any, counts: bool) -> None:
    await rig.pass_time(10.5)
    await ear.say(message)
    await rig.pass_time(10)

    assert (ear.close_code is None) is counts
    await rig.pass_time(6)
    assert ear.close_code == 1000


async def test_a_socket_that_pings_is_never_closed(rig: GatewayRig, ear: Ear) -> None:
    for _ in range(20):
        await rig.pass_time(5)
        assert told(await ear.say({"op": "ping", "ts": 1})) == ["pong"]
    assert ear.close_code is None


async def test_a_binary_message_is_ignored(rig: GatewayRig, ear: Ear) -> None:
    assert await ear.say(b'{"op":"ping","ts":1}') == []


async def test_a_frame_that_is_no_request_leaves_the_socket_as_it_was(rig: GatewayRig, ear: Ear) -> None:
    token, _ = await rig.ready(ear)
    assert await ear.say("hello") == [{"op": "error", "error_message": "invalid json"}]
    assert await ear.say({"op": "xyz", "cid": "9"}) == [{"op": "error", "error_message": "unknown op: xyz", "cid": "9"}]
    assert (await ear.ask("asset", token))["result"] is True
