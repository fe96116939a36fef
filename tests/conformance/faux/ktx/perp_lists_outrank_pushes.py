"""Tells a position as the last list had it, whatever was pushed since."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/faults/550",
    }
)
SHOWS_IN = frozenset({"next_event"})


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._listed: dict[str, Any] = {}

    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        told: Any = await super().positions(symbol, position_id)
        self._listed = {row["position_id"]: row for row in told["positions"]}
        return {**told}

    async def next_event(self, **of: Any) -> Fields:
        told: Any = await super().next_event(**of)
        rows = (told["event"] or {}).get("positions", ())
        for row in rows:
            row |= self._listed.get(row["position_id"], {})
        return {**told}
