"""Rounds prices and quantities of orders to eight places."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/numbers/050",
        "htx/orders/100",
    }
)


class Driver(Reference):
    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        told = (await super().order(symbol, order_id, client_id))["order"]
        rounded = {name: told[name] and f"{Decimal(told[name]):.8f}" for name in ("price", "qty", "filled_qty")}
        return {"order": {**told, **rounded}}
