"""Asks for orders by its own ids as if the venue had given them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import trading
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/faults/020",
        "common/orders/130",
        "ktx/faults/520",
        "ktx/orders/020",
        "ktx/orders/040",
    }
)
SHOWS_IN = frozenset({"order"})


async def client_order(self: trading.TradingApi, client_order_id: int) -> trading.m.Order:
    return await self.order(client_order_id)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading.TradingApi.client_order = client_order
        await super().start(settings)
