"""Takes an order that there is not for a venue that is down."""

from __future__ import annotations

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/100",
        "common/errors/110",
        "okcoinjp/errors/310",
        "okcoinjp/errors/330",
        "okcoinjp/orders/110",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        if isinstance(error, e.OrderNotFoundError):
            return {"kind": "unavailable", "message": "no answer"}
        return super().describe(error)
