"""Rounds the numbers of order events to six decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/250",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        event = found["event"]
        if channel == "orders" and event is not None:
            for row in event["orders"]:
                row["qty"] = f"{Decimal(row['qty']):.6f}"
        return found
