"""Takes every order that is pushed for one of the pair that was asked for last."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/140",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, symbol: str | None = None, **asked: Any) -> Fields:
        told = await super().next_event(channel, symbol=None if channel == "orders" else symbol, **asked)
        for row in (told["event"] or {}).get("orders", ()):
            row["symbol"] = symbol or row["symbol"]
        return told
