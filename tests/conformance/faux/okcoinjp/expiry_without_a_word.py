"""Says of an old signature only that something was refused."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import TimestampError

FAILS = frozenset({"common/time/010"})


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        if isinstance(error, TimestampError):
            return {"kind": "other", "message": "refused", "exception": None}
        return super().describe(error)
