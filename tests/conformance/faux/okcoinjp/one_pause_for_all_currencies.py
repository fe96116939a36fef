"""Holds a transfer back because one of another currency was just made."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS = frozenset({"okcoinjp/limits/100"})


class Driver(Reference):
    last: str | None = None

    async def transfer(self, currency: str, **wanted: Any) -> Fields:
        last, self.last = self.last, currency
        if last not in (None, currency):
            raise RateLimitError("one transfer at a time")
        return await super().transfer(currency=currency, **wanted)
