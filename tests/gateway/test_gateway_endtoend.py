"""The gateway before two simulated venues at once: orders meet the same books as those of direct users."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from gateway_socket_rig import Talk, talk

from mockex import RunningWorld, World

HUOBI = {"platform": "huobi", "venue": "htx", "pair": "BTC/USDT"}
OKEX = {"platform": "okex", "venue": "okcoinjp", "pair": "BTC/JPY"}


@pytest.fixture
async def world() -> AsyncIterator[RunningWorld]:
    async with World(venues=["htx", "okcoinjp"], gateway=True) as world:
        yield world
        world.check()


@pytest.fixture
async def client(world: RunningWorld) -> AsyncIterator[Talk]:
    async with talk(world.gateway_url) as client:
        yield client


def pushes(frames: list[Any], topic: str) -> list[Any]:
    return [frame["data"] for frame in frames if frame.get("topic") == topic]


async def test_an_order_is_placed_filled_by_another_user_and_told_step_by_step(world: RunningWorld, client: Talk) -> None:
    token = await client.log_in(world, **HUOBI)
    order = {"action": "BUY", "price": 20_000, "quantity": 0.01, "order_type": "LIMIT"}
    placed = await client.ask("place_order", token=token, symbol="BTC/USDT", **order)
    accepted = pushes(await client.hear_until("notify", topic="asset"), "order")
    world.htx.place(account="bob", symbol="btcusdt", side="sell", price="20000", qty="0.004")
    partly = await client.hear_until("notify", topic="asset")
    cancelled = await client.ask("cancel_order", token=token, symbol="BTC/USDT", order_nos=[placed["order_no"], "7"])
    ended = pushes(await client.hear_until("notify", topic="asset"), "order")

    assert [(row["status"], row["remain"]) for row in accepted] == [("SUBMITTED", 0.01)]
    assert [(row["status"], row["remain"]) for row in pushes(partly, "order")] == [("PARTIAL-FILLED", 0.006)]
    (fill,) = pushes(partly, "fill")
    assert (fill["order_no"], fill["quantity"], fill["price"]) == (placed["order_no"], 0.004, 20_000)
    assert (fill["side"], fill["liquidity"]) == ("BUY", "MAKER")
    assert [(row["result"], row["error_message"]) for row in cancelled["data"]] == [(True, ""), (False, "order not found")]
    assert [(row["status"], row["remain"]) for row in ended] == [("CANCELED", 0.006)]
    assert (await client.ask("open_orders", token=token, symbol="BTC/USDT"))["data"] == []


async def test_one_socket_trades_on_two_platforms_and_assets_add_up(world: RunningWorld, client: Talk) -> None:
    tokens = [await client.log_in(world, **HUOBI), await client.log_in(world, **OKEX)]
    for token, pair in zip(tokens, ("BTC/USDT", "BTC/JPY"), strict=True):
        info = (await client.ask("symbol_info", token=token, symbol=pair))["data"]
        assert (info["base_currency"], info["quote_currency"]) == tuple(pair.split("/"))
        order = {"action": "BUY", "price": 100_000, "quantity": 0.01, "order_type": "LIMIT"}
        assert (await client.ask("place_order", token=token, symbol=pair, **order))["result"] is True
        assets = (await client.ask("asset", token=token))["data"]
        assert assets[pair.partition("/")[2]]["locked"] >= 1_000
        for row in assets.values():
            free, locked, total = (Decimal(str(row[name])) for name in ("free", "locked", "total"))
            assert free + locked == total


async def test_orders_stay_when_the_client_leaves(world: RunningWorld) -> None:
    async with talk(world.gateway_url) as client:
        token = await client.log_in(world, **HUOBI)
        order = {"action": "SELL", "price": 900_000, "quantity": 0.01, "order_type": "LIMIT"}
        order_no = (await client.ask("place_order", token=token, symbol="BTC/USDT", **order))["order_no"]
    async with talk(world.gateway_url) as client:
        token = await client.log_in(world, **HUOBI)
        rows = (await client.ask("open_orders", token=token, symbol="BTC/USDT"))["data"]

    assert [(row["order_no"], row["action"], row["remain"]) for row in rows] == [(order_no, "SELL", 0.01)]


async def test_wrong_keys_are_told_after_the_connection(world: RunningWorld, client: Talk) -> None:
    keys = {"access_key": world.htx.keys["alice"].api_key, "secret_key": "wrong"}
    await client.ask("login", platform="huobi", symbols=["BTC/USDT"], **keys)
    frames = await client.hear_until("state", code=7)

    assert [frame["code"] for frame in frames] == [2, 7]
    assert frames[-1]["msg"].startswith("Websocket connection authorized failed: ")


async def test_a_pair_that_the_venue_does_not_list_is_told_by_code_1(world: RunningWorld, client: Talk) -> None:
    keys = {"access_key": world.htx.keys["alice"].api_key, "secret_key": world.htx.keys["alice"].secret}
    await client.ask("login", platform="huobi", symbols=["BTC/USDT", "NO/SUCH"], **keys)

    assert ((state := await client.hear())["code"], state["msg"]) == (1, "symbols not found")


async def test_a_platform_whose_venue_is_not_served_is_not_found(client: Talk) -> None:
    await client.ask("login", platform="coinstore", symbols=["BTC/USDT"], access_key="a", secret_key="s")

    assert (await client.hear())["msg"] == "platform not found"
