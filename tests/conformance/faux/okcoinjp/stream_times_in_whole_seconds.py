"""Cuts the times of its stream to seconds, as REST has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import driver_words
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.trading_models import OrderUpdate

FAILS = frozenset({"okcoinjp/time/060"})
SHOWS_IN = frozenset({"next_event"})


honest = driver_words.update_fields


def update_fields(update: OrderUpdate) -> Fields:
    event = honest(update)
    return {**event, "orders": [{**each, "created_ms": each["created_ms"] // 1_000 * 1_000} for each in event["orders"]]}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.update_fields = update_fields
        await super().start(settings)
