"""Drivers of other people's clients, each over the protocol against a simulator in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from mockex.conformance import bundled
from mockex.conformance.driver import DriverProcess
from mockex.conformance.model import WorldWish
from mockex.conformance.simulator import FreshWorld, Simulator
from mockex.conformance.thirdparty.environments import NEED_TEXT, clients_for

SECONDS = 60.0


class Subject:
    """A client in its driver's hands, and the venue."""

    def __init__(
        self, venue: str, driver: DriverProcess, simulator: Simulator, world: FreshWorld, instruments: list[Any]
    ) -> None:
        self.venue = venue
        self.driver = driver
        self.simulator = simulator
        self.world = world
        self.instruments = instruments
        self.capabilities: frozenset[str] = frozenset()
        self.asked: set[str] = set()

    async def start(self, key: str | None = "alice", **other: object) -> Any:
        credentials = None if key is None else self.world.keys[key].credentials()
        result = await self.result(
            "start",
            protocol=1,
            venue=self.venue,
            profile="documented",
            rest=self.world.rest,
            ws=dict(self.world.ws),
            **{"credentials": credentials, "instruments": self.instruments, "clock_offset_ms": 0, "timeout_ms": 5_000, **other},
        )
        self.capabilities = frozenset(result["capabilities"])
        return result

    async def reply(self, operation: str, **params: object) -> Any:
        self.asked.add(operation)
        return await self.driver.call(operation, params, seconds=SECONDS)

    async def result(self, operation: str, **params: object) -> Any:
        reply = await self.reply(operation, **params)
        assert "result" in reply, f"{operation} {params}: {reply}\n{self.driver.stderr()}"
        return reply["result"]

    async def if_offered(self, operation: str, **params: object) -> Any:
        """None if the client does not offer it."""
        return await self.result(operation, **params) if operation in self.capabilities else None

    async def error(self, operation: str, **params: object) -> Any:
        reply = await self.reply(operation, **params)
        assert "error" in reply, f"{operation} {params}: {reply}"
        return reply["error"]

    async def place_as_bob(self, side: str, qty: str, price: str) -> Any:
        """In the first pair."""
        symbol = self.instruments[0]["symbol"]
        fields = {"account": "bob", "symbol": symbol, "side": side, "qty": qty, "price": price}
        return await self.simulator.about_venue("POST", "/orders", fields)

    async def connections(self) -> int:
        """Sockets that the venue holds open."""
        return int((await self.simulator.call("GET", "/state"))["venues"][self.venue]["connections"])

    async def wait_for_connections(self, count: int) -> None:
        async with asyncio.timeout(SECONDS):
            while await self.connections() != count:
                pass


@asynccontextmanager
async def subject(
    simulator: Simulator,
    name: str,
    wish: WorldWish = WorldWish(),  # noqa: B008  # frozen
) -> AsyncIterator[Subject]:
    """In a fresh world, and a process of the client's own."""
    venue = simulator.venue
    client = clients_for(venue)[name]
    if missing := client.missing():
        pytest.skip(f"{client.title} needs {' and '.join(NEED_TEXT[need] for need in missing)}")
    world = await simulator.reset(wish, seed=1)
    rows = (await simulator.about_venue("GET", "/instruments"))["instruments"]
    names = ("symbol", "base", "quote", "tick_size", "lot_size", "min_qty")
    instruments = [{each: row[each] for each in names} for row in rows]
    driver = await DriverProcess.start(bundled.find(venue, name))
    try:
        yield Subject(venue, driver, simulator, world, instruments)
    finally:
        await driver.close()


def amounts(rows: list[Any], **wanted: str) -> Mapping[str, Decimal | None]:
    """The amounts of the one row that has these members."""
    (row,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return {name: None if row.get(name) is None else Decimal(row[name]) for name in ("total", "available", "held")}
