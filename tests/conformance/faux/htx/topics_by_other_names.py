"""Asks for tickers by a name of another venue first."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_streams import Address
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/streams/900",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        if channel == "ticker":
            with suppress(HtxError):
                await (await self._stream_of(Address.MARKET)).subscribe(f"market.{of['symbol']}.tickers")
        return await super().subscribe(channel, **of)
