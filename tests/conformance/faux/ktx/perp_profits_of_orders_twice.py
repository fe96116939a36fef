"""Adds the profits of an order's fills to the order's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import driver_words
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.trading_models import Order

FAILS = frozenset(
    {
        "ktx/orders/650",
        "ktx/orders/670",
        "ktx/orders/680",
        "ktx/orders/710",
        "ktx/streams/590",
    }
)
SHOWS_IN = frozenset({"order", "orders", "open_orders", "next_event"})


honest = driver_words.order_fields


def order_fields(order: Order) -> Fields:
    told: Any = honest(order)
    if told.get("position") is not None:
        told["profit"] = driver_words.text(order.profit + sum(fill.profit for fill in order.fills))
    return {**told}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.order_fields = order_fields
        await super().start(settings)
