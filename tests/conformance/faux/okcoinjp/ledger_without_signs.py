"""Shows the amounts of its ledgers without their sign."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/070",
        "common/balances/080",
        "common/funding/110",
    }
)


class Driver(Reference):
    async def ledger(self, **narrowed: Any) -> Fields:
        return _unsigned(await super().ledger(**narrowed))

    async def wallet_ledger(self, **narrowed: Any) -> Fields:
        return _unsigned(await super().wallet_ledger(**narrowed))


def _unsigned(found: Fields) -> Fields:
    return {"entries": [{**each, "amount": each["amount"].lstrip("-")} for each in found["entries"]]}
