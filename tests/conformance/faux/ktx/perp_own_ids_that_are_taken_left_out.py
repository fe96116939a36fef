"""Leaves out an own id that is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import errors as e
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/errors/580",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        try:
            return await super().place_order(symbol=symbol, position=position, **order)
        except e.DuplicateOrderError:
            if position is None:
                raise
            order["client_id"] = None
        return await super().place_order(symbol=symbol, position=position, **order)
