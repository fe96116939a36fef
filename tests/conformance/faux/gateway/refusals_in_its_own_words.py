"""Says of every refusal that it failed."""

from __future__ import annotations

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/errors/010",
        "gateway/errors/020",
        "gateway/errors/030",
        "gateway/errors/040",
        "gateway/errors/050",
        "gateway/errors/070",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        return {**super().describe(error), "message": "the request failed"}
