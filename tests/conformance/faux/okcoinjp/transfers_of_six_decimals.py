"""Cuts amounts of transfers to six decimals."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/funding/020",
        "common/numbers/040",
        "common/numbers/050",
    }
)


class Driver(Reference):
    async def transfer(self, amount: str, **wanted: Any) -> Fields:
        cut = Decimal(amount).quantize(Decimal("0.000001"), ROUND_DOWN)
        return await super().transfer(amount=f"{cut:f}", **wanted)
