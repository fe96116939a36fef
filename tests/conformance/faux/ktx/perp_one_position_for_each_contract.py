"""Keeps one position for each contract."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/numbers/520",
        "ktx/positions/580",
        "ktx/positions/590",
        "ktx/streams/580",
    }
)


class Driver(Reference):
    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        rows: Any = (await super().positions(symbol, position_id))["positions"]
        return {"positions": [*{row["symbol"]: row for row in rows}.values()]}
