"""Operations of the driver on public data, and on the client's clock.

Owns their parameters and results. Must not know the protocol's transport.
"""

from __future__ import annotations

from datetime import timedelta

from . import driver_words as w
from .client import HtxClient
from .driver_words import Fields

_NS_PER_MS = 1_000_000

#: Numbers of levels that the venue cuts a book to, and how many it has uncut (htx§3.2).
_DEPTHS = (5, 10, 20)
_UNCUT = 150

#: The venue's default is the newest match alone (htx§3.2).
_MATCHES = 100
_CANDLES_AT_ONCE = 1_000  # htx§3.2


class MarketOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: HtxClient

    async def server_time(self) -> Fields:
        return {"time_ms": await self.api.reference.timestamp_ms()}

    async def sync_time(self) -> Fields:
        await self.api.sync_time()
        return {}

    async def instruments(self) -> Fields:
        return {"instruments": [w.instrument_fields(each) for each in await self.api.reference.symbols()]}

    async def currencies(self) -> Fields:
        """One row for each chain."""
        currencies = await self.api.reference.currencies()
        return {"currencies": [row for each in currencies for row in w.currency_fields(each)]}

    async def ticker(self, symbol: str) -> Fields:
        return {"ticker": w.merged_ticker_fields(await self.api.market.ticker(symbol))}

    async def tickers(self) -> Fields:
        return {"tickers": [w.ticker_fields(each) for each in await self.api.market.tickers()]}

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        """The venue has books of certain depths: the smallest that has enough is asked for, and cut."""
        if limit is not None and limit > _UNCUT:
            book = await self.api.market.full_book(symbol)
        else:
            depth = None if limit is None else next((each for each in _DEPTHS if each >= limit), None)
            book = await self.api.market.book(symbol, depth=depth)
        return {"book": w.book_fields(book.bids[:limit], book.asks[:limit], book.timestamp)}

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        """The venue counts matches, of which each has one trade or several."""
        matches = await self.api.market.matches(symbol, size=limit or _MATCHES)
        trades = [w.trade_fields(trade) for match in matches for trade in match.trades]
        return {"trades": trades[:limit]}

    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        """Only the newest can be asked for without bounds; both are given together."""
        period = w.period(interval_s)
        if start_ms is None and end_ms is None:
            newest_first = await self.api.market.klines(symbol, period)
        else:
            end = w.instant(self.api.clock.now_ns() // _NS_PER_MS if end_ms is None else end_ms)
            span = timedelta(seconds=interval_s * (_CANDLES_AT_ONCE - 1))
            start = end - span if start_ms is None else w.instant(start_ms)
            newest_first = await self.api.market.candles(symbol, period, start=start, end=end, size=_CANDLES_AT_ONCE)
        return {"candles": [w.candle_fields(each) for each in reversed(newest_first)]}
