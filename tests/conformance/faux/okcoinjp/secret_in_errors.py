"""Tells with each error what it was signed with."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/auth/070"})


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        key = self._credentials
        return told if key is None else {**told, "message": f"{told['message']} (signed with {key.secret})"}
