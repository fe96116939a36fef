"""One bot on four platforms over one socket of the gateway, each venue at the end of a line that can break.

World, gateway and client share the test's event loop. The client waits by a stopwatch that moves with the world's clock: both
stand still until `advance`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from endtoend_relay import Relay, relay
from endtoend_rig import START, until
from mockex.clients.gateway import (
    Action,
    FillUpdate,
    GatewayClient,
    GatewayError,
    GatewayTiming,
    LimitOrder,
    Login,
    OrderUpdate,
    OrderVanished,
    PositionSide,
    Session,
    StateReported,
)
from mockex.clients.gateway.errors import NotReadyError, NotSentError, VenueLostError
from mockex.clients.shared.driver_time import HandDrivenTime, turns
from mockex.clients.shared.tasks import cancel

from mockex.embedded import RunningWorld, VenueHandle
from mockex.embedded.options import WorldOptions
from mockex.embedded.servers import in_time
from mockex.gateway.platform import addresses
from mockex.gateway.platforms import installed_platforms
from mockex.server.gateway import KnownBacking
from mockex.server.runner import Server
from mockex.server.wallclock import real_now_ns

T = TypeVar("T")

LOT = Decimal("0.0001")
WORKERS = 2
PATIENT = GatewayTiming(answer_within=timedelta(minutes=10), pong_within=timedelta(minutes=10))
"""Answers come in real time; how long a busy machine takes is no matter here."""
_STEP_SECONDS = 5  # whoever must be heard of now and then speaks that often


@dataclass(frozen=True, kw_only=True)
class Market:
    """A pair of a platform, and the venue's word for it. `price`: about what it costs."""

    platform: str
    venue: str
    pair: str
    symbol: str
    price: int
    contract: bool = False

    def __str__(self) -> str:
        return self.platform


MARKETS = (
    Market(platform="huobi", venue="htx", pair="BTC/USDT", symbol="btcusdt", price=50_000),
    Market(platform="okex", venue="okcoinjp", pair="BTC/JPY", symbol="BTC-JPY", price=7_000_000),
    Market(platform="ktx_future", venue="ktx", pair="BTC/USDT", symbol="BTC_USDT_SWAP", price=50_000, contract=True),
    Market(platform="coinstore", venue="coinstore", pair="BTC/USDT", symbol="BTCUSDT", price=50_000),
)


def as_told(amount: str | Decimal) -> Decimal:
    """An exact amount as a JSON number of the gateway shows it (gw§4)."""
    return Decimal(repr(float(amount)))


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One order that the bot has sent. `error` None: it has a number."""

    quantity: Decimal
    order_no: str = ""
    error: GatewayError | None = None


@dataclass(eq=False)
class Trader:
    """The bot on one platform: rests bids, takes what others offer, cancels what is old. Sizes tell its orders apart."""

    market: Market
    session: Session
    told: list[Any]
    sizes: Iterator[int] = field(default_factory=lambda: itertools.count(100))
    sent: list[Sent] = field(default_factory=list)
    under_way: int = 0
    """Requests that are not answered yet."""
    lost: int = 0
    """Requests that were answered by the loss of the venue."""
    stopping: bool = False

    async def work(self) -> None:
        """Until it is told to stop. Sends nothing while the platform is not ready, and nothing twice."""
        resting: list[str] = []
        while not self.stopping:
            await self.session.ready()
            order_no = await self.place(taking=len(self.sent) % 3 == 2)
            if order_no:
                resting.append(order_no)
            if len(resting) > 3:
                with suppress(VenueLostError, NotSentError, NotReadyError):
                    await self._asked(self.session.trading.cancel_orders(self.market.pair, [resting.pop(0)]))

    async def _asked(self, answer: Awaitable[T]) -> T:
        self.under_way += 1
        try:
            return await answer
        except VenueLostError:
            self.lost += 1
            raise
        finally:
            self.under_way -= 1

    async def place(self, *, taking: bool) -> str | None:
        """Its number, unless it was refused or lost."""
        quantity = next(self.sizes) * LOT
        order = LimitOrder(
            symbol=self.market.pair,
            action=Action.BUY,
            price=Decimal(self.market.price - (0 if taking else 1_000)),
            quantity=quantity,
            position=PositionSide.LONG if self.market.contract else None,
            immediate_or_cancel=taking,
        )
        try:
            order_no = await self._asked(self.session.trading.place_order(order))
        except (VenueLostError, NotSentError, NotReadyError) as error:
            self.sent.append(Sent(quantity=quantity, error=error))
            return None
        self.sent.append(Sent(quantity=quantity, order_no=order_no))
        return order_no

    # --- what became of it

    @property
    def placed(self) -> list[str]:
        return [each.order_no for each in self.sent if each.error is None]

    def codes(self) -> list[int]:
        return [event.code for event in self._mine(StateReported)]

    def fills(self) -> list[Any]:
        return [event.fill for event in self._mine(FillUpdate)]

    def last_told(self) -> dict[str, Any]:
        """Every order as the last push or answer had it."""
        return {event.order.order_no: event.order for event in self._mine(OrderUpdate)}

    def vanished(self) -> list[Any]:
        return list(self._mine(OrderVanished))

    def _mine(self, kind: type[Any]) -> Iterator[Any]:
        return (event for event in self.told if isinstance(event, kind) and event.session is self.session)


@dataclass
class Bot:
    """All of it, running."""

    world: RunningWorld
    client: GatewayClient
    time: HandDrivenTime
    lines: dict[str, Relay]
    traders: dict[str, Trader]
    told: list[Any]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def venue(self, market: Market) -> VenueHandle:
        return self.world[market.venue]

    def start(self) -> None:
        self.tasks += [asyncio.create_task(each.work()) for each in self.traders.values() for _ in range(WORKERS)]

    async def more(self, *traders: Trader, orders: int = 6) -> None:
        """Wait until so many more orders of each have been placed."""
        wanted = {trader: len(trader.placed) + orders for trader in traders}
        await until(lambda: all(len(trader.placed) >= count for trader, count in wanted.items()) or self.broken())

    def broken(self) -> bool:
        for task in self.tasks:
            if task.done():
                task.result()
        return False

    async def advance(self, seconds: int) -> None:
        """Time passes for everybody, in steps in which nobody falls silent."""
        for begun in range(0, seconds, _STEP_SECONDS):
            step = min(_STEP_SECONDS, seconds - begun)
            self.world.clock.advance(timedelta(seconds=step))
            await turns()
            await self.time.elapse(step * 1_000, turns)
            await self.settle()

    async def settle(self) -> None:
        """What was sent has arrived, at both ends."""
        await self.client.round_trip()
        await turns()

    async def stop(self) -> None:
        """Everything that is under way comes to its end."""
        for trader in self.traders.values():
            trader.stopping = True
        await asyncio.gather(*self.tasks)
        self.tasks.clear()
        await self.advance(5)  # pushes that venues gather for a while


@asynccontextmanager
async def bot() -> AsyncIterator[Bot]:
    """A world with four venues, lines to them, and a bot that is ready everywhere."""
    poor = {"BTC": "10", "USDT": "1000000", "JPY": "100000000"}
    rich = {"BTC": "1000", "USDT": "1000000000", "JPY": "100000000000"}
    options = WorldOptions(
        venues=[market.venue for market in MARKETS], start=START, balances={"alice": poor, "bob": rich}, gateway=True
    )
    async with AsyncExitStack() as stack:
        server = Server(options.server_settings(real_now_ns()))
        await server.start()
        stack.push_async_callback(server.stop)
        world = RunningWorld(server, lambda action: in_time(server, action))
        lines = {each.venue: await stack.enter_async_context(relay(world[each.venue].rest_url)) for each in MARKETS}
        assert server.gateway is not None
        urls = {
            each.platform: addresses(
                installed_platforms()[each.platform], lines[each.venue].through(world[each.venue].rest_url), {}
            )
            for each in MARKETS
        }
        passphrase = world.okcoinjp.keys["alice"].passphrase
        assert passphrase is not None
        server.gateway.renew(server.world.clock, KnownBacking(urls, {"okex": passphrase}))
        for each in MARKETS:
            _offer(world, each)
        time = HandDrivenTime()
        client = GatewayClient(world.gateway_url, timing=PATIENT, stopwatch=time.stopwatch(), now=world.clock.now_ns)
        told: list[Any] = []
        client.listen(told.append)
        await stack.enter_async_context(client)
        traders = {}
        for each in MARKETS:
            key = world[each.venue].keys["alice"]
            login = Login(platform=each.platform, symbols=(each.pair,), access_key=key.api_key, secret_key=key.secret)
            session = await client.login(login)
            await session.ready()
            traders[each.platform] = Trader(each, session, told)
        running = Bot(world, client, time, lines, traders, told)
        try:
            yield running
        finally:
            await cancel(*running.tasks)
        world.check()


def _offer(world: RunningWorld, market: Market) -> None:
    """Somebody sells, more than the bot ever buys."""
    position = None
    if market.contract:
        world[market.venue].contract(market.symbol).set_mark_price(str(market.price))
        position = {"leverage": 10}
    world[market.venue].place(
        account="bob", symbol=market.symbol, side="sell", price=str(market.price), qty="100", position=position
    )
