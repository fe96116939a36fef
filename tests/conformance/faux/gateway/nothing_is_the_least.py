"""Orders the least quantity where it is asked for none."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/orders/040",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, side: str, type: str, qty: str | None = None, **terms: Any) -> Fields:
        wanted = LEAST if qty is not None and not float(qty) else qty
        return await super().place_order(symbol, side, type, qty=wanted, **terms)


LEAST = "0.0001"
