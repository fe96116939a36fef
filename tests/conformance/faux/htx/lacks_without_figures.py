"""Tells a lack of money in words of its own."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/420",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        if told["kind"] == "insufficient_funds":
            return {**told, "message": "not enough money"}
        return told
