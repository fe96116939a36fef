"""Names its key twice in lists of orders."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/limits/040",
        "htx/auth/920",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        assert self._credentials is not None
        await self.api.rest.get_private("/v1/order/openOrders", [("AccessKeyId", self._credentials.api_key)])
        return await super().open_orders(symbol, all)
