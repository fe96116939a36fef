"""Keeps one fill of every trade."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/fills/030",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        rows = (await super().fills(symbol, order_id, all))["fills"]
        return {"fills": list({row["trade_id"]: row for row in rows}.values())}
