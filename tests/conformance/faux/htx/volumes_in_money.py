"""Takes vol for a volume of base currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.htx import market_models
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/market/070",
        "common/market/120",
        "common/streams/040",
        "htx/market/040",
        "htx/market/120",
        "htx/numbers/020",
        "htx/streams/130",
        "htx/streams/140",
    }
)
SHOWS_IN = frozenset({"candles", "next_event", "ticker", "tickers"})


honest = market_models.decode_statistics


def decode_statistics(row: market_models.Row) -> market_models.Statistics:
    told = honest(row)
    return replace(told, amount=told.vol)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        market_models.decode_statistics = decode_statistics
        await super().start(settings)
