"""Adds the volumes of a candle's pushes up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/140",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        event = (await super().next_event(channel, timeout_ms, **of))["event"]
        if event and "candles" in event:
            sums = self.__dict__.setdefault("sums", {})
            for row in event["candles"]:
                at = (str(of), row["time_ms"])
                sums[at] = sums.get(at, Decimal(0)) + Decimal(row["volume"])
                row["volume"] = f"{sums[at]:f}"
        return {"event": event}
