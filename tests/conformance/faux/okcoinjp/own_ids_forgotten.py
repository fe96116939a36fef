"""Keeps the ids that its user gives to orders to itself, and finds an order by them only as the newest one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/120",
        "common/orders/130",
        "common/orders/310",
        "common/orders/410",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        order.pop("client_id", None)
        return await super().place_order(**order)

    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        return await super().place_orders([{k: v for k, v in each.items() if k != "client_id"} for each in orders])

    async def _newest(self, symbol: str) -> str:
        return str((await super().open_orders(symbol))["orders"][0]["order_id"])

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        return await super().order(symbol, order_id or await self._newest(symbol))

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        return await super().cancel_order(symbol, order_id or await self._newest(symbol))
