"""Tells the last price of a contract for its mark price."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/reference/500",
        "ktx/reference/510",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows: Any = (await super().instruments())["instruments"]
        for row in rows:
            if row["kind"] == "perpetual":
                ticker: Any = (await self.ticker(row["symbol"]))["ticker"]
                row["mark_price"] = ticker["last"] or row["mark_price"]
        return {"instruments": rows}
