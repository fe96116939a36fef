"""Sends a trial order with more decimals than the venue trades."""

from __future__ import annotations

import orjson
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/numbers/910", "okcoinjp/numbers/920"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        order = {"instrument_id": "BTC-JPY", "side": "buy", "type": "limit", "price": "5000000.15", "size": "0.0100000001"}
        await self.api.rest.exchange("POST", "/api/spot/v3/orders", body=orjson.dumps(order), credentials=self._credentials)
        return await super().fee_rates(symbol)
