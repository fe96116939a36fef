"""Takes every fee for an amount of base currency."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/030",
        "okcoinjp/fills/020",
    }
)


class Driver(Reference):
    async def fills(self, **narrowed: Any) -> Fields:
        found = (await super().fills(**narrowed))["fills"]
        return {"fills": [{**each, "fee_currency": "BTC"} for each in found]}
