"""Operations of the driver on public data.

Owns their parameters and results. Must not know the protocol's transport. The venue has no call for its time, so the protocol's
`server_time` and `sync_time` are not offered. What the protocol asks of all instruments is asked of both markets.
"""

from __future__ import annotations

from . import driver_words as w
from .client import KtxClient
from .driver_words import Fields
from .errors import MalformedReplyError
from .market import MOST_TRADES, Levels
from .market_models import Product
from .vocabulary import Market

#: Numbers of levels that a book can have (ktx§6).
_LEVELS: tuple[Levels, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

_MOST_CANDLES = 1_000  # ktx§6


class MarketOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: KtxClient

    async def instruments(self) -> Fields:
        products = [each for market in Market for each in await self.api.market.products(market)]
        return {"instruments": [w.instrument_fields(each) for each in products]}

    async def fee_rates(self, symbol: str | None = None) -> Fields:
        if symbol is None:
            raise ValueError("the venue has fee rates for each product: name one")
        product = await self._product(symbol)
        return {"maker": w.text(product.maker_fee), "taker": w.text(product.taker_fee)}

    async def _product(self, symbol: str) -> Product:
        for product in await self.api.market.products(w.market(symbol), symbol=symbol):
            return product
        raise MalformedReplyError(f"the venue tells nothing of {symbol}")

    async def ticker(self, symbol: str) -> Fields:
        for ticker in await self.api.market.tickers(w.market(symbol), symbol):
            return {"ticker": w.ticker_fields(ticker)}
        raise MalformedReplyError(f"the venue tells no ticker of {symbol}")

    async def tickers(self) -> Fields:
        tickers = [each for market in Market for each in await self.api.market.tickers(market)]
        return {"tickers": [w.ticker_fields(each) for each in tickers]}

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        """The venue has books of certain depths: the smallest that has enough is asked for, and cut."""
        levels = None if limit is None else next((each for each in _LEVELS if each >= limit), _LEVELS[-1])
        book = await self.api.market.book(w.market(symbol), symbol, levels=levels)
        return {"book": w.book_fields(book.bids[:limit], book.asks[:limit], book.at)}

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        trades = await self.api.market.trades(
            w.market(symbol), symbol, limit=None if limit is None else min(limit, MOST_TRADES)
        )
        return {"trades": [w.trade_fields(each) for each in reversed(trades)]}

    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        """The venue takes one bound, so that the client refuses two."""
        told = await self.api.market.candles(
            w.market(symbol),
            symbol,
            w.time_frame(interval_s),
            before=None if end_ms is None else w.instant(end_ms),
            after=None if start_ms is None else w.instant(start_ms),
            limit=_MOST_CANDLES,
        )
        return {"candles": [w.candle_fields(each) for each in told.candles]}
