"""Asks twenty times in a row for a connection that is refused."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS = frozenset({"okcoinjp/limits/130"})


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        for _ in range(20):
            try:
                return await super().stream_open(private)
            except RateLimitError:
                pass
        return await super().stream_open(private)
