"""Sends prices of sales as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import models, operations
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/balances/030",
        "common/numbers/020",
        "common/orders/010",
        "common/orders/040",
        "gateway/balances/030",
        "gateway/numbers/900",
        "gateway/orders/010",
        "gateway/orders/020",
        "gateway/orders/030",
        "gateway/orders/130",
        "gateway/orders/900",
        "gateway/streams/120",
        "gateway/streams/900",
        "gateway/time/900",
    }
)

honest = models.order_fields


def order_fields(order: models.NewOrder) -> dict[str, object]:
    fields = honest(order)
    is_sale = isinstance(order, models.LimitOrder) and order.action == "SELL"
    return {**fields, "price": str(order.price)} if is_sale and isinstance(order, models.LimitOrder) else fields


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.order_fields = order_fields
        await super().start(settings)
