"""Tells the newest state of an order alone, however many have come."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/180",
        "common/faults/210",
        "common/streams/050",
        "common/streams/070",
        "ktx/streams/160",
        "ktx/streams/510",
        "ktx/streams/590",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, **asked: Any) -> Fields:
        told = await super().next_event(channel, **asked)
        while channel == "orders" and told["event"] is not None:
            later = await super().next_event(channel, **{**asked, "timeout_ms": 50})
            if later["event"] is None:
                break
            told = later
        return told
