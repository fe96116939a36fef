"""Subtracts what remains as binary fractions."""

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
        "common/streams/050",
        "common/streams/060",
        "common/streams/070",
        "gateway/faults/080",
        "gateway/numbers/030",
        "gateway/orders/070",
    }
)

honest = driver_words.order_fields


def order_fields(order: Order, symbols: driver_words.Symbols) -> Fields:
    told = honest(order, symbols)
    filled = repr(float(order.quantity) - float(order.remaining))
    return told if told["filled_qty"] is None else {**told, "filled_qty": f"{Decimal(filled).copy_abs():f}"}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.order_fields = order_fields
        await super().start(settings)
