"""Tells an order that was not answered as one that the venue refused."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import ConnectionLostError, OrderRejectedError, RequestTimeoutError

FAILS = frozenset(
    {
        "common/faults/010",
        "common/faults/030",
        "common/faults/040",
        "okcoinjp/errors/030",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except (ConnectionLostError, RequestTimeoutError) as error:
            raise OrderRejectedError("the order failed") from error
