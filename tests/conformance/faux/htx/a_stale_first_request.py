"""Signs the first request for a list of orders ten minutes late."""

from __future__ import annotations

from contextlib import suppress

from mockex.clients.htx import signing
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/auth/050",
        "htx/time/910",
        "htx/time/920",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        honest = signing.timestamp
        signing.timestamp = lambda at_ns: honest(at_ns - 600 * 1_000_000_000)
        try:
            with suppress(HtxError):
                await super().open_orders(symbol, all)
        finally:
            signing.timestamp = honest
        return await super().open_orders(symbol, all)
