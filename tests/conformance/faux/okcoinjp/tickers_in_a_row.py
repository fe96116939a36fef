"""Names tickers by their place in the list."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/090",
    }
)


class Driver(Reference):
    async def tickers(self) -> Fields:
        rows = (await super().tickers())["tickers"]
        names = [row["symbol"] for row in rows]
        return {"tickers": [{**row, "symbol": name} for row, name in zip(rows, reversed(names), strict=True)]}
