"""Shows the wallet that trades as the funding wallet, too."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/funding/030",
    }
)


class Driver(Reference):
    async def wallet(self) -> Fields:
        return await self.balances()
