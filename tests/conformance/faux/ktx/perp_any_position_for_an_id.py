"""Tells the first position for the one of an id."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/positions/610",
    }
)


class Driver(Reference):
    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        if position_id is None:
            return await super().positions(symbol)
        rows: Any = (await super().positions())["positions"]
        return {"positions": rows[:1]}
