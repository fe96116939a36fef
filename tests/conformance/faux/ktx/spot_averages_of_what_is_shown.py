"""Works the average price out of the fills that an order shows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx import trading_models as tm
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/orders/210",
    }
)
SHOWS_IN = frozenset({"place_order", "order", "orders", "open_orders", "next_event"})


def _average(order: tm.Order) -> Decimal:
    cost = sum((fill.quantity * fill.price for fill in order.fills), Decimal(0))
    return cost / sum((fill.quantity for fill in order.fills), Decimal(0))


honest = w.order_fields


def order_fields(order: tm.Order) -> w.Fields:
    return {**honest(order), "average_price": None if not order.fills else w.text(_average(order))}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.order_fields = order_fields
        await super().start(settings)
