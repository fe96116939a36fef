"""Tells what a market purchase has spent as what it bought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import driver_streams
from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/450",
    }
)
SHOWS_IN = frozenset({"next_event"})


honest = driver_streams.w.order_event_fields


def order_event_fields(event: Any) -> Fields:
    told = honest(event)
    executed = getattr(event, "executed", None)
    for row in told.get("orders", ()):
        row["filled_qty"] = row["filled_qty"] or w.text(executed)
        row["qty"] = row["qty"] or w.text(event.order.value)
    return told


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_streams.w.order_event_fields = order_event_fields
        await super().start(settings)
