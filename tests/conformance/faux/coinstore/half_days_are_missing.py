"""Takes candles of half a day for none that the venue pushes, and says nothing."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/streams/040",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, interval_s: int | None = None, **of: Any) -> Fields:
        if interval_s == 43_200:
            return {}
        return await super().subscribe(channel, interval_s=interval_s, **of)
