"""Takes a failure of the gateway for a refusal."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/020",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        if told.get("code") == "gateway-internal-error":
            return {**told, "kind": "invalid_order", "code": None}
        return told
