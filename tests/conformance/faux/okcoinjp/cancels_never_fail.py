"""Takes every cancel that is refused for a reason of the order for carried out."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/120",
        "common/errors/130",
        "common/faults/100",
        "common/orders/320",
        "okcoinjp/errors/060",
        "okcoinjp/errors/070",
    }
)


class Driver(Reference):
    async def cancel_order(self, **reference: Any) -> Fields:
        try:
            return await super().cancel_order(**reference)
        except (e.CancelRejectedError, e.InvalidRequestError):
            return {"order_id": reference.get("order_id")}
