"""Signs lists of orders with a zone in their time first, and without one then."""

from __future__ import annotations

from contextlib import suppress

from mockex.clients.htx import signing
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/auth/050",
        "htx/time/900",
        "htx/time/910",
    }
)


honest = signing.timestamp


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        signing.timestamp = lambda at_ns: f"{honest(at_ns)}Z"
        try:
            with suppress(HtxError):
                await self.api.trading.open_orders(symbol=symbol)
        finally:
            signing.timestamp = honest
        return await super().open_orders(symbol, all)
