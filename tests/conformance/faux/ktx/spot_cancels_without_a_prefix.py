"""Cancels by its own ids as if the venue had given them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import trading
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/orders/310",
        "ktx/orders/030",
    }
)
SHOWS_IN = frozenset({"cancel_order"})


async def cancel(self: trading.TradingApi, client_order_id: int, **more: Any) -> int:
    return await self.cancel_order(client_order_id, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading.TradingApi.cancel_client_order = cancel
        await super().start(settings)
