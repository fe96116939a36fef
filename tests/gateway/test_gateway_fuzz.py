"""Whatever a client sends: each text gets at most one answer, which is JSON, nothing fails inside, and the socket lives."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
from gateway_service_rig import PAIR, Ear, GatewayRig
from gateway_socket_rig import control, talk
from hypothesis import given, settings
from hypothesis import strategies as st

from mockex import World
from mockex.gateway.protocol import OPERATIONS

TOKENS = ("OWN", "OTHER", "FUTURE", "dd13dd24-bd31-55e5-b5a4-f6a9f125c848", "", "\x00")
"""The first three stand for tokens that there are."""
NUMBERS = ("0", "-0.0", "1e999", "-1e-999", "1E+30", "9" * 80, "0." + "0" * 70 + "1", "0.1", "50000", "-1", "NaN", "-Infinity")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
values = json_values.map(json.dumps)
numbers = st.sampled_from(NUMBERS) | st.integers(-(10**6), 10**6).map(str) | values


def texts(*usual: str) -> st.SearchStrategy[str]:
    """JSON of a field: mostly what belongs there."""
    return st.sampled_from([json.dumps(each) for each in usual]) | values


fields = st.fixed_dictionaries(
    {"op": texts(*OPERATIONS, "ping", "error", "state", "notify")},
    optional={
        "cid": values,
        "ts": values,
        "token": texts(*TOKENS),
        "platform": texts("huobi", "ktx_future", "okex", "nowhere"),
        "symbols": values | st.sampled_from(['["BTC/USDT"]', "[]", '["btc/usdt"]', '["/"]', "[1]"]),
        "access_key": texts("ak1", "ak9", "", "\n"),
        "secret_key": texts("sk1", ""),
        "passphrase": texts("p"),
        "symbol": texts(PAIR, "NO/SUCH", "btcusdt", ""),
        "action": texts("BUY", "SELL", "buy"),
        "order_type": texts("LIMIT", "MARKET", "IOC", "FOK"),
        "price": numbers,
        "quantity": numbers,
        "order_nos": values | st.sampled_from(["[]", '["1"]', '["x","1","1"]', json.dumps(["7"] * 101), "[1]", '[""]']),
    },
)
objects = fields.map(lambda pairs: "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in pairs.items()) + "}")
orders = st.builds(
    '{{"op":"place_order","cid":"o","token":"{}","symbol":"BTC/USDT","action":"{}","price":{},"quantity":{},"order_type":"{}"}}'.format,
    st.sampled_from(TOKENS[:3]),
    st.sampled_from(("BUY", "SELL")),
    numbers,
    numbers,
    st.sampled_from(("LIMIT", "MARKET", "IOC")),
)
DEEP = ("[" * 5_000, '{"op":' * 500)
broken = (
    st.text(max_size=40)
    | st.sampled_from(('{"op":"ping","ts":1', '"ping"', "\ud800", "null", "{}"))
    | st.integers(0, 1).map(
        lambda which: DEEP[which]  # not in every message of a failure
    )
)
frames = st.lists(objects | orders | broken | st.binary(max_size=20), max_size=12)


def strict(frame: bytes | str) -> Any:
    """A frame, if it is JSON as everybody reads it."""

    def refuse(name: str) -> Any:
        raise AssertionError(f"{name} is on the wire")

    return json.loads(frame, parse_constant=refuse)


def with_tokens(message: str | bytes, tokens: dict[str, str]) -> str | bytes:
    if isinstance(message, str):
        for name, token in tokens.items():
            message = message.replace(f'"{name}"', f'"{token}"')
    return message


@settings(max_examples=40)
@given(messages=frames)
def test_every_text_has_one_answer_and_the_socket_lives(messages: list[str | bytes], caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        rig = GatewayRig()
        ear, other = rig.connect(), rig.connect()
        tokens = {
            "OWN": (await rig.ready(ear))[0],
            "FUTURE": (await rig.ready(ear, "ktx_future"))[0],
            "OTHER": (await rig.ready(other, key="ak2"))[0],
        }
        for message in messages:
            answers = [strict(frame) for frame in await _frames(ear, with_tokens(message, tokens))]
            replies = [answer for answer in answers if answer["op"] not in ("state", "notify")]
            assert len(replies) == isinstance(message, str), (message, answers)
            for reply in replies:
                if reply["op"] not in ("error", "pong"):
                    assert reply["result"] is (reply["error_message"] == ""), reply
        assert await ear.say({"op": "ping", "ts": 7}) == [{"op": "pong", "ts": 7}]
        assert (await other.ask("asset", tokens["OTHER"]))["result"] is True
        await rig.gateway.close()
        assert rig.gateway.sessions == ()

    caplog.clear()
    asyncio.run(run())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def _frames(ear: Ear, message: str | bytes) -> list[bytes]:
    before = len(ear.heard)
    await ear.say(message)
    return [frame for _, frame in ear.heard[before:]]


@settings(max_examples=3)
@given(messages=frames)
def test_venues_behind_the_gateway_take_no_harm(messages: list[str | bytes], caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        async with World(venues=["htx", "ktx"], gateway=True) as world, talk(world.gateway_url) as client:
            tokens = {
                "OWN": await client.log_in(world, "huobi", "htx", pair=PAIR),
                "FUTURE": await client.log_in(world, "ktx_future", "ktx", pair=PAIR),
            }
            for message in messages:
                if message != "\ud800":  # is no text that a socket could carry
                    await client.say(with_tokens(message, tokens))
            await client.say({"op": "ping", "ts": "the end"})
            await client.hear_until("pong", ts="the end")
            for token in tokens.values():
                await client.say({"op": "asset", "cid": token, "token": token})
                assert (await client.hear_until("asset", cid=token))[-1]["error_message"] in ("", "Invalid token")
            assert (await control(world, "GET", "/gateway"))["logins"] is not None
            world.check()

    caplog.clear()
    asyncio.run(run())
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
