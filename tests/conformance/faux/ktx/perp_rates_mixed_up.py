"""Tells the rate that is foreseen for the one that was paid."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/reference/520",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows: Any = (await super().instruments())["instruments"]
        return {"instruments": [{**row, "funding_rate": row.get("next_funding_rate")} for row in rows]}
