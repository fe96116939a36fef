"""Takes the name of a currency for the name of its chain."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/funding/060"})


class Driver(Reference):
    async def deposit_addresses(self, currency: str) -> Fields:
        rows = (await super().deposit_addresses(currency))["addresses"]
        return {"addresses": [{**row, "chain": f"{currency}-mainnet"} for row in rows]}
