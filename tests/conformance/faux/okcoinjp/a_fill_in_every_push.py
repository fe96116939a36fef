"""Makes a fill of every order event, also of zeros and the year 1970."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/streams/120",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        event = found["event"]
        if channel == "orders" and event is not None:
            event.setdefault("fills", [{"qty": "0", "price": "0", "time_ms": 0}])
        return found
