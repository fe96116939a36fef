"""Fills in the last price for best prices that are not told."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/streams/030",
        "common/streams/010",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        told: Any = await super().next_event(channel, timeout_ms, **of)
        if told["event"] and "ticker" in told["event"]:
            ticker = told["event"]["ticker"]
            ticker |= {"bid": ticker["bid"] or ticker["last"], "ask": ticker["ask"] or ticker["last"]}
        return {"event": told["event"]}
