"""The worked example of gw§11, frame by frame: a contract order of KTX through the gateway."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway_socket_rig import talk
from mockex.fixtures import load

from mockex import World

EXAMPLE = load("gateway", "example")
LOGIN, PLACE, FILL = EXAMPLE["steps"]
START = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1_530_604_762_311)
CONTRACT = "BTC_USDT_SWAP"


def blank(frame: Any, **values: str) -> Any:
    """Without what depends on keys and ports."""
    frame = {**frame, **{name: value for name, value in values.items() if name in frame}}
    return {**frame, "msg": frame["msg"].partition("url: ")[0]} if "msg" in frame else frame


async def test_the_worked_example_is_told_as_it_is_written() -> None:
    balances = {"alice": {"USDT": EXAMPLE["balance"]}}
    async with World(venues=["ktx"], start=START, balances=balances, gateway=True) as world:
        world.ktx.contract(CONTRACT).set_mark_price(EXAMPLE["markPrice"])
        key = world.ktx.keys["alice"]
        async with talk(world.gateway_url) as client:

            async def hear(step: Any) -> list[Any]:
                return [blank(await client.hear(), token="T") for _ in step["server"]]

            await client.say({**LOGIN["client"], "access_key": key.api_key, "secret_key": key.secret})
            frames = [await client.hear() for _ in LOGIN["server"]]
            token = frames[0]["token"]
            assert [blank(each, token="T") for each in frames] == [blank(each, token="T") for each in LOGIN["server"]]

            await client.say({**PLACE["client"], "token": token})
            assert await hear(PLACE) == [blank(each, token="T") for each in PLACE["server"]]

            world.ktx.place(account="bob", symbol=CONTRACT, side="sell", price="99990", qty="0.1", position={"leverage": 10})
            assert await hear(FILL) == [blank(each, token="T") for each in FILL["server"]]
        world.check()
