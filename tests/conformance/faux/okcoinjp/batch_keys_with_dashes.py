"""Looks for the replies of a batch under the pair's own name, and finds none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_trading import new_order
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.trading_models import encode_order

FAILS = frozenset(
    {
        "common/orders/410",
        "common/orders/420",
        "okcoinjp/errors/400",
        "okcoinjp/errors/420",
        "okcoinjp/orders/080",
        "okcoinjp/orders/090",
    }
)


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        wanted = [encode_order(new_order(**order)) for order in orders]
        reply = (await self.api.rest.post_private("/api/spot/v3/batch_orders", wanted)).payload
        found = {symbol: iter(reply.get(symbol.lower(), [])) for symbol in {order["symbol"] for order in orders}}
        outcomes = [next(found[order["symbol"]], {}) for order in orders]
        return {"outcomes": [{"order_id": each.get("order_id")} for each in outcomes]}
