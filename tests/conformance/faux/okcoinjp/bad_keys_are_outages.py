"""Takes a key that is not accepted for a venue that is down."""

from __future__ import annotations

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/auth/110",
        "common/auth/120",
        "common/auth/130",
        "common/auth/310",
        "common/errors/070",
        "common/streams/140",
        "okcoinjp/auth/080",
        "okcoinjp/auth/090",
        "okcoinjp/auth/100",
        "okcoinjp/auth/110",
        "okcoinjp/errors/080",
        "okcoinjp/errors/210",
        "okcoinjp/errors/220",
        "okcoinjp/streams/040",
        "okcoinjp/streams/090",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        its_time = isinstance(error, e.TimestampError)
        if isinstance(error, e.AuthenticationError | e.PermissionDeniedError) and not its_time:
            return {"kind": "unavailable", "message": "the venue does not answer"}
        return super().describe(error)
