"""Sends an order again whose answer did not come."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields
from mockex.clients.coinstore.errors import CoinstoreError

FAILS = frozenset(
    {
        "common/faults/010",
        "common/faults/030",
        "common/faults/040",
        "common/faults/050",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except CoinstoreError as error:
            if not error.outcome_unknown:
                raise
            return await super().place_order(**order)
