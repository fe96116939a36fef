"""Takes `amount` for the volume, as the document's table has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.coinstore import market_models as mm
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/market/060",
        "coinstore/streams/030",
        "common/market/070",
        "common/market/120",
        "common/streams/040",
    }
)
SHOWS_IN = frozenset({"candles", "ticker", "tickers", "next_event"})


honest_candle, honest_ticker = mm.decode_candle, mm.decode_ticker


def decode_candle(row: Row) -> mm.Candle:
    told = honest_candle(row)
    return replace(told, volume=told.amount, amount=told.volume)


def decode_ticker(row: Row) -> mm.Ticker:
    told = honest_ticker(row)
    return replace(told, volume=told.amount, amount=told.volume)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        mm.decode_candle, mm.decode_ticker = decode_candle, decode_ticker
        await super().start(settings)
