"""Names currencies in capitals."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/funding/100",
    }
)


class Driver(Reference):
    async def transfer(self, currency: str, amount: str, source: str, target: str) -> Fields:
        honest, w.venue_currency = w.venue_currency, str.upper
        try:
            return await super().transfer(currency, amount, source, target)
        finally:
            w.venue_currency = honest
