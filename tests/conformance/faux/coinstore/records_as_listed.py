"""Hands deposits and withdrawals over as they are listed."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/funding/010",
    }
)


class Driver(Reference):
    async def deposits(self, **narrowed: Any) -> Fields:
        told: Any = await super().deposits(**narrowed)
        return {"payments": told["payments"][::-1]}
