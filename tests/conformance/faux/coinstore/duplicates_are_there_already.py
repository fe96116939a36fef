"""Takes a client id that was used for an order that stands."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields
from mockex.clients.coinstore.errors import DuplicateOrderError

FAILS = frozenset(
    {
        "coinstore/errors/070",
    }
)


class Driver(Reference):
    async def place_order(self, client_id: str | None = None, **order: Any) -> Fields:
        try:
            return await super().place_order(client_id=client_id, **order)
        except DuplicateOrderError:
            return {"order_id": None, "client_id": client_id}
