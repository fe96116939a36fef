"""Reckons quantities in steps of a tenth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mockex.clients.gateway import models, operations
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/numbers/010",
        "gateway/numbers/030",
        "gateway/orders/030",
    }
)

honest = models.order_fields


def order_fields(order: models.NewOrder) -> dict[str, object]:
    tenths = order.quantity * 10
    if tenths == int(tenths) and tenths < LARGE:
        order = replace(order, quantity=Decimal(repr(int(tenths) * 0.1)))
    return honest(order)


LARGE = 100


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.order_fields = order_fields
        await super().start(settings)
