"""Places immediate orders as plain ones."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "common/orders/090",
        "gateway/orders/070",
        "gateway/orders/130",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, side: str, type: str, **terms: Any) -> Fields:
        terms.pop("time_in_force", None)
        return await super().place_order(symbol, side, type, **terms)
