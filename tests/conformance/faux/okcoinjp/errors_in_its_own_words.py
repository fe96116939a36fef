"""Replaces the venue's words and codes by its own."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/200",
        "common/errors/210",
        "okcoinjp/errors/100",
        "okcoinjp/streams/040",
        "okcoinjp/streams/080",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        return {**super().describe(error), "message": "the request failed", "code": None}
