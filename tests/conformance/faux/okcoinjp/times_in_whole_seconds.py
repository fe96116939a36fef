"""Cuts times to whole seconds."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/110",
        "common/reference/040",
        "okcoinjp/time/040",
    }
)


class Driver(Reference):
    async def server_time(self) -> Fields:
        return {"time_ms": (await super().server_time())["time_ms"] // 1_000 * 1_000}

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        rows = (await super().trades(symbol, limit))["trades"]
        return {"trades": [{**row, "time_ms": row["time_ms"] // 1_000 * 1_000} for row in rows]}
