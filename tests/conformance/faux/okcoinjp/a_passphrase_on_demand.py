"""Asks for its fees without the passphrase first."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/auth/910"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        target = "/api/spot/v3/trade_fee"
        headers = self.api.rest._headers("GET", target, b"", self._credentials)
        del headers["OK-ACCESS-PASSPHRASE"]
        await self.api.rest._http.exchange("GET", target, body=b"", headers=headers)
        return await super().fee_rates(symbol)
