"""Tells the price of the last fill for the entry price."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/positions/530",
        "ktx/positions/540",
        "ktx/streams/580",
    }
)


class Driver(Reference):
    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        rows: Any = (await super().positions(symbol, position_id))["positions"]
        for row in rows:
            fills: Any = (await self.fills(row["symbol"]))["fills"]
            row["entry_price"] = fills[0]["price"] if fills else row["entry_price"]
        return {"positions": rows}
