"""Names the orders of a batch of cancels as the vendor's script does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import trading
from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/errors/910",
        "coinstore/orders/130",
        "common/orders/430",
        "common/orders/440",
    }
)
SHOWS_IN = frozenset({"cancel_orders"})


async def cancel_orders(self: trading.TradingApi, symbol: str, order_ids: list[int]) -> m.CancelledIds:
    reply = await self._rest.post_private("/api/trade/order/cancelBatch", {"orderId": list(order_ids), "symbol": symbol})
    return m.decode_cancelled_ids(reply.row("cancelled orders"))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading.TradingApi.cancel_orders = cancel_orders
        await super().start(settings)
