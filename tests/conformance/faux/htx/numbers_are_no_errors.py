"""Takes a failure that is a number for an answer without data."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/auth/100",
        "htx/errors/030",
        "htx/errors/040",
        "htx/errors/050",
        "htx/errors/060",
        "htx/limits/040",
    }
)


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        try:
            return await super().fee_rates(symbol)
        except HtxError as error:
            if isinstance(error.code, int):
                return {"maker": "0", "taker": "0"}
            raise
