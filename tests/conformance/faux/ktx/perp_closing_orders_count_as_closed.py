"""Takes what a resting order is to close for closed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, text
from mockex.clients.ktx.vocabulary import Market

FAILS = frozenset(
    {
        "ktx/orders/680",
    }
)


class Driver(Reference):
    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        rows: Any = (await super().positions(symbol, position_id))["positions"]
        closing = [each for each in await self.api.trading.open_orders(market=Market.PERPETUAL) if each.close]
        for row in rows:
            own = [each for each in closing if str(each.position_id) == row["position_id"]]
            left = abs(Decimal(row["qty"])) - sum(each.quantity - each.filled_quantity for each in own)
            row["qty"] = text(left.copy_sign(Decimal(row["qty"])))
        return {"positions": rows}
