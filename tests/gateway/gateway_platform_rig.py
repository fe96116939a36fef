"""Links of the gateway's platforms against the simulated venues behind them, over loopback sockets.

Both run on the test's own event loop. Time stands still, for the venue and for the link, until `advance` moves it for both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.driver_time import HandDrivenTime, turns

import mockex
from mockex.embedded import VenueHandle
from mockex.gateway.platform import (
    Account,
    Action,
    Asset,
    Fill,
    Link,
    MarginMode,
    Order,
    OrderRequest,
    OrderStatus,
    OrderType,
    Platform,
    Position,
    addresses,
)
from mockex.gateway.platforms import installed_platforms

START = datetime(2024, 3, 1, 9, 30, 15, 250_000, tzinfo=UTC)
PATIENCE_SECONDS = 60.0
"""For what must happen; a failing test waits this long, a passing one never."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A pair of a platform, and how the venue behind it calls things. `price`: some price there, in quote currency."""

    platform: str
    pair: str
    symbol: str
    price: int
    socket: str
    orders: str
    """The channel with news of orders, or all of them."""
    entry: str
    """The route that places an order."""

    @property
    def base(self) -> str:
        return self.pair.partition("/")[0]

    @property
    def quote(self) -> str:
        return self.pair.partition("/")[2]

    def __str__(self) -> str:
        return self.platform


HUOBI = Place(
    platform="huobi",
    pair="BTC/USDT",
    symbol="btcusdt",
    price=50_000,
    socket="account",
    orders="orders#*",
    entry="POST /v1/order/orders/place",
)
OKEX = Place(
    platform="okex",
    pair="BTC/JPY",
    symbol="BTC-JPY",
    price=7_000_000,
    socket="main",
    orders="spot/order:*",
    entry="POST /api/spot/v3/orders",
)
COINSTORE = replace(
    HUOBI,
    platform="coinstore",
    symbol="BTCUSDT",
    socket="stream",
    orders="*@order",
    entry="POST /api/trade/order/place",
)
KTX = replace(HUOBI, platform="ktx", symbol="BTC_USDT", socket="user", orders="order", entry="POST /api/v1/order")
KTX_FUTURE = replace(KTX, platform="ktx_future", symbol="BTC_USDT_SWAP", price=100_000)
SPOT = (HUOBI, OKEX, COINSTORE, KTX)


class Told:
    """A `Listener` that keeps everything."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self._news = asyncio.Event()

    def _tell(self, kind: str, value: Any = None) -> None:
        self.events.append((kind, value))
        self._news.set()

    def connected(self, url: str) -> None:
        self._tell("connected", url)

    def connect_failed(self, url: str, error: str) -> None:
        self._tell("connect_failed", error)

    def lost(self, url: str) -> None:
        self._tell("lost", url)

    def reconnecting(self, url: str) -> None:
        self._tell("reconnecting", url)

    def ready(self) -> None:
        self._tell("ready")

    def refused(self, text: str) -> None:
        self._tell("refused", text)

    def failed(self, text: str) -> None:
        self._tell("failed", text)

    def order(self, order: Order) -> None:
        self._tell("order", order)

    def fill(self, fill: Fill) -> None:
        self._tell("fill", fill)

    def position(self, position: Position) -> None:
        self._tell("position", position)

    def assets(self, assets: Mapping[str, Asset]) -> None:
        self._tell("assets", assets)

    def all(self, kind: str) -> list[Any]:
        return [value for told, value in self.events if told == kind]

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.events]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something told makes it true."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def last(self, order_no: str) -> Order | None:
        """An order as it was last told."""
        return next((order for order in reversed(self.all("order")) if order.order_no == order_no), None)

    async def ended(self, order_no: str) -> Order:
        """Wait until an order is told to be over."""

        def over() -> bool:
            order = self.last(order_no)
            return order is not None and not order.open

        await self.until(over)
        order = self.last(order_no)
        assert order is not None
        return order

    def traded(self, order_no: str) -> Decimal:
        """What the fills of an order add up to, in the unit of its quantity."""
        order = self.last(order_no)
        assert order is not None
        in_quote = order.position is None and order.order_type is OrderType.MARKET and order.action is Action.BUY
        fills = [fill for fill in self.all("fill") if fill.order_no == order_no]
        return sum((fill.quantity * (fill.price if in_quote else 1) for fill in fills), Decimal(0))

    def check(self) -> None:
        """Of every order: nothing was told twice, nothing goes back, nothing follows the end, and its fills are complete."""
        progress: dict[str, tuple[bool, Decimal, OrderStatus]] = {}
        fills: set[tuple[str, str]] = set()
        for kind, value in self.events:
            if kind == "fill":
                assert value.order_no in progress, f"a fill before its order: {value}"
                assert (value.order_no, value.fill_no) not in fills, f"told twice: {value}"
                fills.add((value.order_no, value.fill_no))
            if kind == "order":
                before = progress.get(value.order_no)
                now = (not value.open, value.quantity - value.remain, value.status)
                assert before is None or (before[1] <= now[1] and before[0] <= now[0]), f"goes back: {value}"
                assert before is None or not before[0], f"after the end: {value}"
                progress[value.order_no] = now
        for order_no, (_, executed, _) in progress.items():
            assert self.traded(order_no) == executed, f"fills of {order_no} are missing"

    async def count(self, kind: str, number: int = 1) -> list[Any]:
        """Wait until so many of a kind have been told; all of them."""
        try:
            await self.until(lambda: len(self.all(kind)) >= number)
        except TimeoutError:
            raise AssertionError(f"{len(self.all(kind))} of {number} {kind} were told: {self.events}") from None
        return self.all(kind)


@dataclass
class FreeLine:
    """A `Line` that a test may block."""

    error: str | None = None
    blunt: bool = False

    def obstacle(self) -> str | None:
        return self.error


class GatewayTime:
    """The gateway's `Time` in the hands of a test."""

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self.hand = HandDrivenTime()
        self.now_ns = now_ns
        self.stopwatch: Stopwatch = self.hand.stopwatch()


@dataclass
class Rig:
    """A running world, one platform, and alice's links to it."""

    world: mockex.RunningWorld
    place: Place
    platform: Platform
    time: GatewayTime
    _stack: AsyncExitStack = field(repr=False)

    @property
    def venue(self) -> VenueHandle:
        return self.world[self.platform.venue]

    @property
    def urls(self) -> dict[str, str]:
        """As the simulator tells them."""
        return addresses(self.platform, self.venue.rest_url, {})

    def account(self, name: str = "alice") -> Account:
        key = self.venue.keys[name]
        return Account(access_key=key.api_key, secret_key=key.secret, passphrase=key.passphrase)

    async def link(
        self,
        *,
        account: Account | None = None,
        pairs: Sequence[str] | None = None,
        urls: Mapping[str, str] | None = None,
        line: FreeLine | None = None,
        margin_mode: MarginMode = MarginMode.CROSSED,
    ) -> tuple[Link, Told]:
        """A link that has just been opened."""
        told = Told()
        link = self.platform.open(
            urls or self.urls,
            replace(account or self.account(), margin_mode=margin_mode),
            [self.place.pair] if pairs is None else pairs,
            listener=told,
            time=self.time,
            line=line or FreeLine(),
        )
        self._stack.push_async_callback(link.close)
        return link, told

    async def ready(self, **options: Any) -> tuple[Link, Told]:
        """A link that is ready, and nothing told after that."""
        link, told = await self.link(**options)
        await told.count("ready")
        assert told.kinds[-1] == "ready"
        return link, told

    async def advance(self, seconds: float) -> None:
        """Time passes, at the venue first. What it does there is on its way when the link's waits end."""
        self.world.clock.advance(timedelta(seconds=seconds))
        await turns()
        await self.time.hand.elapse(round(seconds * 1_000), turns)

    async def deliver(self) -> None:
        """What venues gather for a while before they push it."""
        await self.advance(1)

    def elsewhere(self) -> tuple[str, str]:
        """Symbol and pair of another instrument with the same quote currency."""
        row = next(
            row
            for row in self.venue.instruments()
            if row["symbol"] != self.place.symbol and row["quote"] == self.place.quote and "SWAP" not in row["symbol"]
        )
        return row["symbol"], f"{row['base']}/{row['quote']}"

    def bob(self, side: str, price: object = None, qty: object = "1", **more: Any) -> dict[str, Any]:
        """An order of somebody else."""
        return self.venue.place(account="bob", symbol=self.place.symbol, side=side, price=price, qty=qty, **more)  # type: ignore[return-value,arg-type]

    def alice(self, side: str, price: object, qty: object) -> str:
        """The number of an order that alice places without the gateway."""
        placed = self.venue.place(account="alice", symbol=self.place.symbol, side=side, price=price, qty=qty)  # type: ignore[arg-type]
        return str(placed["order_id"])

    def buy(self, price: object, quantity: object, order_type: str = "LIMIT") -> OrderRequest:
        return request(self.place.pair, "BUY", price, quantity, order_type)

    def sell(self, price: object, quantity: object, order_type: str = "LIMIT") -> OrderRequest:
        return request(self.place.pair, "SELL", price, quantity, order_type)


def request(pair: str, action: str, price: object, quantity: object, order_type: str = "LIMIT", **more: Any) -> OrderRequest:
    return OrderRequest(
        pair=pair,
        action=Action(action),
        order_type=OrderType(order_type),
        price=None if price is None else Decimal(str(price)),
        quantity=Decimal(str(quantity)),
        **more,
    )


@asynccontextmanager
async def rig(place: Place, **world: Any) -> AsyncIterator[Rig]:
    """Runs a world and checks at the end that nothing in it is broken."""
    platform = installed_platforms()[place.platform]
    rich = {place.base: "100", place.quote: "100000000"}
    options = {"balances": {"alice": {place.base: "10", place.quote: "10000000"}, "bob": rich}, "start": START, **world}
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(mockex.World(venues=[platform.venue], **options))
        made = Rig(running, place, platform, GatewayTime(running.clock.now_ns), stack)
        yield made
        running.check()
