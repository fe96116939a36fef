"""Leaves the heartbeat to the WebSocket protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from mockex.clients.gateway import connection
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/streams/010",
        "gateway/streams/020",
        "gateway/time/900",
    }
)


async def beat(self: connection.Connection) -> NoReturn:
    while True:
        await self._stopwatch.sleep(self._timing.ping_every)
        await self.round_trip()


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        connection.Connection._beat = beat
        await super().start(settings)
