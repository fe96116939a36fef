"""Adds up the fills that an order shows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx import trading_models as tm
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/orders/200",
    }
)
SHOWS_IN = frozenset({"place_order", "order", "orders", "open_orders", "next_event"})


honest = w.order_fields


def order_fields(order: tm.Order) -> w.Fields:
    return {**honest(order), "filled_qty": w.text(sum((fill.quantity for fill in order.fills), Decimal(0)))}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.order_fields = order_fields
        await super().start(settings)
