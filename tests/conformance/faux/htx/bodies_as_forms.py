"""Sends the list of orders to cancel as a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "common/orders/430",
        "htx/errors/900",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        target = self.api.rest.signed_target("POST", "/v1/order/orders/batchcancel")
        with suppress(HtxError):
            await self.api.rest.send("POST", target, body=b"order-ids=1")
        return await super().cancel_orders(orders)
