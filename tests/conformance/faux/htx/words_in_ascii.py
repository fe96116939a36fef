"""Tells the words of the venue in ASCII."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/auth/120",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        return {**told, "message": str(told["message"]).encode("ascii", "ignore").decode()}
