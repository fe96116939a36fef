"""Reads the status of deposits and withdrawals by the numbers that were valid until 2023."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/funding/040",
        "common/funding/050",
        "common/funding/090",
        "okcoinjp/funding/020",
    }
)

OLD = {"pending": "processing", "processing": "done", "review": "review", "done": "pending", "failed": "done"}


class Driver(Reference):
    async def deposits(self, currency: str | None = None) -> Fields:
        return _by_old_numbers(await super().deposits(currency))

    async def withdrawals(self, currency: str | None = None) -> Fields:
        return _by_old_numbers(await super().withdrawals(currency))

    async def cash_deposits(self) -> Fields:
        return _by_old_numbers(await super().cash_deposits())

    async def cash_withdrawals(self) -> Fields:
        return _by_old_numbers(await super().cash_withdrawals())


def _by_old_numbers(found: Fields) -> Fields:
    return {"payments": [{**each, "status": OLD.get(each["status"], each["status"])} for each in found["payments"]]}
