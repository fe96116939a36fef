"""Tells of the currency alone that it was asked for first."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/120",
    }
)


class Driver(Reference):
    first: str | None = None

    async def stream_open(self, private: bool) -> Fields:
        self.first = None
        return await super().stream_open(private)

    async def subscribe(self, channel: str, currency: str | None = None, **asked: Any) -> Fields:
        if channel == "balances":
            self.first = self.first or currency
            currency = self.first
        return await super().subscribe(channel, currency=currency, **asked)
