"""Listens to the public channels of a contract's pair."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/620",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, symbol: str | None = None, **of: Any) -> Fields:
        return await super().subscribe(channel, _listened(channel, symbol), **of)

    async def next_event(self, channel: str, timeout_ms: int, symbol: str | None = None, **of: Any) -> Fields:
        return await super().next_event(channel, timeout_ms, _listened(channel, symbol), **of)


def _listened(channel: str, symbol: str | None) -> str | None:
    return symbol if symbol is None or channel in ("orders", "positions") else symbol.removesuffix("_SWAP")
