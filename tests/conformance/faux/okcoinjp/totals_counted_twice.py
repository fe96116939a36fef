"""Adds what is available to the total, which has it already."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/010",
        "common/balances/020",
        "common/balances/040",
        "common/balances/110",
        "common/numbers/200",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows = (await super().balances())["balances"]
        return {"balances": [{**row, "total": f"{Decimal(row['total']) + Decimal(row['available']):f}"} for row in rows]}
