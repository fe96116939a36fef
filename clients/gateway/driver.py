"""The reference client as a driver of the conformance suite: a host calls the methods of `Driver` by the protocol's names.

Owns a session: its client and login, the time that it lives in, and its end. Must not know lines, processes or JSON; values
stand in `driver_words`, pushes in `driver_streams`.
One login for each platform serves everything: operations make it when there is none, and `stream_open` makes all. What the
protocol has and the gateway has not (market data, ids of the client's own, orders that are over, fills but as pushes, funding,
HTTP) is not offered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from mockex.clients.shared.driver_lines import Line
from mockex.clients.shared.driver_time import HandDrivenTime, OffsetClock, turns
from mockex.clients.shared.driver_values import Fields, package_version

from . import driver_words as w
from .client import GatewayClient
from .connection import GatewayTiming
from .driver_errors import error_fields
from .driver_streams import StreamOperations
from .errors import ConnectionLostError, LoginTroubledError
from .events import GatewayEvent, StateReported
from .frames import Login
from .models import CancelOutcome
from .operations import Operations
from .session import Session
from .states import Phase

#: How long a gateway that may have fallen silent is waited for at the end. Real time: nothing else goes on meanwhile.
_FAREWELL = timedelta(milliseconds=500)


class Driver(StreamOperations):
    """One session with a fresh client."""

    client: ClassVar[Mapping[str, str]] = {
        "name": "gateway reference client",
        "version": package_version(),
        "language": "Python",
    }

    features = (
        "place_order.market",
        "place_order.ioc",
        "place_order.position",
        "subscribe.orders",
        "subscribe.balances",
        "subscribe.positions",
        "reconnect",
    )

    def __init__(self) -> None:
        super().__init__()
        self._clock = OffsetClock(0)
        self._keys: Mapping[str, str | None] | None = None
        self._platform_keys: Mapping[str, Mapping[str, str | None]] = {}
        self._line: Line[GatewayClient] | None = None
        self._sessions: dict[str, Session] = {}  # by platform
        self._streams = False

    # --- its life

    async def start(self, settings: Mapping[str, Any]) -> None:
        """ValueError without an address, or for instruments of no platform. Logins are made when they are needed."""
        if not settings["ws"]:
            raise ValueError("no address of a stream was given")
        self._clock = OffsetClock(settings["clock_offset_ms"])
        self.time = HandDrivenTime()
        self.timeout = timedelta(milliseconds=settings["timeout_ms"])
        self.url = next(iter(settings["ws"].values()))
        self.platforms = w.by_platform(settings["instruments"])
        self._keys = settings["credentials"]
        self._platform_keys = settings.get("platform_credentials", {})

    async def stop(self) -> None:
        """Harmless after a start that failed."""
        await self.stream_close()

    async def settle(self) -> Fields:
        await self._work_off()
        return {}

    async def elapse(self, ms: int) -> Fields:
        if ms < 0:
            raise ValueError("time does not run backwards")
        await self.time.elapse(ms, self._work_off)
        return {}

    def clock(self, offset_ms: int) -> Fields:
        self._clock.offset_ms = offset_ms
        return {}

    def describe(self, error: Exception) -> Fields:
        return error_fields(error)

    # --- the login

    async def stream_open(self, private: bool) -> Fields:
        """There is one connection, and nothing to see without logins."""
        if self._streams:
            raise ValueError("the stream is open already: close it first")
        self.forget_events()
        for platform in self.platforms:
            await self._ready(platform)
        self._streams = True
        return {}

    async def stream_close(self) -> Fields:
        """The logins and their connection. An operation that follows makes others."""
        line, self._line, self._streams = self._line, None, False
        self._sessions = {}
        if line is not None:
            await line.stream.close()
        return {}

    def stream_state(self) -> Fields:
        """Connected and logged in everywhere, whether or not the gateway is in touch with its venues."""
        return {"connected": self._streams and all(each.token is not None for each in self._sessions.values())}

    def must_be_open(self) -> None:
        """ValueError without a stream."""
        if not self._streams:
            raise ValueError("open the stream first")

    async def _ready(self, platform: str) -> Session:
        """The login there, made if there is none. What stands in its way is raised, and all are given up."""
        if platform in self._sessions:
            return self._sessions[platform]
        login = self._login(platform)
        trouble: asyncio.Future[LoginTroubledError] = asyncio.get_running_loop().create_future()

        def watch(event: GatewayEvent) -> None:
            if not isinstance(event, StateReported) or event.session.login is not login or trouble.done():
                return
            if event.phase is Phase.TROUBLED:
                trouble.set_result(LoginTroubledError(event.message, code=event.code))

        deaf = None
        try:
            async with asyncio.timeout(self.timeout.total_seconds()):
                client = await self._connected()
                deaf = client.listen(watch)
                session = await client.login(login)
                await _first(session, trouble)
        except BaseException:
            await self.stream_close()
            raise
        finally:
            trouble.cancel()
            if deaf is not None:
                deaf()
        self._sessions[platform] = session
        return session

    def _login(self, platform: str) -> Login:
        """ValueError without a key."""
        keys = self._platform_keys.get(platform, self._keys)
        if keys is None:
            raise ValueError("everything here needs a login, and so a key")
        return Login(
            platform=platform,
            symbols=tuple(self.platforms[platform].to_gateway.values()),
            access_key=keys["api_key"] or "",
            secret_key=keys["secret"] or "",
            passphrase=keys.get("passphrase"),
        )

    async def _connected(self) -> GatewayClient:
        """The client, started if there is none."""
        if self._line is None:
            timing = GatewayTiming(
                connect_within=self.timeout, answer_within=self.timeout, close_within=_FAREWELL, logout_within=_FAREWELL
            )
            client = GatewayClient(self.url, timing=timing, stopwatch=self.time.stopwatch(), now=self._clock.now_ns)
            self._line = Line(client, lost=ConnectionLostError)
            for listener in (self.keep, self._line.notice):
                client.listen(listener)
            await client.start()
        return self._line.stream

    async def _trading(self, symbol: str) -> tuple[Operations, w.Symbols]:
        """Where that symbol is traded: one that nobody has named, where the first is."""
        if not self.platforms:
            raise ValueError("no instruments were named, and so no platform")
        of = (name for name, symbols in self.platforms.items() if symbol in symbols.to_gateway)
        platform = next(of, next(iter(self.platforms)))
        return (await self._ready(platform)).trading, self.platforms[platform]

    async def _every(self) -> list[tuple[Operations, w.Symbols]]:
        """Every login, with the symbols of each."""
        return [((await self._ready(name)).trading, symbols) for name, symbols in self.platforms.items()]

    async def _work_off(self) -> None:
        """Of the connection, if there is one."""
        await turns()
        if self._line is not None:
            await self._line.work_off()
            await turns()

    # --- orders

    async def place_order(self, symbol: str, side: str, type: str, **terms: Any) -> Fields:
        if terms.pop("client_id", None) is not None or terms.pop("post_only", False):
            raise ValueError("an order has no id of the client's own and no condition of only making here")
        trading, symbols = await self._trading(symbol)
        order = w.new_order(symbols.wire(symbol), side, type, contracts=symbols.contracts, **terms)
        return {"order_id": await trading.place_order(order)}

    async def place_together(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        """Once there is a login for each, so that nothing but the orders is waited for."""
        for order in orders:
            await self._trading(order["symbol"])
        told = await asyncio.gather(*(self.place_order(**order) for order in orders), return_exceptions=True)
        return {"outcomes": [_placed_fields(each) for each in told]}

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        if order_id is None or client_id is not None:
            raise ValueError("an order is named by its order id here")
        trading, symbols = await self._trading(symbol)
        (outcome,) = await trading.cancel_orders(symbols.wire(symbol), [order_id])
        if outcome.error is not None:
            raise outcome.error
        return {"order_id": outcome.order_no}

    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        """Of one symbol: the request names it once (gw§6)."""
        named = {order["symbol"] for order in orders}
        numbers = [order["order_id"] for order in orders if order.get("order_id") is not None]
        if len(named) != 1 or len(numbers) != len(orders):
            raise ValueError("one request is about orders of one symbol, named by their order ids")
        symbol = named.pop()
        trading, symbols = await self._trading(symbol)
        told = await trading.cancel_orders(symbols.wire(symbol), numbers)
        return {"outcomes": [_outcome_fields(each) for each in told]}

    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        if side is not None:
            raise ValueError("the gateway cancels both sides of a symbol together")
        trading, symbols = await self._trading(symbol)
        told = await trading.cancel_all(symbols.wire(symbol))
        return {"count": sum(each.error is None for each in told)}

    # --- looking

    async def instruments(self) -> Fields:
        return {
            "instruments": [
                w.instrument_fields(await trading.symbol_info(wire), name, symbols)
                for trading, symbols in await self._every()
                for name, wire in symbols.to_gateway.items()
            ]
        }

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        """Every one of them, of that symbol or of all that the logins name: there are no pages."""
        return {
            "orders": [
                w.order_fields(order, symbols)
                for trading, symbols, wire in await self._wanted_of(symbol)
                for order in await trading.open_orders(wire)
            ]
        }

    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        """Those that are held."""
        if position_id is not None:
            raise ValueError("positions have no ids here")
        return {
            "positions": [
                row
                for trading, symbols, wire in await self._wanted_of(symbol)
                for row in w.position_fields(await trading.position(wire), symbols, flat=False)
            ]
        }

    async def balances(self) -> Fields:
        """Of one platform after the other."""
        told = [await trading.assets() for trading, _ in await self._every()]
        return {"balances": [row for assets in told for row in w.balance_fields(assets.values())]}

    async def _wanted_of(self, symbol: str | None) -> list[tuple[Operations, w.Symbols, str]]:
        """Where to ask for a symbol, or for all, and by which name."""
        if symbol is not None:
            trading, symbols = await self._trading(symbol)
            return [(trading, symbols, symbols.wire(symbol))]
        return [(trading, symbols, wire) for trading, symbols in await self._every() for wire in symbols.to_gateway.values()]


async def _first(session: Session, trouble: asyncio.Future[LoginTroubledError]) -> None:
    """Until the login is ready. Its error, or what trouble it has."""
    ready = asyncio.ensure_future(session.ready())
    try:
        either: set[asyncio.Future[Any]] = {ready, trouble}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            raise trouble.result()
        ready.result()
    finally:
        ready.cancel()


def _placed_fields(outcome: Fields | BaseException) -> Fields:
    if isinstance(outcome, Exception):
        return {"error": error_fields(outcome)}
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _outcome_fields(outcome: CancelOutcome) -> Fields:
    return {"order_id": outcome.order_no} if outcome.error is None else {"error": error_fields(outcome.error)}
