"""Cuts prices to eight decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/numbers/010",
        "coinstore/numbers/020",
    }
)


class Driver(Reference):
    async def place_order(self, price: str | None = None, **order: Any) -> Fields:
        cut = None if price is None else f"{Decimal(price):.8f}"
        return await super().place_order(price=cut, **order)
