"""Calls an hour 1hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.vocabulary import Interval

FAILS = frozenset(
    {
        "coinstore/market/010",
    }
)
SHOWS_IN = frozenset({"candles"})


def period(self: Interval) -> str:
    unit, _, count = self.value.partition("_")
    return f"{count}{unit}"


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        Interval.period = property(period)
        await super().start(settings)
