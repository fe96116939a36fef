"""Tells the successes of a batch of cancels first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/440",
        "htx/orders/230",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        outcomes = (await super().cancel_orders(orders))["outcomes"]
        return {"outcomes": sorted(outcomes, key=lambda each: "error" in each)}
