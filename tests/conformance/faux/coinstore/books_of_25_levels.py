"""Tries a book of 25 levels."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore import frames
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/streams/910",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, symbol: str | None = None, **of: Any) -> Fields:
        connection = self._open_stream()._connection
        if channel == "ticker" and connection is not None:
            await connection.send(frames.subscribe(f"{str(symbol).lower()}@depth@25", command_id=9_999))
        return await super().subscribe(channel, symbol=symbol, **of)
