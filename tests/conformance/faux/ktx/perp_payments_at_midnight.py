"""Awaits payments of funding at midnight."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/reference/530",
    }
)


DAY_MS = 86_400_000


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows: Any = (await super().instruments())["instruments"]
        for row in rows:
            if row["kind"] == "perpetual":
                row["next_funding_ms"] = -(-row["next_funding_ms"] // DAY_MS) * DAY_MS
        return {"instruments": rows}
