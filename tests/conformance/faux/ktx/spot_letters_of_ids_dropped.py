"""Makes numbers of its own ids by leaving the letters out."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/050",
    }
)


class Driver(Reference):
    async def place_order(self, client_id: str | None = None, **order: Any) -> Fields:
        digits = None if client_id is None else "".join(each for each in client_id if each.isdigit())
        return await super().place_order(client_id=digits, **order)
