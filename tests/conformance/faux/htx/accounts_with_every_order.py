"""Asks for its accounts before every order."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/balances/050",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        self._account_ids.clear()
        return await super().place_order(**order)
