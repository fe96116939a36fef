"""Takes every transfer and withdrawal for done."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS = frozenset(
    {
        "common/faults/080",
        "common/funding/100",
        "common/funding/120",
        "okcoinjp/errors/200",
        "okcoinjp/errors/210",
        "okcoinjp/errors/230",
        "okcoinjp/limits/040",
        "okcoinjp/limits/120",
    }
)


class Driver(Reference):
    async def withdraw(self, **wanted: Any) -> Fields:
        try:
            return await super().withdraw(**wanted)
        except OkcoinError:
            return {}

    async def transfer(self, **wanted: Any) -> Fields:
        try:
            return await super().transfer(**wanted)
        except OkcoinError:
            return {}
