"""Expects JSON also of a gateway, and fails at reading the page."""

from __future__ import annotations

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/300",
        "common/errors/310",
        "common/faults/060",
    }
)


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        if isinstance(error.__cause__, e.MalformedReplyError):
            return super().describe(error.__cause__)
        return super().describe(error)
