"""Names trades of the stream by their long ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.htx import market_models, market_socket
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/streams/090",
    }
)
SHOWS_IN = frozenset({"next_event"})


honest = market_socket.MarketDialect.decode_push


def decode_push(self: market_socket.MarketDialect, data: market_socket.Data) -> market_socket.PushValue:
    value = honest(self, data)
    if isinstance(value, market_models.Match):
        return replace(value, trades=tuple(replace(trade, trade_id=trade.id) for trade in value.trades))
    return value


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        market_socket.MarketDialect.decode_push = decode_push
        await super().start(settings)
