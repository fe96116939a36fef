"""Takes a limit that was reached for a venue that is down."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS = frozenset(
    {
        "common/faults/120",
        "common/limits/010",
        "okcoinjp/limits/010",
        "okcoinjp/limits/020",
        "okcoinjp/limits/030",
        "okcoinjp/limits/040",
        "okcoinjp/limits/050",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        if isinstance(error, RateLimitError):
            return {"kind": "unavailable", "message": "no answer"}
        return super().describe(error)
