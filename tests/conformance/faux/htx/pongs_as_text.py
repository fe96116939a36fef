"""Sends the number of a ping back as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import market_socket
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/streams/220",
        "htx/streams/010",
        "htx/streams/020",
        "htx/streams/920",
    }
)
SHOWS_IN = frozenset({"elapse"})


def pong(self: market_socket.MarketDialect, ping: market_socket.Ping) -> market_socket.Message:
    return {"pong": str(ping.stamp)}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        market_socket.MarketDialect.pong = pong
        await super().start(settings)
