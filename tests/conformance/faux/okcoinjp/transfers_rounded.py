"""Rounds the amount of a transfer to four digits."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/funding/020",
        "common/numbers/040",
        "common/numbers/050",
    }
)


class Driver(Reference):
    async def transfer(self, currency: str, amount: str, source: str, target: str) -> Fields:
        return await super().transfer(currency, str(round(Decimal(amount), 4)), source, target)
