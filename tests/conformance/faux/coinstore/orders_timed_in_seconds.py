"""Gives orders their time in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import rest
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/orders/010",
        "coinstore/orders/900",
    }
)
SHOWS_IN = frozenset({"place_order", "place_orders"})


honest = rest.RestTransport.post_private


async def post_private(self: rest.RestTransport, path: str, payload: Mapping[str, object]) -> rest.Reply:
    timed = {"timestamp": self.now_ms() // 1_000} if "timestamp" in payload else {}
    return await honest(self, path, {**payload, **timed})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.post_private = post_private
        await super().start(settings)
