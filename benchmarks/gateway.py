"""(i) An order through the gateway against the same order straight to its venue, one after the other on one connection.

Both go by the reference client of whom they ask; client, gateway and venue share one process and one event loop, so that all of
their work counts. A round trip is measured in the time that it keeps the processor busy: on an idle machine it lasts as long,
and on a busy one the longer of two is interrupted more often, which says nothing about either. The gateway's client is told of
each order and each balance besides, so a second row lets the direct client hear the venue's own stream of both. Rounds take
turns; the figure is the ratio of the medians of all round trips.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal

from mockex.clients import gateway, htx
from mockex.clients.htx import channels

from benchmarks.measure import Row
from benchmarks.serving import run_as_server
from mockex.embedded import RunningWorld, World
from mockex.server.process import spare_the_collector

ROUNDS = 6
ORDERS = 250
"""Of one round and side."""

TARGET = 2.2

Place = Callable[[int], Awaitable[object]]
"""Places the n-th order; returns once it has a number."""


def run() -> list[Row]:
    return run_as_server(_run)


async def _run() -> list[Row]:
    async with World(venues=["htx"], clock="real", gateway=True) as world, AsyncExitStack() as stack:
        world.htx.create_account("carol", {"USDT": "10000000"})
        world.htx.create_key("carol", "listening")
        through = await stack.enter_async_context(_through_the_gateway(world, "alice"))
        straight = await stack.enter_async_context(_straight(world, "bob", listening=False))
        listening = await stack.enter_async_context(_straight(world, "listening", listening=True))
        spare_the_collector()
        sides = (through, straight, listening)
        waits: list[list[float]] = [[] for _ in sides]
        for number in range(1 + ROUNDS):
            for side, kept in zip(sides, waits, strict=True):
                measured = await _round_trips(side)
                if number:  # the first round warms up
                    kept += measured
                await _clear(world)
    medians = [statistics.median(kept) for kept in waits]
    return [
        _row("an order through the gateway / straight to the venue", medians[0], medians[1], target=TARGET),
        _row("the same, the direct client hears the venue's stream", medians[0], medians[2], target=None),
    ]


def _row(name: str, through_ms: float, straight_ms: float, *, target: float | None) -> Row:
    added = through_ms - straight_ms
    detail = f"{through_ms:.2f} ms against {straight_ms:.2f} ms, {added:.2f} ms more: CPU, one connection, median"
    return Row(name=name, value=through_ms / straight_ms, unit="x", detail=detail, target=target, at_least=False)


async def _round_trips(place: Place) -> list[float]:
    """Each in milliseconds."""
    found = []
    for number in range(ORDERS):
        begun = time.process_time()
        await place(number)
        found.append((time.process_time() - begun) * 1e3)
    return found


async def _clear(world: RunningWorld) -> None:
    """An empty book, and everybody has heard of it."""
    for account in ("alice", "bob", "carol"):
        world.htx.cancel_all(account)
    await asyncio.sleep(0.1)


def _price(number: int) -> Decimal:
    return Decimal(4_000 - number)


@asynccontextmanager
async def _through_the_gateway(world: RunningWorld, name: str) -> AsyncIterator[Place]:
    key = world.htx.keys[name]
    login = gateway.Login(platform="huobi", symbols=("BTC/USDT",), access_key=key.api_key, secret_key=key.secret)
    async with gateway.GatewayClient(world.gateway_url) as client:
        session = await client.login(login)
        await session.ready()

        async def place(number: int) -> object:
            order = gateway.LimitOrder(
                symbol="BTC/USDT", action=gateway.Action.BUY, price=_price(number), quantity=Decimal("0.01")
            )
            return await session.trading.place_order(order)

        yield place


@asynccontextmanager
async def _straight(world: RunningWorld, name: str, *, listening: bool) -> AsyncIterator[Place]:
    key = world.htx.keys[name]
    credentials = htx.Credentials(api_key=key.api_key, secret=key.secret)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(htx.HtxClient(world.htx.rest_url, credentials=credentials))
        account_id = next(account.id for account in await client.account.accounts() if account.type == "spot")
        if listening:
            stream = await stack.enter_async_context(client.account_stream(world.htx.ws_urls["account"]))
            await stream.subscribe(channels.orders(), channels.balances(2))

        async def place(number: int) -> object:
            order = htx.LimitOrder(
                account_id=account_id, symbol="btcusdt", side=htx.Side.BUY, price=_price(number), amount=Decimal("0.01")
            )
            return await client.trading.place_order(order)

        yield place
