"""Tells of no cancellation that it did not ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/510",
        "ktx/streams/520",
    }
)


class Driver(Reference):
    async def next_event(self, **of: Any) -> Fields:
        told: Any = await super().next_event(**of)
        while told["event"] is not None and any(map(_is_foreign, told["event"].get("orders", ()))):
            told = await super().next_event(**of)
        return {**told}


def _is_foreign(row: Mapping[str, Any]) -> bool:
    return row["symbol"].endswith("_SWAP") and row["status"] == "cancelled"
