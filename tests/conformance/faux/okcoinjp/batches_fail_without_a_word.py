"""Says of a bad order in a batch only that it failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/errors/400"})


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        outcomes = (await super().place_orders(orders))["outcomes"]
        failed = {"error": {"kind": "other", "message": "failed"}}
        return {"outcomes": [failed if "error" in each else each for each in outcomes]}
