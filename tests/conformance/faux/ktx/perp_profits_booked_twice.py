"""Adds the profits of its fills to a balance that has them already."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, text
from mockex.clients.ktx.vocabulary import Market

FAILS = frozenset(
    {
        "ktx/balances/510",
        "ktx/balances/550",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows: Any = (await super().balances())["balances"]
        row = next(row for row in rows if row["currency"] == "USDT")
        for each in await self.api.trading.fills(Market.PERPETUAL, symbol="BTC_USDT_SWAP"):
            row["total"] = text(Decimal(row["total"]) + each.profit)
            row["available"] = text(Decimal(row["available"]) + each.profit)
        return {"balances": rows}
