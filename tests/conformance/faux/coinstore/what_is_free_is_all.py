"""Takes what is available for the whole balance."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/balances/020",
        "common/balances/020",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        told: Any = await super().balances()
        return {"balances": [{**each, "total": each["available"]} for each in told["balances"]]}
