"""Stamps its question for the fees with a date in words first."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import signed_headers

FAILS = frozenset({"okcoinjp/time/900"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        target, moment = "/api/spot/v3/trade_fee", "Sat, 21 Nov 2026 12:00:00 GMT"
        assert self._credentials is not None
        headers = signed_headers(self._credentials, timestamp=moment, method="GET", target=target)
        await self.api.rest._http.exchange("GET", target, body=b"", headers=headers)
        return await super().fee_rates(symbol)
