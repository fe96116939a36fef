"""Signs requests for lists of orders two minutes late."""

from __future__ import annotations

from mockex.clients.htx import signing
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/time/920",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        honest = signing.timestamp
        signing.timestamp = lambda at_ns: honest(at_ns - 120 * 1_000_000_000)
        try:
            return await super().open_orders(symbol, all)
        finally:
            signing.timestamp = honest
