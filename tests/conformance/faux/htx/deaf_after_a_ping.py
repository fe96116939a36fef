"""Takes what follows a ping for an echo of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import market_socket
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/streams/210",
        "htx/streams/030",
    }
)
SHOWS_IN = frozenset({"book_view", "next_event"})


honest = market_socket.MarketDialect.decode
pinged: list[object] = []


def decode(self: market_socket.MarketDialect, payload: object) -> market_socket.Frame:
    frame = honest(self, payload)
    if isinstance(frame, market_socket.Ping):
        pinged.append(frame)
    elif pinged and isinstance(frame, market_socket.Data) and ".mbp." not in frame.channel:
        pinged.clear()
        return market_socket.Data(channel="market.nobody.echo", message=frame.message)
    return frame


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        market_socket.MarketDialect.decode = decode
        pinged.clear()
        await super().start(settings)
