"""Takes an own id that was used for a sign that the order stands."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.errors import DuplicateOrderError

FAILS = frozenset(
    {
        "ktx/errors/020",
        "ktx/errors/580",
        "ktx/orders/060",
    }
)


class Driver(Reference):
    async def place_order(self, client_id: str | None = None, **order: Any) -> Fields:
        try:
            return await super().place_order(client_id=client_id, **order)
        except DuplicateOrderError:
            return {"client_id": client_id}
