"""Passes over pushes of positions without quantity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/faults/530",
        "ktx/faults/550",
        "ktx/streams/510",
        "ktx/streams/530",
        "ktx/streams/540",
        "ktx/streams/550",
        "ktx/streams/570",
        "ktx/streams/580",
    }
)


class Driver(Reference):
    async def next_event(self, **of: Any) -> Fields:
        told: Any = await super().next_event(**of)
        while told["event"] is not None and any(not Decimal(row["qty"]) for row in told["event"].get("positions", ())):
            told = await super().next_event(**of)
        return {**told}
