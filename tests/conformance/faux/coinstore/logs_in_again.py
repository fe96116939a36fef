"""Logs in a second time with every subscription of orders."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore import frames
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/auth/930",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        connection = self._open_stream()._connection
        if channel == "orders" and connection is not None and self._credentials is not None:
            await connection.send(frames.login(self._credentials, channels=(), at_ms=self._clock.now_ns() // 1_000_000))
        return await super().subscribe(channel, **of)
