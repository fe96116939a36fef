"""Looks for own ids among the orders of the spot market."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.errors import NotFoundError

FAILS = frozenset(
    {
        "ktx/faults/520",
    }
)


class Driver(Reference):
    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        told: Any = await super().order(symbol, order_id, client_id)
        if client_id is not None and told["order"]["symbol"].endswith("_SWAP"):
            raise NotFoundError("no such order")
        return {**told}
