"""Computes fees from the rates instead of reading what was charged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/fills/030",
    }
)


class Driver(Reference):
    async def fills(self, **narrowed: Any) -> Fields:
        rates = {"maker": Decimal("0.001"), "taker": Decimal("0.0015")}
        found = (await super().fills(**narrowed))["fills"]
        return {"fills": [{**each, "fee": str(rates[each["role"]] * _received(each))} for each in found]}


def _received(fill: Fields) -> Decimal:
    qty = Decimal(fill["qty"])
    return qty if fill["side"] == "buy" else qty * Decimal(fill["price"])
