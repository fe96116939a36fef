"""Merges whole books into the ones before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/120",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        event = (await super().next_event(channel, timeout_ms, **of))["event"]
        if event and "book" in event:
            known = self.__dict__.setdefault("merged", {})
            for side, sign in (("bids", -1), ("asks", 1)):
                levels = known.setdefault((str(of), side), {})
                levels |= {Decimal(price): size for price, size in event["book"][side]}
                event["book"][side] = [[f"{price:f}", levels[price]] for price in sorted(levels, key=lambda at: sign * at)]
        return {"event": event}
