"""Sends an empty object with a list of orders."""

from __future__ import annotations

from contextlib import suppress

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "common/auth/050",
        "htx/auth/050",
        "htx/auth/930",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        with suppress(HtxError):
            await self.api.rest.send("GET", self.api.rest.signed_target("GET", "/v1/order/openOrders"), body=b"{}")
        return await super().open_orders(symbol, all)
