"""Takes contracts for pairs."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/reference/500",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows: Any = (await super().instruments())["instruments"]
        return {"instruments": [{**row, "kind": "spot"} for row in rows]}
