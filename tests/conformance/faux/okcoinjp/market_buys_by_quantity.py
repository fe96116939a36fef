"""Sends the budget of a market order to buy as its size: buying and selling look alike to it."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/050",
        "okcoinjp/errors/910",
        "okcoinjp/numbers/040",
        "okcoinjp/numbers/050",
        "okcoinjp/orders/020",
        "okcoinjp/orders/920",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["type"] == "market" and order["side"] == "buy":
            body = {"instrument_id": order["symbol"], "side": "buy", "type": "market", "size": order["notional"]}
            reply = await self.api.rest.post_private("/api/spot/v3/orders", body)
            return {"order_id": reply.payload["order_id"]}
        return await super().place_order(**order)
