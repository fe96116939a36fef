"""Pays the largest fee for every withdrawal, whatever fee was asked for, and reads no fee in the list."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/funding/080",
        "okcoinjp/funding/030",
    }
)


class Driver(Reference):
    async def withdraw(self, **wanted: Any) -> Fields:
        return await super().withdraw(**{**wanted, "fee": "0.02"})

    async def withdrawals(self, currency: str | None = None) -> Fields:
        rows = (await super().withdrawals(currency))["payments"]
        return {"payments": [{**row, "fee": "0"} for row in rows]}
