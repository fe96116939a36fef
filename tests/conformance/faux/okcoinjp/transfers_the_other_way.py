"""Mixes up the wallets of a transfer."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/080",
        "common/funding/010",
        "common/funding/020",
        "common/funding/110",
        "common/numbers/050",
        "okcoinjp/funding/010",
    }
)


class Driver(Reference):
    async def transfer(self, currency: str, amount: str, source: str, target: str) -> Fields:
        return await super().transfer(currency, amount, source=target, target=source)
