"""Reads ids of positions as floats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import driver_words
from mockex.clients.ktx.account_models import Position
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/numbers/520",
        "ktx/positions/560",
        "ktx/positions/570",
        "ktx/positions/610",
        "ktx/positions/630",
        "ktx/streams/540",
        "ktx/streams/580",
    }
)
SHOWS_IN = frozenset({"positions", "next_event"})


honest = driver_words.position_fields


def position_fields(position: Position) -> Fields:
    told: Any = honest(position)
    told["position_id"] = str(int(float(told["position_id"])))
    return {**told}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.position_fields = position_fields
        await super().start(settings)
