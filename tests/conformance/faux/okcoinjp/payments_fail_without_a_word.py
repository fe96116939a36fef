"""Says of a refused transfer or withdrawal only that it failed."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS = frozenset(
    {
        "okcoinjp/errors/200",
        "okcoinjp/errors/210",
        "okcoinjp/errors/220",
        "okcoinjp/errors/230",
        "okcoinjp/limits/040",
    }
)


class Driver(Reference):
    async def transfer(self, **wanted: Any) -> Fields:
        return await quietly(super().transfer(**wanted))

    async def withdraw(self, **wanted: Any) -> Fields:
        return await quietly(super().withdraw(**wanted))

    async def cash_withdraw(self, **wanted: Any) -> Fields:
        return await quietly(super().cash_withdraw(**wanted))


async def quietly(paying: Awaitable[Fields]) -> Fields:
    try:
        return await paying
    except OkcoinError:
        raise OkcoinError("the payment failed") from None
