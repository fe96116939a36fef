"""Sends eleven trial orders in one batch."""

from __future__ import annotations

import orjson
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/orders/930"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        order = {"instrument_id": "BTC-JPY", "side": "buy", "type": "limit", "price": "5000000", "size": "0.01"}
        body = orjson.dumps([order] * 11)
        await self.api.rest.exchange("POST", "/api/spot/v3/batch_orders", body=body, credentials=self._credentials)
        return await super().fee_rates(symbol)
