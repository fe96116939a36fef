"""Knows no other reply than JSON, and stumbles over the page of a gateway."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import UnavailableError

FAILS = frozenset(
    {
        "common/errors/300",
        "common/errors/310",
        "common/faults/060",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        try:
            return await super().balances()
        except UnavailableError as error:
            if error.code is not None:
                raise
            raise RuntimeError("Expecting value: line 1 column 1 (char 0)") from None
