"""Subscribes to everything twice."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/books/040",
        "coinstore/books/050",
        "coinstore/streams/010",
        "coinstore/streams/920",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        await super().subscribe(channel, **of)
        return await super().subscribe(channel, **of)
