"""Tells limits as outages."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/120",
        "common/limits/010",
        "htx/errors/050",
        "htx/errors/070",
        "htx/limits/010",
        "htx/limits/020",
        "htx/limits/030",
        "htx/limits/040",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        if told["kind"] == "rate_limited":
            return {**told, "kind": "unavailable", "code": None, "message": "try again"}
        return told
