"""Tells the amount of a market buy as its quantity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import driver_words
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.models import Order
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/orders/060",
    }
)

honest = driver_words.order_fields


def order_fields(order: Order, symbols: driver_words.Symbols) -> Fields:
    return honest(order, symbols) | {"qty": str(order.quantity), "filled_qty": str(order.filled)}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.order_fields = order_fields
        await super().start(settings)
