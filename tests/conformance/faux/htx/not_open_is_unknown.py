"""Takes a market that is not open for an unknown symbol."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/110",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        if "not open now" in str(told["message"]):
            return {**told, "kind": "bad_symbol"}
        return told
