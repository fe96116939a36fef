"""Takes what positions and their orders hold for spent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, text

FAILS = frozenset(
    {
        "ktx/balances/500",
        "ktx/balances/510",
        "ktx/balances/520",
        "ktx/balances/530",
        "ktx/balances/560",
        "ktx/errors/570",
        "ktx/funding/500",
        "ktx/funding/520",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows: Any = (await super().balances())["balances"]
        row = next(row for row in rows if row["currency"] == "USDT")
        for each in await self.api.account.positions():
            margin = each.position_margin + each.order_margin
            row["total"] = text(Decimal(row["total"]) - margin)
            row["held"] = text(Decimal(row["held"]) - margin)
        return {"balances": rows}
