"""Sorts the outcomes of a batch, newest order first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/410",
        "okcoinjp/errors/400",
        "okcoinjp/orders/080",
        "okcoinjp/orders/090",
    }
)


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        return {"outcomes": (await super().place_orders(orders))["outcomes"][::-1]}
