"""Gives each market order an id of digits only, made from its number."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/050",
        "common/orders/060",
        "okcoinjp/errors/910",
        "okcoinjp/numbers/040",
        "okcoinjp/numbers/050",
        "okcoinjp/orders/020",
        "okcoinjp/orders/060",
        "okcoinjp/orders/900",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["type"] == "market":
            self._count = getattr(self, "_count", 1_000_000) + 1
            order.setdefault("client_id", str(self._count))
        return await super().place_order(**order)
