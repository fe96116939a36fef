"""Shows books with eight decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/numbers/020",
    }
)


class Driver(Reference):
    async def book(self, **of: Any) -> Fields:
        told: Any = await super().book(**of)
        for side in ("bids", "asks"):
            told["book"][side] = [[f"{Decimal(price):.8f}", qty] for price, qty in told["book"][side]]
        return {"book": told["book"]}
