"""Gives a merged position the id of the first of its direction."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/positions/630",
    }
)
SHOWS_IN = frozenset({"positions"})


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._ids: dict[object, str] = {}

    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        rows: Any = (await super().positions(symbol, position_id))["positions"]
        for row in rows:
            if row["merge"] != "split":
                row["position_id"] = self._ids.setdefault((row["symbol"], row["merge"]), row["position_id"])
        return {"positions": rows}
