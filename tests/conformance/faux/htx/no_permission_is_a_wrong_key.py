"""Tells a lack of permission as a wrong key."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/auth/110",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        return {**told, "kind": "authentication"} if told["kind"] == "permission" else told
