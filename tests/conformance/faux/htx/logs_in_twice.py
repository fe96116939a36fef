"""Logs in twice."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_streams import Address
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/limits/920",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        told = await super().subscribe(channel, **of)
        line = self._lines.get(Address.ACCOUNT)
        if line is not None and line.stream._connection is not None and "again" not in self.__dict__:
            self.__dict__["again"] = True
            await line.stream._connection.send(line.stream._dialect.login() or {})
        return told
