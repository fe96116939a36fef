"""Takes every fee for fixed."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/funding/050",
    }
)


class Driver(Reference):
    async def withdrawal_fees(self, **narrowed: Any) -> Fields:
        told: Any = await super().withdrawal_fees(**narrowed)
        return {"fees": [{**each, "maximum": each["minimum"]} for each in told["fees"]]}
