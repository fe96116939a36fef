"""Takes the -1 of an order that was not placed for its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/420",
        "okcoinjp/errors/400",
        "okcoinjp/errors/420",
        "okcoinjp/errors/430",
    }
)


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        outcomes = (await super().place_orders(orders))["outcomes"]
        return {"outcomes": [{"order_id": "-1"} if "error" in each else each for each in outcomes]}
