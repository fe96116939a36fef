"""Takes the bid of a ticker event for the ask, and the ask for the bid."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/010",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        event = found["event"]
        if channel == "ticker" and event is not None:
            ticker = event["ticker"]
            ticker["bid"], ticker["ask"] = ticker["ask"], ticker["bid"]
        return found
