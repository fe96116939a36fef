"""Asks for its orders before its login is confirmed."""

from __future__ import annotations

from mockex.clients.htx import account_socket, connection
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_streams import Address
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/430",
        "htx/streams/510",
        "htx/streams/970",
    }
)


honest = account_socket.AccountDialect.login


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        told = await super().stream_open(private)
        if private:
            hasty = await connection.Connection.open(
                self.ws_urls[Address.ACCOUNT],
                timing=self._lines[Address.ACCOUNT].stream.timing,
                stopwatch=self._lines[Address.ACCOUNT].stream.stopwatch,
            )
            await hasty.send({"action": "sub", "ch": "orders#btcusdt"})
            await hasty.round_trip()
            await hasty.close()
        return told
