"""Asks for more candles of a span than the venue gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import driver_market
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/market/140",
        "htx/market/150",
    }
)
SHOWS_IN = frozenset({"candles"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_market._CANDLES_AT_ONCE = 2_000
        await super().start(settings)
