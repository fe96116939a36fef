"""What the original service does otherwise than its document says: only with `legacy_quirks`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from gateway_service_rig import PAIR, PLACE, Ear, GatewayRig, told
from mockex.clients.shared.driver_time import turns
from mockex.fixtures import load

from mockex.gateway.platform import Cancelled, PlatformError, Refusal

MALFORMED = load("gateway", "ws/framing")["malformed"]
LEGACY_NONE = next(each for each in load("gateway", "ws/position")["frames"] if each["id"].endswith("legacy-none"))
LOGIN = {"op": "login", "cid": "1", "platform": "gate", "symbols": [PAIR], "access_key": "ak1", "secret_key": "sk1"}


@pytest.fixture
async def rig() -> GatewayRig:
    return GatewayRig(legacy=True)


@pytest.mark.parametrize("example", MALFORMED, ids=lambda each: each["id"])
async def test_what_is_no_request_gets_the_text_of_the_exception_or_nothing(ear: Ear, example: Any) -> None:
    text = example["legacy_error"]

    assert await ear.say(example["text"]) == ([] if text is None else [{"op": "error", "error_message": text}])


async def test_what_is_wrong_with_a_login_is_told_before_its_token_is_known(ear: Ear) -> None:
    state, reply = await ear.say(LOGIN)

    assert (state["op"], state["code"], reply["op"]) == ("state", 1, "login")
    assert state["token"] == reply["token"]


async def test_sockets_are_swept_every_sixteen_seconds(rig: GatewayRig, ear: Ear) -> None:
    await rig.pass_time(0.5)
    late = rig.connect()
    await rig.pass_time(15.5)
    assert (ear.close_code, late.close_code) == (1000, 1000)

    later = rig.connect()
    await rig.pass_time(1.5)
    await later.say({"op": "ping", "ts": 1})
    await rig.pass_time(30.4)
    assert later.close_code is None
    await rig.pass_time(0.1)
    assert later.close_code == 1000


async def test_a_single_cancellation_is_answered_only_if_it_fails(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    assert await ear.say({"op": "cancel_order", "cid": "c", "token": token, "symbol": PAIR, "order_nos": ["1"]}) == []
    assert link.asked == [("cancel", PAIR, ("1",))]

    link.answers["cancel"] = [Cancelled(order_no="1", error=Refusal.ORDER_NOT_FOUND)]
    reply = await ear.ask("cancel_order", token, order_nos=["1"])
    assert reply == {"op": "cancel_order", "cid": "c", "result": False, "error_message": "order not found"}
    link.answers.clear()
    assert len((await ear.ask("cancel_order", token, order_nos=["1", "2"]))["data"]) == 2


async def test_a_position_on_spot_is_never_answered(rig: GatewayRig, ear: Ear) -> None:
    token, _ = await rig.ready(ear)

    assert await ear.say({"op": "position", "token": token, "symbol": PAIR}) == []


async def test_no_position_has_no_mode_and_no_time(rig: GatewayRig, ear: Ear) -> None:
    token, _ = await rig.ready(ear, "ktx_future")

    assert (await ear.ask("position", token))["data"] == LEGACY_NONE["frame"]["data"]


async def test_an_unknown_symbol_does_not_exist(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    link.answers["symbol_info"] = PlatformError(Refusal.SYMBOL_NOT_FOUND)

    assert (await ear.ask("symbol_info", token))["error_message"] == "Symbol not exist"


@pytest.mark.parametrize(("platform", "sent"), [("huobi_future", "2"), ("ktx_future", "2.7")])
async def test_one_platform_trades_whole_contracts(rig: GatewayRig, ear: Ear, platform: str, sent: str) -> None:
    token, link = await rig.ready(ear, platform)

    await ear.ask("place_order", token, **{**PLACE, "quantity": -2.7})
    assert link.asked[0][1].quantity == Decimal(sent)
    whole = await ear.ask("place_order", token, **{**PLACE, "quantity": 0.7})
    assert whole["error_message"] == ("quantity error" if platform == "huobi_future" else "")


async def test_one_platform_never_logs_in(rig: GatewayRig, ear: Ear) -> None:
    state, reply = await ear.say({**LOGIN, "platform": "okex", "passphrase": "typed"})

    assert (state["code"], state["msg"]) == (1, "param access_key or secret_key or passphrase miss")
    assert reply["result"] is True
    assert rig.backing.known["okex"].links == []


async def test_requests_are_carried_out_whatever_the_state_of_the_link(rig: GatewayRig, ear: Ear) -> None:
    token = await ear.log_in()
    link = rig.link()
    assert link.line.blunt
    assert (await ear.ask("place_order", token, **PLACE))["result"] is True
    link.become_ready()
    link.listener.lost("ws://venue/account")
    assert (await ear.ask("place_order", token, **PLACE))["result"] is True

    link.answers["place"] = PlatformError(Refusal.CONNECTION_LOST)
    assert (await ear.ask("place_order", token, **PLACE))["error_message"] == "connection lost"
    link.listener.refused("symbols not found")
    assert (await ear.ask("place_order", token, **PLACE))["error_message"] == "not ready"


async def test_a_token_is_known_to_the_whole_server(rig: GatewayRig, ear: Ear) -> None:
    token, link = await rig.ready(ear)
    other = rig.connect()

    assert (await other.ask("place_order", token, **PLACE))["result"] is True
    assert ear.drain() == []
    (error,) = await other.say({"op": "logout", "token": token})
    await turns()
    assert error == {"op": "error", "error_message": f"'{token}'"}
    assert link.closed
    for client in (ear, other):
        assert (await client.ask("asset", token))["error_message"] == "Invalid token"
    ear.client.gone()
    assert told(await other.say({**LOGIN, "platform": "huobi"})) == ["login"]
