"""Reads its balances once and keeps them."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/110",
        "common/numbers/200",
        "okcoinjp/time/020",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        if self._kept is None:
            self._kept = await super().balances()
        return self._kept

    _kept: Fields | None = None
