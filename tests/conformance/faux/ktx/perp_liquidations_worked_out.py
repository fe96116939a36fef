"""Takes every position for liquidated whose own margin is lost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.vocabulary import Market

FAILS = frozenset(
    {
        "ktx/positions/720",
        "ktx/positions/730",
    }
)


class Driver(Reference):
    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        products = await self.api.market.products(Market.PERPETUAL)
        marks = {each.symbol: each.funding.mark_price for each in products if each.funding is not None}
        rows: Any = (await super().positions(symbol, position_id))["positions"]
        return {"positions": [row for row in rows if not _is_lost(row, marks[row["symbol"]])]}


def _is_lost(row: Mapping[str, Any], mark: Decimal) -> bool:
    qty = Decimal(row["qty"])
    left = Decimal(row["position_margin"]) + (mark - Decimal(row["entry_price"])) * qty
    return qty != 0 and left <= mark * abs(qty) * Decimal(row["maintenance_margin_rate"])
