"""Reads prices of orders as binary fractions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.gateway import driver_words
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.models import Order
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "common/streams/250",
        "gateway/numbers/040",
    }
)

honest = driver_words.order_fields


def order_fields(order: Order, symbols: driver_words.Symbols) -> Fields:
    return {**honest(order, symbols), "price": f"{Decimal(float(order.price)):f}"}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.order_fields = order_fields
        await super().start(settings)
