"""Public market data over REST.

Owns: paths and parameters. Every method raises a `CoinstoreError` for a failure.
Source: Coinstore document, "Market"; cs§7.15 to cs§7.19.
"""

from __future__ import annotations

from typing import Literal

from . import market_models as m
from .errors import UnknownSymbolError
from .rest import RestTransport, encode, segment
from .vocabulary import Interval

#: How many levels of a book the venue offers. It takes any other number for 20.
Levels = Literal[5, 10, 20, 50, 100]


class MarketApi:
    """Tickers, books, trades and candles. Needs no credentials."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def tickers(self) -> tuple[m.Ticker, ...]:
        """Tickers of all pairs."""
        reply = await self._rest.get_public("/api/v1/market/tickers")
        return tuple(m.decode_ticker(row) for row in reply.rows("ticker"))

    async def ticker(self, symbol: str) -> m.Ticker:
        """The ticker of one pair, out of those of all: there is no call for one. UnknownSymbolError if it has none."""
        for ticker in await self.tickers():
            if ticker.symbol.casefold() == symbol.casefold():
                return ticker
        raise UnknownSymbolError(f"the venue has no ticker of {symbol}")

    async def book(self, symbol: str, *, levels: Levels | None = None) -> m.Book:
        """The best levels, 20 unless told."""
        reply = await self._rest.get_public(f"/api/v1/market/depth/{segment(symbol)}", [("depth", levels)])
        return m.decode_book(reply.row("book"))

    async def candles(self, symbol: str, *, interval: Interval | None = None, size: int | None = None) -> m.Candles:
        """The newest candles, up to 2000; the venue's defaults are one minute and 20 (ASSUMED, cs§7.17)."""
        params = [("period", None if interval is None else interval.period), ("size", size)]
        reply = await self._rest.get_public(f"/api/v1/market/kline/{segment(symbol)}", params)
        return m.decode_candles(reply.row("candles"))

    async def trades(self, symbol: str, *, size: int | None = None) -> tuple[m.Trade, ...]:
        """The newest trades, newest first, up to 100."""
        reply = await self._rest.get_public(f"/api/v1/market/trade/{segment(symbol)}", [("size", size)])
        return tuple(m.decode_trade(row) for row in reply.rows("trade"))

    async def prices(self, *symbols: str) -> tuple[m.LastPrice, ...]:
        """Last prices of the named pairs, or of all. Case matters. They go into the path: a query is ignored (cs§7.19)."""
        names = ",".join(symbols)
        matrix = f";symbol={encode(names, safe=',')}" if symbols else ""
        reply = await self._rest.get_public(f"/api/v1/ticker/price{matrix}")
        return tuple(m.decode_last_price(row) for row in reply.rows("price"))
