"""Sends the word pong."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/streams/900",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        told = await super().subscribe(channel, **of)
        connection = self._open_stream()._connection
        if connection is not None:
            await connection._socket.send("pong")
        return told
