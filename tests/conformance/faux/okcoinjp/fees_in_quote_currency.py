"""Takes every fee for an amount of quote currency."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/020",
    }
)


class Driver(Reference):
    async def fills(self, **narrowed: Any) -> Fields:
        found = (await super().fills(**narrowed))["fills"]
        return {"fills": [{**each, "fee_currency": "JPY"} for each in found]}
