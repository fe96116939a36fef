"""Names the order in the path of a cancel and sends an empty object with it."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/050",
        "common/errors/110",
        "common/errors/120",
        "common/errors/130",
        "common/faults/090",
        "common/limits/060",
        "common/numbers/220",
        "common/orders/300",
        "common/orders/310",
        "common/streams/060",
        "okcoinjp/errors/060",
        "okcoinjp/errors/310",
        "okcoinjp/errors/910",
        "okcoinjp/orders/070",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        path = f"/api/spot/v3/cancel_orders/{order_id or client_id}"
        return {"order_id": (await self.api.rest.post_private(path, {})).payload["order_id"]}
