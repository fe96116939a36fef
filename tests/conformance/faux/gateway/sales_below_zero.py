"""Takes the sign of a quantity for that of the side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.gateway import models, operations
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.vocabulary import PositionSide

FAILS = frozenset(
    {
        "gateway/orders/010",
        "gateway/orders/020",
        "gateway/orders/030",
    }
)

honest = models.order_fields


def order_fields(order: models.NewOrder) -> dict[str, object]:
    if order.position is not None:
        order = replace(order, position=PositionSide.SHORT if order.action == "SELL" else PositionSide.LONG)
    return honest(order)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.order_fields = order_fields
        await super().start(settings)
