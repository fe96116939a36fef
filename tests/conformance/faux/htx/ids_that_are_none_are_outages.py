"""Tells an id that is no number as an outage."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/170",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        if told.get("code") == "validation-format-error":
            return {**told, "kind": "unavailable", "code": None, "message": "try again"}
        return told
