"""Gives every public trade that arrives a number of its own."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/200",
        "common/streams/030",
    }
)


class Driver(Reference):
    _number = 0

    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        if channel == "trades" and found["event"] is not None:
            for row in found["event"]["trades"]:
                self._number += 1
                row["trade_id"] = f"mine-{self._number}"
        return found
