"""Names streams of candles in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import channels
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.vocabulary import Market, TimeFrame

FAILS = frozenset(
    {
        "ktx/streams/030",
    }
)
SHOWS_IN = frozenset({"subscribe"})


def candles(market: Market, symbol: str, time_frame: TimeFrame) -> str:
    return channels._name(market, symbol, f"candles.{time_frame.value.lower()}")


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        channels.candles = candles
        await super().start(settings)
