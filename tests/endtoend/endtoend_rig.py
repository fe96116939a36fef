"""The reference client against the simulator, over loopback sockets: what all of these tests begin with.

Both run on the test's own event loop. The client signs with the world's time, so time may be anywhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from mockex.clients.okcoinjp import (
    Credentials,
    LimitOrder,
    OkcoinClient,
    OkcoinStream,
    Push,
    Side,
    Stopwatch,
    StreamEvent,
    StreamTiming,
)
from mockex.clients.okcoinjp.trading_models import Balance

import mockex
from mockex.embedded import VenueHandle
from mockex.simulation import Simulation

VENUE = "okcoinjp"
BTC_JPY = "BTC-JPY"
FIRST_ORDER_ID = "2510789768709120"  # of a world; the others follow
START = datetime(2024, 3, 1, 9, 30, 15, 250_000, tzinfo=UTC)

PATIENCE_SECONDS = 60.0
"""For what must happen; a failing test waits this long, a passing one never."""

BALANCES: Mapping[str, Any] = {
    "alice": {"spot": {"BTC": "10", "ETH": "100"}, "funding": {"BTC": "5", "JPY": "500000"}},
    "bob": {"spot": {"JPY": "100000000"}, "funding": {"XRP": "2000"}},
}

_FENCE = "spot/candle604800s:ETH-BTC"  # nobody reads it

EAGER = StreamTiming(first_retry=timedelta(0), longest_retry=timedelta(0))
"""Reconnects at once: the rules about connections per second are off."""


def quiet_world(**options: Any) -> mockex.World:
    """Empty books, time that stands still at `START`, no rate limits."""
    return mockex.World(**{"venues": [VENUE], "start": START, "balances": BALANCES, **options})


def live_world(**options: Any) -> mockex.World:
    """As `quiet_world`, with participants that trade and a past that they have made."""
    return quiet_world(market="live", **options)


class Rig:
    """One world, and clients of its accounts. All of it ends with the context."""

    def __init__(self, world: mockex.RunningWorld, stack: AsyncExitStack) -> None:
        self.world = world
        self.venue: VenueHandle = world[VENUE]
        self._stack = stack

    async def client(self, account: str | None, *, base_url: str | None = None) -> OkcoinClient:
        """A client with the key of that name, or without any."""
        credentials = None if account is None else Credentials(**self.venue.keys[account])
        client = OkcoinClient(base_url or self.venue.rest_url, credentials=credentials, now=self.world.clock.now_ns)
        return await self._stack.enter_async_context(client)

    async def stream(
        self,
        client: OkcoinClient,
        *channels: str,
        url: str | None = None,
        timing: StreamTiming = EAGER,
        stopwatch: Stopwatch | None = None,
    ) -> Recording:
        """A stream that runs and keeps all its events, subscribed to these channels."""
        stream = client.stream(url or self.venue.ws_url, timing=timing, stopwatch=stopwatch)
        recording = Recording(stream)
        await self._stack.enter_async_context(stream)
        if channels:
            await stream.subscribe(*channels)
        return recording

    def advance(self, **span: float) -> datetime:
        """`advance(seconds=1)`: moves the world's time."""
        return self.world.clock.advance(timedelta(**span))

    def simulation(self) -> Simulation:
        """The venue itself, to look at."""
        return self.world.inside(lambda world: world.simulations[VENUE])

    def virtual_stopwatch(self) -> Stopwatch:
        """A stream with it waits in the world's time: its heartbeat too stands still until time is moved."""

        async def sleep(span: timedelta) -> None:
            due = self.world.clock.now + span
            while self.world.clock.now < due:  # noqa: ASYNC110  # the clock tells nobody
                await asyncio.sleep(0.001)

        return Stopwatch(monotonic_ns=self.world.clock.now_ns, sleep=sleep)


@asynccontextmanager
async def rig(world: mockex.World) -> AsyncIterator[Rig]:
    """Runs a world and checks at the end that nothing in it is broken."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(world)
        yield Rig(running, stack)
        running.check()


class Recording:
    """Everything that a stream tells, in order."""

    def __init__(self, stream: OkcoinStream) -> None:
        self.stream = stream
        self.events: list[StreamEvent] = []
        stream.listen(self.events.append)

    def pushes(self, channel: str) -> list[Any]:
        """What a channel has brought so far."""
        return [event.value for event in self.events if isinstance(event, Push) and event.channel == channel]

    def kinds(self) -> list[type[StreamEvent]]:
        """The events that are no pushes."""
        return [type(event) for event in self.events if not isinstance(event, Push)]

    async def settled(self) -> None:
        """Waits until everything that the server has sent so far is here: the answer to a request comes after it."""
        await self.stream.unsubscribe(_FENCE)

    async def count(self, channel: str, count: int) -> list[Any]:
        """Waits until a channel has brought `count` pushes, and gives them."""
        await until(lambda: len(self.pushes(channel)) >= count)
        return self.pushes(channel)


async def until(condition: Callable[[], bool]) -> None:
    """Waits for something that must come to pass."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  # what is waited for happens in a socket, which tells nobody
            await asyncio.sleep(0.001)


def no_complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged as an error, or with a traceback: a client's mistake is neither."""
    return [record.getMessage() for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


# --- values in few words


def d(text: str) -> Decimal:
    return Decimal(text)


def sell(price: str, size: str, **more: Any) -> LimitOrder:
    """BTC-JPY, unless something else is said."""
    return LimitOrder(**{"instrument_id": BTC_JPY, "side": Side.SELL, "price": d(price), "size": d(size), **more})


def buy(price: str, size: str, **more: Any) -> LimitOrder:
    return sell(price, size, side=Side.BUY, **more)


def balance(currency: str, total: str, held: str = "0") -> Balance:
    return Balance(currency=currency, balance=d(total), hold=d(held), available=d(total) - d(held))
