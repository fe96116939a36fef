"""Takes whatever was read last of an order for its state, and adds to it what the stream tells."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/280",
    }
)


class Driver(Reference):
    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        found = await super().order(symbol, order_id, client_id)
        self._filled()[found["order"]["order_id"]] = Decimal(found["order"]["filled_qty"])
        return found

    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        if channel == "orders" and found["event"] is not None:
            fills = found["event"].get("fills", ())
            for row in found["event"]["orders"]:
                if row["order_id"] in self._filled():
                    self._filled()[row["order_id"]] += sum(Decimal(fill["qty"]) for fill in fills)
                    row["filled_qty"] = format(self._filled()[row["order_id"]], "f")
        return found

    def _filled(self) -> dict[str, Decimal]:
        filled: dict[str, Decimal] = self.__dict__.setdefault("_filled_so_far", {})
        return filled
