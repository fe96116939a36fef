"""Names the interval of candles in minutes."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields, candle_fields
from mockex.clients.okcoinjp.market_models import decode_candle

FAILS = frozenset(
    {
        "common/market/120",
        "common/market/130",
        "common/market/140",
        "okcoinjp/market/040",
        "okcoinjp/market/050",
        "okcoinjp/time/050",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        query = {"granularity": str(interval_s // 60)}
        reply = await self.api.rest.get_public(f"/api/spot/v3/instruments/{symbol}/candles", list(query.items()))
        return {"candles": [candle_fields(decode_candle(row)) for row in reversed(reply.payload)]}
