"""Takes every side that is not called buy for a sale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import market_models
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.vocabulary import Side

FAILS = frozenset(
    {
        "common/market/100",
        "ktx/market/030",
    }
)
SHOWS_IN = frozenset({"trades", "next_event"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        market_models._TAKER_SIDES = {"1": Side.SELL, "-1": Side.SELL, "buy": Side.BUY, "sell": Side.SELL}
        await super().start(settings)
