"""Takes every market order for filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx import trading_models as tm
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/orders/110",
        "ktx/orders/120",
    }
)
SHOWS_IN = frozenset({"place_order", "order", "orders", "open_orders", "next_event"})


honest = w.order_fields


def order_fields(order: tm.Order) -> w.Fields:
    return {**honest(order), "status": "filled" if order.type is tm.OrderType.MARKET else w.order_status(order)}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.order_fields = order_fields
        await super().start(settings)
