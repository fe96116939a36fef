"""Counts what positions would bring as money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, text
from mockex.clients.ktx.vocabulary import Market

FAILS = frozenset(
    {
        "ktx/balances/520",
        "ktx/errors/570",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows: Any = (await super().balances())["balances"]
        row = next(row for row in rows if row["currency"] == "USDT")
        products = await self.api.market.products(Market.PERPETUAL)
        marks = {each.symbol: each.funding.mark_price for each in products if each.funding is not None}
        for each in await self.api.account.positions():
            profit = (marks[each.symbol] - each.entry_price) * each.quantity
            row["total"] = text(Decimal(row["total"]) + profit)
            row["available"] = text(Decimal(row["available"]) + profit)
        return {"balances": rows}
