"""Gives all trial orders the same name."""

from __future__ import annotations

import orjson
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/orders/910"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        order = {
            "instrument_id": "BTC-JPY",
            "side": "buy",
            "type": "limit",
            "price": "5000000",
            "size": "0.01",
            "client_oid": "trial",
        }
        for _ in range(2):
            await self.api.rest.exchange("POST", "/api/spot/v3/orders", body=orjson.dumps(order), credentials=self._credentials)
        return await super().fee_rates(symbol)
