"""Tells the rate of a fee for the fee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import driver_words
from mockex.clients.coinstore import events as ev
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/streams/050",
    }
)
SHOWS_IN = frozenset({"next_event"})


honest = driver_words.order_update_fields


def order_update_fields(update: ev.OrderUpdate) -> Fields:
    told: Any = honest(update)
    for fill in told.get("fills", ()):
        fill["fee"] = driver_words.text(update.fee_rate)
    return {**told}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.order_update_fields = order_update_fields
        await super().start(settings)
