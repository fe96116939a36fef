"""Takes trouble inside the venue for a refusal of the order."""

from __future__ import annotations

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/errors/010",
        "okcoinjp/errors/020",
        "okcoinjp/errors/030",
        "okcoinjp/errors/040",
        "okcoinjp/errors/050",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        trouble = isinstance(error, e.UnavailableError | e.RequestTimeoutError) and not isinstance(error, e.MaintenanceError)
        if trouble and error.code is not None:
            return {"kind": "bad_request", "message": "refused"}
        return super().describe(error)
