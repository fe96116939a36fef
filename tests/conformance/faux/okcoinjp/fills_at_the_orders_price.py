"""Shows its fills at the price of their order."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/fills/010", "common/fills/050"})


class Driver(Reference):
    async def fills(self, **narrowed: Any) -> Fields:
        found = (await super().fills(**narrowed))["fills"]
        orders = [(await self.order(each["symbol"], each["order_id"]))["order"] for each in found[:10]]
        prices = {order["order_id"]: order["price"] for order in orders}
        return {"fills": [{**each, "price": prices.get(each["order_id"]) or each["price"]} for each in found]}
