"""Asks for orders without saying in which state, to see what comes."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/errors/910"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        target = "/api/spot/v3/orders?instrument_id=BTC-JPY"
        await self.api.rest.exchange("GET", target, credentials=self._credentials)
        return await super().fee_rates(symbol)
