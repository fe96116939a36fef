"""Takes the number of an accepted cancel for a failure."""

from __future__ import annotations

from mockex.clients.htx import errors as e
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/310",
        "htx/errors/340",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        if client_id is None:
            return await super().cancel_order(symbol, order_id=order_id)
        answer = await self.api.trading.cancel_client_order(client_id)
        if answer.number != 7:
            raise e.CancelRejectedError("not cancelled", code=answer.number)
        return {"client_id": client_id}
