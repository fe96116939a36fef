"""Hands over the first trade of a push."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/080",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        event = (await super().next_event(channel, timeout_ms, **of))["event"]
        return {"event": event and {**event, **({"trades": event["trades"][:1]} if "trades" in event else {})}}
