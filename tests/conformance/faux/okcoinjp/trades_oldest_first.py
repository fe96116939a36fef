"""Shows trades oldest first, with the maker's side."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/100",
        "okcoinjp/market/030",
    }
)


class Driver(Reference):
    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        rows = (await super().trades(symbol, limit))["trades"]
        sides = {"buy": "sell", "sell": "buy"}
        return {"trades": [{**row, "side": sides[row["side"]]} for row in reversed(rows)]}
