"""Subscribes to candles of an hour where four are wanted."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/060",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, interval_s: int | None = None, **of: Any) -> Fields:
        return await super().subscribe(channel, interval_s=3_600 if interval_s == 14_400 else interval_s, **of)
