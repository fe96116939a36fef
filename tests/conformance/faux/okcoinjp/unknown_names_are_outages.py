"""Takes a pair or a currency that there is not for a venue that is down."""

from __future__ import annotations

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/030",
        "common/errors/040",
        "okcoinjp/errors/090",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        if isinstance(error, e.UnknownInstrumentError | e.UnknownCurrencyError):
            return {"kind": "unavailable", "message": "no answer"}
        return super().describe(error)
