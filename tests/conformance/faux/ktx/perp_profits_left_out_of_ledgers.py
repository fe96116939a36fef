"""Leaves out of the ledger what the fills of a contract have realised, to count it once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.vocabulary import Market

FAILS = frozenset(
    {
        "ktx/balances/540",
        "ktx/balances/550",
    }
)


class Driver(Reference):
    async def ledger(self, currency: str, all: bool = False) -> Fields:
        rows: Any = (await super().ledger(currency, all))["entries"]
        fills = await self.api.trading.fills(Market.PERPETUAL, symbol="BTC_USDT_SWAP")
        realised = {fill.profit for fill in fills}
        return {"entries": [row for row in rows if row["type"] != "trade" or Decimal(row["amount"]) not in realised]}
