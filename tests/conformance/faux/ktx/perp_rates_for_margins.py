"""Tells the rate of a position's margin for the margin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import driver_words
from mockex.clients.ktx.account_models import Position
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/funding/520",
        "ktx/numbers/530",
        "ktx/positions/500",
        "ktx/positions/510",
        "ktx/positions/520",
        "ktx/positions/540",
        "ktx/positions/570",
        "ktx/positions/700",
        "ktx/positions/710",
        "ktx/streams/500",
        "ktx/streams/530",
        "ktx/streams/580",
    }
)
SHOWS_IN = frozenset({"positions", "next_event"})


honest = driver_words.position_fields


def position_fields(position: Position) -> Fields:
    told: Any = honest(position)
    told["position_margin"] = told["initial_margin_rate"]
    return {**told}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.position_fields = position_fields
        await super().start(settings)
