"""Leaves ids out of subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import market_socket
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/errors/400",
        "htx/streams/050",
        "htx/streams/940",
    }
)
SHOWS_IN = frozenset({"subscribe"})


def subscription(
    self: market_socket.MarketDialect, op: market_socket.StreamOp, channel: str, request_id: str
) -> market_socket.Message:
    return {op.value: channel}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        market_socket.MarketDialect.subscription = subscription
        await super().start(settings)
