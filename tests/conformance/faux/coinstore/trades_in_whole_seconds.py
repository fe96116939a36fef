"""Reads the seconds of trades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import driver_words
from mockex.clients.coinstore import market_models as mm
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/streams/020",
        "common/market/110",
    }
)
SHOWS_IN = frozenset({"next_event", "trades"})


honest = driver_words.trade_fields


def trade_fields(trade: mm.Trade) -> Fields:
    told = honest(trade)
    return {**told, "time_ms": driver_words.ms(trade.at) // 1_000 * 1_000}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.trade_fields = trade_fields
        await super().start(settings)
