"""Takes the fee off a fill's profit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import driver_words
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.trading_models import Fill

FAILS = frozenset(
    {
        "ktx/fills/500",
        "ktx/fills/510",
    }
)
SHOWS_IN = frozenset({"fills"})


honest = driver_words.fill_fields


def fill_fields(fill: Fill) -> Fields:
    told: Any = honest(fill)
    if "profit" in told:
        told["profit"] = driver_words.text(fill.profit - fill.fees[0].amount)
    return {**told}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.fill_fields = fill_fields
        await super().start(settings)
