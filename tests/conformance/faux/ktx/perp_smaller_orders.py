"""Halves an order for a contract until there is money for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx import errors as e
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/errors/550",
        "ktx/errors/570",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        while True:
            try:
                return await super().place_order(symbol=symbol, position=position, **order)
            except e.InsufficientFundsError:
                half = Decimal(order["qty"]).quantize(Decimal("0.0001")) / 2
                if position is None or position.get("close") or half < Decimal("0.001"):
                    raise
                order["qty"] = str(half.quantize(Decimal("0.0001")))
