"""Asks for its fees by a clock that is a minute slow, and then by the right one."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import iso_timestamp, signed_headers

FAILS = frozenset({"okcoinjp/time/910", "okcoinjp/time/920"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        target, moment = "/api/spot/v3/trade_fee", iso_timestamp(self._clock.now_ns() - 60_000_000_000)
        assert self._credentials is not None
        headers = signed_headers(self._credentials, timestamp=moment, method="GET", target=target)
        await self.api.rest._http.exchange("GET", target, body=b"", headers=headers)
        return await super().fee_rates(symbol)
