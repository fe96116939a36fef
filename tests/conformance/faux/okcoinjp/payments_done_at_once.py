"""Takes a payment that is listed for a payment that is done."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/funding/040",
        "common/funding/050",
        "common/funding/090",
        "okcoinjp/funding/020",
        "okcoinjp/funding/040",
        "okcoinjp/funding/050",
    }
)


class Driver(Reference):
    async def deposits(self, currency: str | None = None) -> Fields:
        return _done(await super().deposits(currency))

    async def withdrawals(self, currency: str | None = None) -> Fields:
        return _done(await super().withdrawals(currency))

    async def cash_deposits(self) -> Fields:
        return _done(await super().cash_deposits())

    async def cash_withdrawals(self) -> Fields:
        return _done(await super().cash_withdrawals())


def _done(found: Fields) -> Fields:
    return {"payments": [{**each, "status": "done"} for each in found["payments"]]}
