"""(i) An order through the gateway against the same order straight to its venue, one after the other on one connection.

Both go by the reference client of whom they ask; client, gateway and venue share one process and one event loop, so nothing
happens beside the round trip. It is measured twice: how long it lasts, from the request to its reply, and how long the
processor is busy until all is quiet again, pushes included. The gateway's client is told of each order and each balance, so
of the second a row lets the direct client hear the venue's own stream of both. Between two orders there is a pause, in which
what the last one caused comes to its end. Rounds take turns; the figures are ratios of the medians of all round trips.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from typing import NamedTuple

from mockex.clients import gateway, htx
from mockex.clients.htx import channels

from benchmarks.measure import Row
from benchmarks.serving import run_as_server
from mockex.embedded import RunningWorld, World
from mockex.server.process import spare_the_collector

ROUNDS = 6
ORDERS = 250
"""Of one round and side."""

PAUSE_S = 0.003
"""Several times what the pushes about an order take."""

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
        trips: list[list[_Trip]] = [[] for _ in sides]
        for number in range(1 + ROUNDS):
            for side, kept in zip(sides, trips, strict=True):
                measured = await _round_trips(side)
                if number:  # the first round warms up
                    kept += measured
                await _clear(world)
    lasted = [statistics.median(trip.lasted_ms for trip in kept) for kept in trips]
    busy = [statistics.median(trip.busy_ms for trip in kept) for kept in trips]
    return [
        _row("an order's reply through the gateway / straight", lasted[0], lasted[1], "from request to reply", target=TARGET),
        _row("an order's work, pushes included / straight", busy[0], busy[1], "CPU until all is quiet", target=None),
        _row("the same, the direct client hears its stream", busy[0], busy[2], "CPU until all is quiet", target=None),
    ]


def _row(name: str, through_ms: float, straight_ms: float, what: str, *, target: float | None) -> Row:
    added = through_ms - straight_ms
    detail = f"{through_ms:.2f} ms against {straight_ms:.2f} ms, {added:.2f} ms more: {what}, one connection, median"
    return Row(name=name, value=through_ms / straight_ms, unit="x", detail=detail, target=target, at_least=False)


class _Trip(NamedTuple):
    lasted_ms: float
    busy_ms: float


async def _round_trips(place: Place) -> list[_Trip]:
    found = []
    for number in range(ORDERS):
        begun, worked = time.perf_counter(), time.process_time()
        await place(number)
        ended = time.perf_counter()
        await asyncio.sleep(PAUSE_S)
        found.append(_Trip(lasted_ms=(ended - begun) * 1e3, busy_ms=(time.process_time() - worked) * 1e3))
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
