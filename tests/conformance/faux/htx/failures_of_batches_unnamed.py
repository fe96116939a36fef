"""Tells the failures of a batch without their reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/400",
    }
)


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        outcomes = (await super().place_orders(orders))["outcomes"]
        unnamed = {"error": {"kind": "other", "message": "failed"}}
        return {"outcomes": [unnamed if "error" in each else each for each in outcomes]}
