"""Reference clients' drivers, asked in the protocol's words and checked against its schema, in the process of the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from mockex.clients.okcoinjp.driver import Driver
from mockex.conformance import protocol, speak

import mockex

VENUE = "okcoinjp"
BTC, ETH = "BTC-JPY", "ETH-JPY"
VERIFIED = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"  # in everybody's address book
FUNDS_PASSWORD = "123456"
BALANCES: Mapping[str, Any] = {
    "alice": {"spot": {"BTC": "10", "ETH": "100"}, "funding": {"BTC": "5", "JPY": "500000"}},
    "bob": {"spot": {"BTC": "10", "JPY": "100000000"}},
}
SETTINGS: Mapping[str, Any] = {
    "protocol": 1,
    "venue": VENUE,
    "profile": "documented",
    "instruments": [],
    "clock_offset_ms": 0,
    "timeout_ms": 30_000,
}
NO_ORDERS: list[dict[str, Any]] = [
    {"type": "limit", "price": "1"},
    {"type": "limit", "qty": "1"},
    {"type": "limit", "price": "1", "qty": "1", "notional": "1"},
    {"type": "limit", "price": "1", "qty": "1", "post_only": True, "time_in_force": "ioc"},
    {"type": "limit", "price": "-", "qty": "1"},
    {"type": "market", "qty": "1"},
    {"type": "market", "notional": "1", "qty": "1"},
    {"type": "market", "notional": "1", "price": "1"},
    {"type": "market", "notional": "1", "post_only": True},
    {"type": "market", "notional": "1", "time_in_force": "fok"},
    {"type": "market", "side": "sell", "notional": "1"},
]
"""Terms that make no order where market purchases go by their cost."""


class Asked:
    """A driver behind its host. Requests and replies go through their lines, so both are what a runner would see."""

    def __init__(
        self, world: mockex.RunningWorld, *, venue: str = VENUE, driver: type[Any] = Driver, symbol: str = BTC
    ) -> None:
        self.world = world
        self.venue = world[venue]
        self.operations: set[str] = set()
        self.venue_name = venue
        self._symbol = symbol
        self._host = speak.Host(driver, protocol.operations())
        self._number = 0

    async def reply(self, operation: str, **params: Any) -> dict[str, Any]:
        """The whole reply, without its number."""
        self._number += 1
        self.operations.add(operation)
        request = speak.read_request(protocol.encode_request(self._number, operation, params))
        line = speak.write_reply(request.number, await self._host.answer(request))
        reply: dict[str, Any] = protocol.decode_reply(line, self._number, operation)
        del reply["id"]
        return reply

    async def __call__(self, operation: str, **params: Any) -> Any:
        """The result."""
        reply = await self.reply(operation, **params)
        assert "result" in reply, reply
        return reply["result"]

    async def refused(self, operation: str, **params: Any) -> Any:
        """The error."""
        reply = await self.reply(operation, **params)
        assert "error" in reply, reply
        return reply["error"]

    async def expect_no_order(self, **terms: Any) -> None:
        """The client refuses these terms by itself: nothing comes to the venue."""
        error = await self.refused("place_order", **{"symbol": self._symbol, "side": "buy", **terms})
        assert error["kind"] == "refused_by_client"
        assert self.venue.orders("alice", status="all") == []

    async def start(self, account: str | None = "alice", **changes: Any) -> Any:
        """Begins a session with a key of that account."""
        own = {
            "venue": self.venue_name,
            "rest": self.venue.rest_url,
            "ws": dict(self.venue.ws_urls),
            "credentials": None if account is None else {"name": account, **self.venue.keys[account]},
        }
        return await self("start", **{**SETTINGS, **own, **changes})

    async def end(self) -> None:
        """Ends the session, if there is one."""
        await self._host.end()

    async def sell(self, price: str, qty: str, **more: Any) -> Any:
        """A limit order; its receipt."""
        return await self("place_order", symbol=self._symbol, side="sell", type="limit", price=price, qty=qty, **more)

    def bob(self, side: str, price: str, qty: str) -> None:
        """Somebody else's limit order."""
        self.venue.place(account="bob", symbol=self._symbol, side=side, price=price, qty=qty)


@asynccontextmanager
async def in_a_session(asked: Asked) -> AsyncIterator[Asked]:
    """The driver with alice's key; the session is over afterwards."""
    await asked.start()
    yield asked
    await asked.end()
