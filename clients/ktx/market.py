"""Public market data over REST.

Owns: paths and parameters. Every method raises a `KtxError` for a failure.
Source: KTX document, "Market Data Endpoints"; ktx§6.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal

from . import market_models as m
from .paging import Span, backwards, optional_ms, span_params
from .rest import RestTransport
from .vocabulary import Market, TimeFrame

#: How many levels of a book the venue offers.
Levels = Literal[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

#: Digits of prices that are taken away, with levels added up.
PriceScale = Literal[0, 1, 2, 3, 4, 5]

#: The most trades of one request.
MOST_TRADES = 1000


class MarketApi:
    """Products, books, candles, trades and tickers. Needs no credentials."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def products(self, market: Market, *, symbol: str | None = None) -> tuple[m.Product, ...]:
        """What can be traded in a market, or one of it."""
        reply = await self._rest.get_public("/v1/products", [("market", market.value), ("symbol", symbol)])
        return tuple(m.decode_product(row) for row in reply.rows("product"))

    async def book(
        self, market: Market, symbol: str, *, levels: Levels | None = None, price_scale: PriceScale | None = None
    ) -> m.Book:
        """The best levels, 100 unless told."""
        params = [("market", market.value), ("symbol", symbol), ("level", levels), ("price_scale", price_scale)]
        return m.decode_book((await self._rest.get_public("/v1/order_book", params)).row("book"))

    async def candles(
        self,
        market: Market,
        symbol: str,
        time_frame: TimeFrame,
        *,
        before: datetime | None = None,
        after: datetime | None = None,
        limit: int | None = None,
    ) -> m.Candles:
        """Candles, ascending: the newest, those that start at or before `before`, or at or after `after`.

        At most 1000, 100 unless told. The venue takes one bound only: ValueError for both.
        """
        if before is not None and after is not None:
            raise ValueError("candles are bounded by before or by after, not by both")
        params = [
            ("market", market.value),
            ("symbol", symbol),
            ("time_frame", time_frame.value),
            ("before", optional_ms(before)),
            ("after", optional_ms(after)),
            ("limit", limit),
        ]
        return m.decode_candles((await self._rest.get_public("/v1/candles", params)).row("candles"))

    async def trades(
        self, market: Market, symbol: str, *, span: Span | None = None, limit: int | None = None
    ) -> tuple[m.Trade, ...]:
        """Trades, ascending: the newest, or within a span. At most 1000, 100 unless told."""
        params = [("market", market.value), ("symbol", symbol), *span_params(span), ("limit", limit)]
        reply = await self._rest.get_public("/v1/trades", params)
        return tuple(m.decode_trade(row) for row in reply.rows("trade"))

    def older_trades(self, market: Market, symbol: str, *, limit: int = MOST_TRADES) -> AsyncIterator[m.Trade]:
        """All trades that the venue keeps, newest first, each once, in requests of `limit`."""

        async def page(span: Span) -> tuple[m.Trade, ...]:
            return await self.trades(market, symbol, span=span, limit=limit)

        return backwards(page, lambda trade: trade.trade_id, limit=limit)

    async def tickers(self, market: Market, *symbols: str) -> tuple[m.Ticker, ...]:
        """24 hours of the named products, or of the whole market."""
        params = [("market", market.value), ("symbol", ",".join(symbols) or None)]
        reply = await self._rest.get_public("/v1/ticker", params)
        return tuple(m.decode_ticker(row) for row in reply.rows("ticker"))
