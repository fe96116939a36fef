"""Tells a mark price of pairs: their last."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/reference/500",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows: Any = (await super().instruments())["instruments"]
        for row in rows:
            if row["kind"] == "spot":
                ticker: Any = (await self.ticker(row["symbol"]))["ticker"]
                row["mark_price"] = ticker["last"] or "0"
        return {"instruments": rows}
