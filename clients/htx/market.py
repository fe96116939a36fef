"""Public market data over REST, `/market`.

Owns: paths, parameters and the decoder of each endpoint. Every method raises an `HtxError` for a failure.
Source: HTX document, "Market Data"; htx§3.2.
"""

from __future__ import annotations

from datetime import datetime

from . import market_models as m
from .fields import Row, epoch_seconds, rows
from .rest import Params, Reply, RestTransport
from .vocabulary import DepthStep, Period

_BASE = "/market"


class MarketApi:
    """Tickers, books, trades and candles. Symbols are lower case, `btcusdt`. Needs no credentials."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def tickers(self) -> tuple[m.Ticker, ...]:
        """Tickers of all symbols."""
        reply = await self._rest.get_public(f"{_BASE}/tickers")
        return m.decode_tickers(reply.data)

    async def ticker(self, symbol: str) -> m.MergedTicker:
        """24 hours of one symbol, with its best prices."""
        reply = await self._rest.get_public(f"{_BASE}/detail/merged", [("symbol", symbol)])
        return m.decode_merged(reply.envelope)

    async def summary(self, symbol: str) -> m.Summary:
        """24 hours of one symbol."""
        reply = await self._rest.get_public(f"{_BASE}/detail", [("symbol", symbol)])
        return m.decode_summary(*_tick(reply))

    async def book(self, symbol: str, *, step: DepthStep = DepthStep.NONE, depth: int | None = None) -> m.Depth:
        """The book, best first. `depth` 5, 10 or 20 levels a side; by default 150 unmerged ones, 20 merged ones."""
        params: Params = [("symbol", symbol), ("type", step), ("depth", depth)]
        reply = await self._rest.get_public(f"{_BASE}/depth", params)
        return m.decode_depth(*_tick(reply))

    async def full_book(self, symbol: str) -> m.Depth:
        """The whole book, up to 5000 levels a side."""
        reply = await self._rest.get_public(f"{_BASE}/fullMbp", [("symbol", symbol)])
        return m.decode_depth(*_tick(reply))

    async def last_match(self, symbol: str) -> m.Match:
        """The newest match."""
        reply = await self._rest.get_public(f"{_BASE}/trade", [("symbol", symbol)])
        return m.decode_match(*_tick(reply))

    async def matches(self, symbol: str, *, size: int | None = None) -> tuple[m.Match, ...]:
        """The newest matches, newest first: one by default, 2000 at most."""
        reply = await self._rest.get_public(f"{_BASE}/history/trade", [("symbol", symbol), ("size", size)])
        return tuple(m.decode_match(_symbol(reply), row) for row in rows(reply.data, "match"))

    async def klines(self, symbol: str, period: Period, *, size: int | None = None) -> tuple[m.Candle, ...]:
        """The newest candles, newest first: 150 by default, 2000 at most."""
        params: Params = [("symbol", symbol), ("period", period), ("size", size)]
        return _candles(await self._rest.get_public(f"{_BASE}/history/kline", params))

    async def candles(
        self,
        symbol: str,
        period: Period,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        size: int | None = None,
    ) -> tuple[m.Candle, ...]:
        """Candles of a span of time, 1000 at most. Not in the document, but what ccxt asks for. ValueError if naive."""
        params: Params = [
            ("symbol", symbol),
            ("period", period),
            ("from", None if start is None else epoch_seconds(start)),
            ("to", None if end is None else epoch_seconds(end)),
            ("size", size),
        ]
        return _candles(await self._rest.get_public(f"{_BASE}/history/candles", params))


def _symbol(reply: Reply) -> str:
    return m.symbol_of(reply.envelope.text("ch"))


def _tick(reply: Reply) -> tuple[str, Row]:
    return _symbol(reply), reply.envelope.row("tick")


def _candles(reply: Reply) -> tuple[m.Candle, ...]:
    return tuple(m.decode_candle(_symbol(reply), row) for row in rows(reply.data, "candle"))
