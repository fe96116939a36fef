"""Takes the fills of an order from the order."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/fills/010",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, **more: Any) -> Fields:
        told = await super().fills(symbol, order_id, **more)
        if order_id is None:
            return told
        shown = {str(fill.trade_id) for fill in (await self.api.trading.order(w.number(order_id))).fills}
        return {"fills": [fill for fill in told["fills"] if fill["trade_id"] in shown]}
