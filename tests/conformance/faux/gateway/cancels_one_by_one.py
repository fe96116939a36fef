"""Cancels several orders one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/orders/080",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        told: list[Any] = []
        for order in orders:
            told += (await super().cancel_orders([order]))["outcomes"]  # type: ignore[misc]
        return {"outcomes": told}
