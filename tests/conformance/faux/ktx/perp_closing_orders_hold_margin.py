"""Counts margin for orders that close."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, text
from mockex.clients.ktx.vocabulary import Market

FAILS = frozenset(
    {
        "ktx/balances/530",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows: Any = (await super().balances())["balances"]
        row = next(row for row in rows if row["currency"] == "USDT")
        for each in await self.api.trading.open_orders(market=Market.PERPETUAL):
            if each.close and each.price is not None:
                row["held"] = text(Decimal(row["held"]) + each.price * each.quantity / 10)
        return {"balances": rows}
