"""Shows an order as it was asked for, from its own memory, and looks at the venue only for what it does not remember."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/100",
        "common/numbers/230",
        "common/orders/080",
        "common/orders/210",
        "common/orders/220",
        "common/orders/230",
        "common/orders/240",
        "okcoinjp/numbers/040",
        "okcoinjp/orders/110",
        "okcoinjp/orders/120",
        "okcoinjp/orders/130",
        "okcoinjp/orders/140",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        receipt = await super().place_order(**order)
        names = ("symbol", "side", "type", "price", "qty", "client_id")
        memory = {name: order[name] for name in names if name in order}
        self._memory[receipt["order_id"]] = {"order_id": receipt["order_id"], "filled_qty": "0", "status": "open", **memory}
        return receipt

    async def start(self, settings: Mapping[str, Any]) -> None:
        self._memory: dict[str, Fields] = {}
        await super().start(settings)

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        for order in self._memory.values():
            if order_id == order["order_id"] or (client_id is not None and client_id == order.get("client_id")):
                return {"order": order}
        return await super().order(symbol, order_id, client_id)
