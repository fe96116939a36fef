"""Operations of the driver on public data.

Owns their parameters and results. Must not know the protocol's transport. The venue has no call for its time, so the protocol's
`server_time` and `sync_time` are not offered, and none that lists all currencies.
"""

from __future__ import annotations

from . import driver_words as w
from .client import CoinstoreClient
from .driver_words import Fields
from .market import Levels

#: Numbers of levels that a book can have (cs§7.16).
_DEPTHS: tuple[Levels, ...] = (5, 10, 20, 50, 100)

_MOST_TRADES = 100
_MOST_CANDLES = 2_000


class MarketOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: CoinstoreClient

    async def instruments(self) -> Fields:
        return {"instruments": [w.instrument_fields(each) for each in await self.api.reference.symbols()]}

    async def fee_rates(self, symbol: str | None = None) -> Fields:
        if symbol is None:
            raise ValueError("the venue has fee rates for each symbol: name one")
        rules = await self.api.reference.symbol(symbol)
        return {"maker": w.text(rules.maker_fee), "taker": w.text(rules.taker_fee)}

    async def ticker(self, symbol: str) -> Fields:
        return {"ticker": w.ticker_fields(await self.api.market.ticker(symbol))}

    async def tickers(self) -> Fields:
        return {"tickers": [w.ticker_fields(each) for each in await self.api.market.tickers()]}

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        """The venue has books of certain depths: the smallest that has enough is asked for, and cut."""
        levels = None if limit is None else next((each for each in _DEPTHS if each >= limit), _DEPTHS[-1])
        book = await self.api.market.book(symbol, levels=levels)
        return {"book": w.book_fields(book.bids[:limit], book.asks[:limit])}

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        trades = await self.api.market.trades(symbol, size=min(limit or _MOST_TRADES, _MOST_TRADES))
        return {"trades": [w.trade_fields(each) for each in trades]}

    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        """The newest: the venue takes no bounds here (cs§7.17)."""
        if start_ms is not None or end_ms is not None:
            raise ValueError("the venue has the newest candles only, without bounds")
        told = await self.api.market.candles(symbol, interval=w.interval(interval_s), size=_MOST_CANDLES)
        return {"candles": [w.candle_fields(each) for each in told.candles]}
