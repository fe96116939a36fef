"""Sends an order again when the first reply came at once: a retry loop that never leaves after success."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        await super().place_order(**order)
        return await super().place_order(**order)
