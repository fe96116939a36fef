"""Asks for books where market data are, and then where they are."""

from __future__ import annotations

from contextlib import suppress

from mockex.clients.htx import channels as names
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_streams import Address
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/books/100",
        "htx/streams/180",
    }
)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        market = await self._stream_of(Address.MARKET)
        with suppress(HtxError):
            await market.subscribe(names.book(symbol))
        return await super().book_watch(symbol)
