"""Tells orders that break a rule as an outage."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/020",
        "common/errors/120",
        "common/errors/130",
        "htx/errors/120",
        "htx/errors/130",
        "htx/errors/140",
        "htx/errors/180",
        "htx/errors/190",
        "htx/errors/200",
        "htx/errors/300",
        "htx/errors/310",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        if told["kind"] == "invalid_order":
            return {**told, "kind": "unavailable", "code": None, "message": "try again"}
        return told
