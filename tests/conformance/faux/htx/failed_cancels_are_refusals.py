"""Tells a cancel that failed inside the venue as a refusal."""

from __future__ import annotations

from mockex.clients.htx import errors as e
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/faults/030",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        try:
            return await super().cancel_order(symbol, order_id, client_id)
        except e.ServerFaultError as error:
            raise e.CancelRejectedError("not cancelled") from error
