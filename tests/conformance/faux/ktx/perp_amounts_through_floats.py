"""Reads amounts of positions as floats."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx import driver_words
from mockex.clients.ktx.account_models import Position
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/numbers/530",
    }
)
SHOWS_IN = frozenset({"positions", "next_event"})


honest = driver_words.position_fields


def position_fields(position: Position) -> Fields:
    told: Any = honest(position)
    for name in ("qty", "entry_price", "position_margin", "order_margin"):
        told[name] = driver_words.text(Decimal(repr(float(told[name]))))
    return {**told}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.position_fields = position_fields
        await super().start(settings)
