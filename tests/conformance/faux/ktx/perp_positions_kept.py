"""Goes on telling of positions that are over."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/positions/550",
        "ktx/positions/630",
        "ktx/positions/700",
        "ktx/positions/710",
        "ktx/positions/720",
    }
)
SHOWS_IN = frozenset({"positions"})


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Any] = {}

    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        rows: Any = (await super().positions(symbol, position_id))["positions"]
        self._known |= {row["position_id"]: row for row in rows}
        known = [row for row in self._known.values() if symbol in (None, row["symbol"])]
        return {"positions": rows if position_id is not None else known}
