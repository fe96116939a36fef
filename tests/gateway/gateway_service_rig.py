"""The gateway over platforms that do as a test says: no sockets, no venue, and time that only `GatewayRig.pass_time` moves."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from mockex.clients.shared.clock import Stopwatch
from mockex.clients.shared.driver_time import turns

from mockex.gateway.platform import (
    Account,
    Action,
    Asset,
    Cancelled,
    Endpoint,
    Fill,
    Line,
    Liquidity,
    Listener,
    Order,
    OrderRequest,
    OrderStatus,
    OrderType,
    Position,
    Scheme,
    SymbolInfo,
    Time,
)
from mockex.gateway.service import Client, Gateway, GatewaySettings

T = TypeVar("T")

START_MS = 1_530_604_762_311  # the instant of the document's examples, and of the token's example (gw§5)
PAIR, OTHER_PAIR = "BTC/USDT", "ETH/USDT"
URL = "ws://venue/account"


class HandTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class HandTime:
    """A `GatewayTime` that stands still."""

    def __init__(self) -> None:
        self._now_ns = START_MS * 1_000_000
        self._timers: list[tuple[int, int, HandTimer]] = []
        self._ages = itertools.count()
        self.stopwatch = Stopwatch(monotonic_ns=self.now_ns)

    def now_ns(self) -> int:
        return self._now_ns

    def call_after(self, span: timedelta, callback: Callable[[], None]) -> HandTimer:
        timer = HandTimer(callback)
        heapq.heappush(self._timers, (self._now_ns + round(span.total_seconds() * 1e9), next(self._ages), timer))
        return timer

    def advance(self, seconds: float) -> None:
        target_ns = self._now_ns + round(seconds * 1e9)
        while self._timers and self._timers[0][0] <= target_ns:
            due_ns, _, timer = heapq.heappop(self._timers)
            self._now_ns = max(self._now_ns, due_ns)
            if timer.callback is not None:
                timer.callback()
        self._now_ns = target_ns


class FakeLink:
    """Remembers what it is asked. An answer is a value, an exception, or a future that the test settles."""

    def __init__(self, platform: FakePlatform, account: Account, pairs: Sequence[str], listener: Listener, line: Line) -> None:
        self.platform = platform
        self.account = account
        self.pairs = tuple(pairs)
        self.listener = listener
        self.line = line
        self.asked: list[tuple[Any, ...]] = []
        self.answers: dict[str, Any] = {}
        self.dropped = 0
        self.closed = False

    def become_ready(self) -> None:
        self.listener.connected(URL)
        self.listener.assets({})
        self.listener.ready()

    async def place(self, request: OrderRequest) -> str:
        return await self._answer("1001", "place", request)

    async def cancel(self, pair: str, order_nos: Sequence[str]) -> Sequence[Cancelled]:
        return await self._answer([Cancelled(order_no=number) for number in order_nos], "cancel", pair, tuple(order_nos))

    async def cancel_all(self, pair: str) -> Sequence[Cancelled]:
        nothing: Sequence[Cancelled] = ()
        return await self._answer(nothing, "cancel_all", pair)

    async def open_orders(self, pair: str) -> Sequence[Order]:
        nothing: Sequence[Order] = ()
        return await self._answer(nothing, "open_orders", pair)

    async def assets(self) -> Mapping[str, Asset]:
        nothing: Mapping[str, Asset] = {}
        return await self._answer(nothing, "assets")

    async def position(self, pair: str) -> Position:
        return await self._answer(Position(pair=pair, updated_ms=START_MS), "position", pair)

    async def symbol_info(self, pair: str) -> SymbolInfo:
        return await self._answer(INFO, "symbol_info", pair)

    async def _answer(self, otherwise: T, op: str, *asked: object) -> T:
        self.asked.append((op, *asked))
        answer = self.answers.get(op, otherwise)
        if isinstance(answer, asyncio.Future):
            answer = await answer
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]  # what the test has put there

    def drop(self) -> None:
        self.dropped += 1

    async def close(self) -> None:
        self.closed = True


class FakePlatform:
    venue = "toyx"
    endpoints: Mapping[str, Endpoint] = {"account": Endpoint(scheme=Scheme.SOCKET, path="/account")}

    def __init__(self, name: str, *, contracts: bool = False) -> None:
        self.name = name
        self.contracts = contracts
        self.links: list[FakeLink] = []
        self.broken = False

    def open(
        self, urls: Mapping[str, str], account: Account, pairs: Sequence[str], *, listener: Listener, time: Time, line: Line
    ) -> FakeLink:
        if self.broken:
            raise RuntimeError("a mistake of the platform")
        link = FakeLink(self, account, pairs, listener, line)
        self.links.append(link)
        return link


class FakeBacking:
    def __init__(self) -> None:
        self.known = {
            name: FakePlatform(name, contracts=name.endswith("_future"))
            for name in ("huobi", "okex", "huobi_future", "ktx_future")
        }

    def platforms(self) -> Mapping[str, FakePlatform]:
        return self.known

    def urls(self, platform: Any) -> Mapping[str, str]:
        return {"account": URL}

    def passphrase(self, platform: Any, access_key: str) -> str | None:
        return "phrase of the account" if platform.name == "okex" else None


class Ear:
    """One client of the gateway, and all that it was told."""

    def __init__(self, gateway: Gateway) -> None:
        self.heard: list[tuple[str | None, bytes]] = []
        self.close_code: int | None = None
        self.client: Client = gateway.connect(self)

    def send(self, frame: bytes, *, channel: str | None) -> None:
        assert self.close_code is None, "nothing is sent after the end"
        self.heard.append((channel, frame))

    def close(self, code: int) -> None:
        self.close_code = code

    async def say(self, message: Any) -> list[Any]:
        """What is told from then on until nothing moves any more."""
        before = len(self.heard)
        self.client.receive(message if isinstance(message, (str, bytes)) else json.dumps(message))
        await turns()
        return self.frames(before)

    def frames(self, after: int = 0) -> list[Any]:
        return [json.loads(frame) for _, frame in self.heard[after:]]

    def drain(self) -> list[Any]:
        frames = self.frames()
        self.heard.clear()
        return frames

    async def log_in(self, platform: str = "huobi", *, key: str = "ak1", symbols: Sequence[str] = (PAIR,), **more: Any) -> str:
        """The token. Forgets what was told."""
        frames = await self.say(
            {"op": "login", "platform": platform, "symbols": list(symbols), "access_key": key, "secret_key": "sk1", **more}
        )
        token: str = next(frame for frame in frames if frame["op"] == "login")["token"]
        assert token
        self.heard.clear()
        return token

    async def ask(self, op: str, token: str, **fields: Any) -> Any:
        """The one reply."""
        fields = {"symbol": PAIR, **fields} if op not in ("asset", "logout") else fields
        frames = await self.say({"op": op, "cid": "c", "token": token, **fields})
        self.heard.clear()
        (reply,) = [frame for frame in frames if frame["op"] == op]
        return reply


class GatewayRig:
    def __init__(self, *, legacy: bool = False) -> None:
        self.time = HandTime()
        self.backing = FakeBacking()
        self.gateway = Gateway(backing=self.backing, time=self.time, settings=GatewaySettings(legacy_quirks=legacy))

    def connect(self) -> Ear:
        return Ear(self.gateway)

    def link(self, platform: str = "huobi") -> FakeLink:
        """The newest."""
        return self.backing.known[platform].links[-1]

    async def ready(self, ear: Ear, platform: str = "huobi", **login: Any) -> tuple[str, FakeLink]:
        """A login that may do everything. What led there is forgotten."""
        token = await ear.log_in(platform, **login)
        self.link(platform).become_ready()
        ear.heard.clear()
        return token, self.link(platform)

    async def pass_time(self, seconds: float) -> None:
        self.time.advance(seconds)
        await turns()


def order(order_no: str = "1001", *, pair: str = PAIR, status: OrderStatus = OrderStatus.SUBMITTED, **more: Any) -> Order:
    values: dict[str, Any] = {
        "action": Action.BUY,
        "order_type": OrderType.LIMIT,
        "price": Decimal(20_000),
        "quantity": Decimal("0.5"),
        "remain": Decimal("0.5"),
        "created_ms": START_MS,
        "updated_ms": START_MS,
        **more,
    }
    return Order(pair=pair, order_no=order_no, status=status, **values)


def fill(order_no: str = "1001", *, pair: str = PAIR, fill_no: str = "7") -> Fill:
    return Fill(
        pair=pair,
        order_no=order_no,
        fill_no=fill_no,
        price=Decimal(20_000),
        quantity=Decimal("0.5"),
        side=Action.BUY,
        liquidity=Liquidity.TAKER,
        created_ms=START_MS,
    )


def asset(free: str, locked: str = "0") -> Asset:
    return Asset(free=Decimal(free), locked=Decimal(locked), total=Decimal(free) + Decimal(locked))


def told(frames: Sequence[Any]) -> list[str]:
    """Frames in short: the op of a reply, the topic of a push, the code of a state."""
    return [str(frame["code"]) if frame["op"] == "state" else frame.get("topic", frame["op"]) for frame in frames]


INFO = SymbolInfo(
    price_tick=Decimal("0.01"),
    size_tick=Decimal("0.0001"),
    size_limit=Decimal("0.001"),
    value_tick=None,
    value_limit=Decimal(5),
    base_currency="BTC",
    quote_currency="USDT",
    settlement_currency="USDT",
)

PLACE = {"action": "BUY", "price": 20_000, "quantity": 0.5, "order_type": "LIMIT"}
