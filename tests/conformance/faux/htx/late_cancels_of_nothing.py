"""Tells an order that is over as unknown when it is cancelled by name."""

from __future__ import annotations

from mockex.clients.htx import errors as e
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/330",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        try:
            return await super().cancel_order(symbol, order_id, client_id)
        except e.OrderClosedError as error:
            if client_id is None:
                raise
            raise e.OrderNotFoundError("no such order") from error
