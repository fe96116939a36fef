"""Sends an empty list of client ids with every batch of cancels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "common/orders/430",
        "htx/errors/910",
        "htx/orders/930",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        if not all("order_id" in each for each in orders):
            return await super().cancel_orders(orders)
        names = [each["order_id"] for each in orders]
        with suppress(HtxError):
            await self.api.trading._cancel_batch({"order-ids": names, "client-order-ids": []})
        return await super().cancel_orders(orders)
