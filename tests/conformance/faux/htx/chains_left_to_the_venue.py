"""Names no chain."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/funding/010",
        "htx/funding/060",
    }
)


class Driver(Reference):
    async def withdraw(self, **order: Any) -> Fields:
        order.pop("chain", None)
        return await super().withdraw(**order)
