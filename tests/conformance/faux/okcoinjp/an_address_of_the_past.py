"""Asks for its fees at an address that the venue does not have, and then at the right one."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/errors/900"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        await self.api.rest.exchange("GET", "/api/spot/v3/fees", credentials=self._credentials)
        return await super().fee_rates(symbol)
