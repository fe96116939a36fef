"""Moves the decimal point of amounts in yen, as if they had cents."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/funding/040",
        "okcoinjp/funding/050",
    }
)


class Driver(Reference):
    async def cash_deposits(self) -> Fields:
        return _cents(await super().cash_deposits())

    async def cash_withdrawals(self) -> Fields:
        return _cents(await super().cash_withdrawals())


def _cents(found: Fields) -> Fields:
    return {"payments": [{**each, "amount": str(Decimal(each["amount"]) / 100)} for each in found["payments"]]}
