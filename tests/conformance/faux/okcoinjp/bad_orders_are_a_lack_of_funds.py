"""Takes every rule that an order breaks for a lack of funds."""

from __future__ import annotations

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/errors/020", "common/errors/050"})


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        if isinstance(error, e.OrderRejectedError):
            return {"kind": "insufficient_funds", "message": "not enough funds"}
        return super().describe(error)
