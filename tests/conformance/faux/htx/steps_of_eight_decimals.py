"""Rounds steps to eight decimals."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/reference/020",
        "htx/reference/020",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows = (await super().instruments())["instruments"]
        return {"instruments": [{**row, "tick_size": f"{Decimal(row['tick_size']):.8f}"} for row in rows]}
