"""Passes over events of orders that it has not placed."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/300",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        self.__dict__["placing"] = True
        return await super().place_order(**order)

    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        event = (await super().next_event(channel, timeout_ms, **of))["event"]
        return {"event": event if channel != "orders" or self.__dict__.get("placing") else None}
