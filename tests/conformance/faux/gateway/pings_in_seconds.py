"""Sends the time of its pings in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import connection
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/streams/020",
    }
)

honest = connection.ping


def ping(stamp: int) -> Mapping[str, Any]:
    return honest(stamp // 1_000)


def on_pong(self: connection.Connection, stamp: int) -> None:
    self._stamps.clear()
    self._asked.clear()
    if self._answer is not None and not self._answer.done():
        self._answer.set_result(None)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        connection.ping = ping
        connection.Connection.on_pong = on_pong
        await super().start(settings)
