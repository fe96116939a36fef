"""Tells positions of any contract for those of one."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/570",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        return await super().subscribe(channel, **({} if channel == "positions" else of))

    async def next_event(self, channel: str, timeout_ms: int, symbol: str | None = None, **of: Any) -> Fields:
        wanted = None if channel == "positions" else symbol
        return await super().next_event(channel, timeout_ms, wanted, **of)
