"""Says of a trial market purchase how much to buy, not what to spend."""

from __future__ import annotations

import orjson
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/orders/920", "okcoinjp/errors/910"})


class Driver(Reference):
    async def fee_rates(self, symbol: str | None = None) -> Fields:
        order = {"instrument_id": "BTC-JPY", "side": "buy", "type": "market", "size": "0.01"}
        await self.api.rest.exchange("POST", "/api/spot/v3/orders", body=orjson.dumps(order), credentials=self._credentials)
        return await super().fee_rates(symbol)
