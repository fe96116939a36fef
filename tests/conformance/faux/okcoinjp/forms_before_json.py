"""Posts a form first."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/errors/900"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        target, body = "/api/spot/v3/cancel_orders/1", b"instrument_id=BTC-JPY"
        headers = self.api.rest._headers("POST", target, body, self._credentials)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        await self.api.rest._http.exchange("POST", target, body=body, headers=headers)
        return await super().fee_rates(symbol)
