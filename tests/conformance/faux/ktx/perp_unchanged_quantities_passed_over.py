"""Passes over pushes of positions whose quantity is as before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/550",
        "ktx/streams/580",
    }
)
SHOWS_IN = frozenset({"next_event"})


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._quantities: dict[str, str] = {}

    def _is_known(self, row: Mapping[str, Any]) -> bool:
        if "position_id" not in row:
            return False
        before = self._quantities.get(row["position_id"])
        self._quantities[row["position_id"]] = row["qty"]
        return before == row["qty"]

    async def next_event(self, **of: Any) -> Fields:
        told: Any = await super().next_event(**of)
        while told["event"] is not None and all(map(self._is_known, told["event"].get("positions", [{}]))):
            told = await super().next_event(**of)
        return {**told}
