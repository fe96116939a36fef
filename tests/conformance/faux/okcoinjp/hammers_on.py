"""Repeats a request that was one too many until it gives up after five times."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS = frozenset(
    {
        "common/faults/120",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        for _ in range(4):
            try:
                return await super().place_order(**order)
            except RateLimitError:
                continue
        return await super().place_order(**order)
