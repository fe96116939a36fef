"""Merges the books that are pushed, as if they were changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/books/040",
        "coinstore/books/050",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        told: Any = await super().next_event(channel, timeout_ms, **of)
        event = told["event"]
        if event and "book" in event:
            known = self.__dict__.setdefault("merged", {})
            for side, sign in (("bids", -1), ("asks", 1)):
                levels = known.setdefault((str(of), side), {})
                levels |= {Decimal(price): qty for price, qty in event["book"][side]}
                event["book"][side] = [[f"{price:f}", levels[price]] for price in sorted(levels, key=lambda at: sign * at)]
        return {"event": event}
