"""Remembers from receipts which order its own ids stand for, and asks the venue by the venue's ids alone."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OrderNotFoundError

FAILS = frozenset(
    {
        "common/faults/020",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        receipt = await super().place_order(**order)
        if "client_id" in order:
            self._known()[order["client_id"]] = receipt["order_id"]
        return receipt

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        if client_id is not None:
            if client_id not in self._known():
                raise OrderNotFoundError(f"no order {client_id}")
            order_id = self._known()[client_id]
        return await super().order(symbol, order_id)

    def _known(self) -> dict[str, str]:
        known: dict[str, str] = self.__dict__.setdefault("_by_client_id", {})
        return known
