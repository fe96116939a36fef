"""Takes a request that was not answered for one that was refused."""

from __future__ import annotations

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import ConnectionLostError, RequestTimeoutError, VenueLostError
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/faults/120",
        "gateway/faults/130",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        if isinstance(error, RequestTimeoutError | VenueLostError | ConnectionLostError):
            return {"kind": "invalid_order", "message": str(error)}
        return super().describe(error)
