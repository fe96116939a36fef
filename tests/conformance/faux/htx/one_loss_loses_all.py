"""Connects everything anew when one socket is lost."""

from __future__ import annotations

from mockex.clients.htx import driver_streams, stream
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_streams import Address

FAILS = frozenset(
    {
        "htx/streams/170",
    }
)
SHOWS_IN = frozenset({"book_watch"})


class Driver(Reference):
    async def _open(self, address: Address) -> stream.HtxStream:
        opened = await super()._open(address)
        if address is Address.FEED:
            opened.listen(self._lose_others)
        return opened

    def _lose_others(self, event: driver_streams.StreamEvent) -> None:
        market = self._lines.get(Address.MARKET)
        if isinstance(event, stream.Disconnected) and market is not None and market.stream._connection is not None:
            market.stream._connection._socket._socket.transport.abort()
