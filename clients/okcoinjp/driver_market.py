"""Operations of the driver on public data, and on the client's clock.

Owns their parameters and results. Must not know the protocol's transport.
"""

from __future__ import annotations

from datetime import timedelta

from . import driver_words as w
from .client import OkcoinClient
from .driver_words import Fields

_NS_PER_MS = 1_000_000
_CANDLES_AT_ONCE = 200  # okj§8


class MarketOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: OkcoinClient

    async def server_time(self) -> Fields:
        return {"time_ms": (await self.api.server_time()).epoch_ns // _NS_PER_MS}

    async def sync_time(self) -> Fields:
        await self.api.sync_time()
        return {}

    async def instruments(self) -> Fields:
        return {"instruments": [w.instrument_fields(each) for each in await self.api.market.instruments()]}

    async def ticker(self, symbol: str) -> Fields:
        return {"ticker": w.ticker_fields(await self.api.market.ticker(symbol))}

    async def tickers(self) -> Fields:
        return {"tickers": [w.ticker_fields(each) for each in await self.api.market.tickers()]}

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        book = await self.api.market.book(symbol, size=limit)
        return {"book": w.book_fields(book.bids, book.asks, book.timestamp)}

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        return {"trades": [w.trade_fields(each) for each in await self.api.market.trades(symbol, limit=limit)]}

    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        """The venue heeds start and end only together (okj§8), so a missing one is put where it bounds nothing."""
        granularity = w.granularity(interval_s)
        start = None if start_ms is None else w.instant(start_ms)
        end = None if end_ms is None else w.instant(end_ms)
        if start is not None and end is None:
            end = w.instant(self.api.clock.now_ns() // _NS_PER_MS)
        if end is not None and start is None:
            start = end - timedelta(seconds=interval_s * _CANDLES_AT_ONCE)
        newest_first = await self.api.market.candles(symbol, granularity=granularity, start=start, end=end)
        return {"candles": [w.candle_fields(each) for each in reversed(newest_first)]}
