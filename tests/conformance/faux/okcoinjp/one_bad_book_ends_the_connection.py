"""Closes the connection at a wrong checksum, and begins everything anew."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.stream import OkcoinStream

FAILS = frozenset(
    {
        "okcoinjp/books/130",
    }
)


async def _leave(self: OkcoinStream, *channels: str) -> None:
    if self._connection is not None:
        await self._connection.close()


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        OkcoinStream.resubscribe = _leave
        return await super().book_watch(symbol)
