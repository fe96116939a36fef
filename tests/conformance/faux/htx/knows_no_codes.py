"""Tells what it has no class for without its code."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/070",
        "htx/errors/080",
        "htx/errors/090",
        "htx/errors/100",
        "htx/errors/200",
    }
)


RARE = ("order-holding-limit-failed", "operation-forbidden-for-lock-account-state", "order-disabled", "cancel-disabled")


class Driver(Reference):
    def describe(self, error: Exception) -> Fields:
        told = super().describe(error)
        if told.get("code") in RARE:
            return {**told, "kind": "other", "code": None, "message": "refused"}
        return told
