"""Tells what was matched just now for all that is filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import driver_words
from mockex.clients.coinstore import events as ev
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/streams/060",
        "common/faults/180",
        "common/faults/190",
        "common/faults/210",
        "common/faults/280",
        "common/streams/050",
        "common/streams/060",
        "common/streams/070",
    }
)
SHOWS_IN = frozenset({"next_event"})


honest = driver_words.order_update_fields


def order_update_fields(update: ev.OrderUpdate) -> Fields:
    told: Any = honest(update)
    for order in told["orders"]:
        order["filled_qty"] = driver_words.text(update.match_quantity)
    return {**told}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.order_update_fields = order_update_fields
        await super().start(settings)
