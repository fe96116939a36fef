"""The reference client as a driver of the conformance suite: a host calls the methods of `Driver` by the protocol's names.

Owns a session: its client and login, the time that it lives in, and its end. Must not know lines, processes or JSON; values
stand in `driver_words`, pushes in `driver_streams`.
One login serves everything: operations make it when there is none, and so does `stream_open`. What the protocol has and the
gateway has not (market data, ids of the client's own, orders that are over, fills but as pushes, funding, HTTP) is not offered.
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
from .session import Session
from .states import Phase

#: How the names of platforms end that trade contracts (gw§9).
_CONTRACTS = "_future"

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
        self._login: Login | None = None
        self._line: Line[GatewayClient] | None = None
        self._session: Session | None = None
        self._streams = False

    # --- its life

    async def start(self, settings: Mapping[str, Any]) -> None:
        """The profile is the name of the platform. ValueError without an address. The login is made when it is needed."""
        if not settings["ws"]:
            raise ValueError("no address of a stream was given")
        self._clock = OffsetClock(settings["clock_offset_ms"])
        self.time = HandDrivenTime()
        self.timeout = timedelta(milliseconds=settings["timeout_ms"])
        self.url = next(iter(settings["ws"].values()))
        self.contracts = settings["profile"].endswith(_CONTRACTS)
        kinds = ("perpetual",) if self.contracts else (None, "spot")
        traded = [each for each in settings["instruments"] if each.get("kind") in kinds]
        self.symbols = w.Symbols(to_gateway={each["symbol"]: f"{each['base']}/{each['quote']}" for each in traded})
        keys = settings["credentials"]
        if keys is not None:
            self._login = Login(
                platform=settings["profile"],
                symbols=tuple(self.symbols.to_gateway.values()),
                access_key=keys["api_key"] or "",
                secret_key=keys["secret"] or "",
                passphrase=keys.get("passphrase"),
            )

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
        """There is one connection, and nothing to see without a login."""
        if self._streams:
            raise ValueError("the stream is open already: close it first")
        self.forget_events()
        await self._ready()
        self._streams = True
        return {}

    async def stream_close(self) -> Fields:
        """The login and its connection. An operation that follows makes others."""
        line, self._line, self._session, self._streams = self._line, None, None, False
        if line is not None:
            await line.stream.close()
        return {}

    def stream_state(self) -> Fields:
        """Connected and logged in, whether or not the gateway is in touch with its venue."""
        return {"connected": self._streams and self._session is not None and self._session.token is not None}

    def must_be_open(self) -> None:
        """ValueError without a stream."""
        if not self._streams:
            raise ValueError("open the stream first")

    async def _ready(self) -> Session:
        """The login, made if there is none. What stands in its way is raised, and it is given up."""
        if self._session is not None:
            return self._session
        if self._login is None:
            raise ValueError("everything here needs a login, and so a key")
        timing = GatewayTiming(
            connect_within=self.timeout, answer_within=self.timeout, close_within=_FAREWELL, logout_within=_FAREWELL
        )
        client = GatewayClient(self.url, timing=timing, stopwatch=self.time.stopwatch(), now=self._clock.now_ns)
        line = self._line = Line(client, lost=ConnectionLostError)
        trouble: asyncio.Future[LoginTroubledError] = asyncio.get_running_loop().create_future()

        def watch(event: GatewayEvent) -> None:
            if isinstance(event, StateReported) and event.phase is Phase.TROUBLED and not trouble.done():
                trouble.set_result(LoginTroubledError(event.message, code=event.code))

        for listener in (self.keep, line.notice, watch):
            client.listen(listener)
        try:
            async with asyncio.timeout(self.timeout.total_seconds()):
                await client.start()
                session = await client.login(self._login)
                await _first(session, trouble)
        except BaseException:
            await self.stream_close()
            raise
        finally:
            trouble.cancel()
        self._session = session
        return session

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
        order = w.new_order(self.symbols.wire(symbol), side, type, contracts=self.contracts, **terms)
        return {"order_id": await (await self._ready()).trading.place_order(order)}

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        if order_id is None or client_id is not None:
            raise ValueError("an order is named by its order id here")
        (outcome,) = await (await self._ready()).trading.cancel_orders(self.symbols.wire(symbol), [order_id])
        if outcome.error is not None:
            raise outcome.error
        return {"order_id": outcome.order_no}

    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        """Of one symbol: the request names it once (gw§6)."""
        symbols = {order["symbol"] for order in orders}
        numbers = [order["order_id"] for order in orders if order.get("order_id") is not None]
        if len(symbols) != 1 or len(numbers) != len(orders):
            raise ValueError("one request is about orders of one symbol, named by their order ids")
        told = await (await self._ready()).trading.cancel_orders(self.symbols.wire(symbols.pop()), numbers)
        return {"outcomes": [_outcome_fields(each) for each in told]}

    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        if side is not None:
            raise ValueError("the gateway cancels both sides of a symbol together")
        told = await (await self._ready()).trading.cancel_all(self.symbols.wire(symbol))
        return {"count": sum(each.error is None for each in told)}

    # --- looking

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        """Every one of them, of that symbol or of all that the login names: there are no pages."""
        session = await self._ready()
        wanted = session.login.symbols if symbol is None else (self.symbols.wire(symbol),)
        found = [order for each in wanted for order in await session.trading.open_orders(each)]
        return {"orders": [w.order_fields(order, self.symbols, contracts=self.contracts) for order in found]}

    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        """Those that are held."""
        if position_id is not None:
            raise ValueError("positions have no ids here")
        session = await self._ready()
        wanted = session.login.symbols if symbol is None else (self.symbols.wire(symbol),)
        found = [await session.trading.position(each) for each in wanted]
        return {"positions": [row for each in found for row in w.position_fields(each, self.symbols, flat=False)]}

    async def balances(self) -> Fields:
        return {"balances": w.balance_fields((await (await self._ready()).trading.assets()).values())}


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


def _outcome_fields(outcome: CancelOutcome) -> Fields:
    return {"order_id": outcome.order_no} if outcome.error is None else {"error": error_fields(outcome.error)}
