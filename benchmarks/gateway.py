"""(i) An order through the gateway against the same order straight to its venue, one after the other on one connection.

A bot's view: `mockex serve` runs gateway and venue in a process of its own, and this one asks, by the reference client of whom
it asks. A round trip lasts from the request to its reply. Between two orders there is a pause, in which what the last one
caused comes to its end. The gateway's client is told of each order and each balance besides, so a second row lets a direct
client hear the venue's own stream of both. Rounds take turns; the figures are ratios of the medians of all round trips.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from mockex.clients import gateway, htx
from mockex.clients.htx import channels

from benchmarks.measure import Row

ROUNDS = 6
ORDERS = 150
"""Of one round and side."""

PAUSE_S = 0.003
"""Several times what the pushes about an order take."""

TARGET = 2.2
START_SECONDS = 60

Place = Callable[[int], Awaitable[object]]
"""Places the n-th order; returns once it has a number."""


def run() -> list[Row]:
    return asyncio.run(_run())


async def _run() -> list[Row]:
    async with _serving() as served, AsyncExitStack() as stack:
        venue = served["venues"]["htx"]
        keys = {account["name"]: account for account in venue["accounts"]}
        through = await stack.enter_async_context(_through_the_gateway(served["gateway"]["url"], keys["alice"]))
        straight = await stack.enter_async_context(_straight(venue, keys["bob"], listening=False))
        listening = await stack.enter_async_context(_straight(venue, _open_account(served["control"], "carol"), listening=True))
        sides = (through, straight, listening)
        trips: list[list[float]] = [[] for _ in sides]
        for number in range(1 + ROUNDS):
            for side, kept in zip(sides, trips, strict=True):
                measured = await _round_trips(side, number)
                if number:  # the first round warms up
                    kept += measured
    medians = [statistics.median(kept) for kept in trips]
    return [
        _row("an order through the gateway / straight to the venue", medians[0], medians[1], target=TARGET),
        _row("the same, the direct client hears the venue's stream", medians[0], medians[2], target=None),
    ]


def _row(name: str, through_ms: float, straight_ms: float, *, target: float | None) -> Row:
    added = through_ms - straight_ms
    detail = f"{through_ms:.2f} ms against {straight_ms:.2f} ms, {added:.2f} ms more: one connection, median"
    return Row(name=name, value=through_ms / straight_ms, unit="x", detail=detail, target=target, at_least=False)


async def _round_trips(place: Place, number: int) -> list[float]:
    """Each in milliseconds."""
    found = []
    for order in range(ORDERS):
        begun = time.perf_counter()
        await place(number * ORDERS + order)
        found.append((time.perf_counter() - begun) * 1e3)
        await asyncio.sleep(PAUSE_S)
    return found


def _price(number: int) -> Decimal:
    """Nobody sells: every order rests, each at a price of its own."""
    return Decimal(40_000 - number)


@asynccontextmanager
async def _serving() -> AsyncIterator[Mapping[str, Any]]:
    """A simulator as a person starts it; gives what it says of itself."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        options = ("--venue", "htx", "--market", "quiet", "--no-limits", "--port-base", "0", "--ready-file", str(ready))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "mockex", "serve", *options, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                while not ready.exists():  # noqa: ASYNC110  # another process writes it
                    await asyncio.sleep(0.05)
            yield json.loads(ready.read_text())
        finally:
            process.terminate()
            await process.wait()


def _open_account(control: str, name: str) -> Mapping[str, str]:
    """Its key."""
    body = json.dumps({"account": name, "balances": {"USDT": "10000000"}}).encode()
    request = urllib.request.Request(f"{control}/_mockex/v1/venues/htx/accounts", body, method="POST")
    with urllib.request.urlopen(request) as response:
        key: Mapping[str, str] = json.load(response)["keys"][0]
        return key


@asynccontextmanager
async def _through_the_gateway(url: str, key: Mapping[str, str]) -> AsyncIterator[Place]:
    login = gateway.Login(platform="huobi", symbols=("BTC/USDT",), access_key=key["api_key"], secret_key=key["secret"])
    async with gateway.GatewayClient(url) as client:
        session = await client.login(login)
        await session.ready()

        async def place(number: int) -> object:
            order = gateway.LimitOrder(
                symbol="BTC/USDT", action=gateway.Action.BUY, price=_price(number), quantity=Decimal("0.01")
            )
            return await session.trading.place_order(order)

        yield place


@asynccontextmanager
async def _straight(venue: Mapping[str, Any], key: Mapping[str, str], *, listening: bool) -> AsyncIterator[Place]:
    credentials = htx.Credentials(api_key=key["api_key"], secret=key["secret"])
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(htx.HtxClient(venue["rest"], credentials=credentials))
        account_id = next(account.id for account in await client.account.accounts() if account.type == "spot")
        if listening:
            stream = await stack.enter_async_context(client.account_stream(venue["ws"]["account"]))
            await stream.subscribe(channels.orders(), channels.balances(2))

        async def place(number: int) -> object:
            order = htx.LimitOrder(
                account_id=account_id, symbol="btcusdt", side=htx.Side.BUY, price=_price(number), amount=Decimal("0.01")
            )
            return await client.trading.place_order(order)

        yield place
