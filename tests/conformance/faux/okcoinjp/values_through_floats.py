"""Reads the value of everything as a binary fraction."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/numbers/060"})


class Driver(Reference):
    async def valuation(self) -> Fields:
        told = await super().valuation()
        return {**told, "amount": repr(float(told["amount"]))}
