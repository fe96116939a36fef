"""Adds up the quantities that are pushed of a position."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, text

FAILS = frozenset(
    {
        "ktx/faults/540",
        "ktx/faults/550",
        "ktx/streams/530",
        "ktx/streams/560",
        "ktx/streams/580",
    }
)
SHOWS_IN = frozenset({"next_event"})


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._sums: defaultdict[str, Decimal] = defaultdict(Decimal)

    async def next_event(self, **of: Any) -> Fields:
        told: Any = await super().next_event(**of)
        for row in (told["event"] or {}).get("positions", ()):
            row["qty"] = text(self._sums[row["position_id"]] + Decimal(row["qty"]))
            self._sums[row["position_id"]] = Decimal(row["qty"])
        return {**told}
