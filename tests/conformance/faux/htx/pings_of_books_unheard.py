"""Answers pings on the socket of market data only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import connection
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/streams/020",
    }
)
SHOWS_IN = frozenset({"elapse"})


honest = connection.Connection.send


async def send(self: connection.Connection, message: connection.Message) -> None:
    request = self._socket._socket.request
    if "pong" in message and request is not None and request.path.endswith("/feed"):
        return
    await honest(self, message)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        connection.Connection.send = send
        await super().start(settings)
