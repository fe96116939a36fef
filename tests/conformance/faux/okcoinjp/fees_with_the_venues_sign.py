"""Passes on the sign of a fee as the venue writes it, so that a cost looks like a rebate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/020",
        "common/fills/030",
        "okcoinjp/fills/020",
        "okcoinjp/fills/030",
    }
)


class Driver(Reference):
    async def fills(self, **narrowed: Any) -> Fields:
        found = (await super().fills(**narrowed))["fills"]
        return {"fills": [{**each, "fee": str(-Decimal(each["fee"]))} for each in found]}
