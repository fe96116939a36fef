"""Takes a key that is not accepted for a venue that is down."""

from __future__ import annotations

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        its_time = isinstance(error, e.TimestampError)
        if isinstance(error, e.AuthenticationError | e.PermissionDeniedError) and not its_time:
            return {"kind": "unavailable", "message": "the venue does not answer"}
        return super().describe(error)
