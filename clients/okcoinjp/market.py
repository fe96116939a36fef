"""Public spot endpoints, `/api/spot/v3/instruments`.

Owns: paths, parameters and the decoder of each endpoint. Every method raises an `OkcoinError` for a failure.
Source: OKCoin Japan v3 document, "Spot - public".
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from . import market_models as m
from .fields import Row, as_list, iso, plain, rows
from .rest import RestTransport, segment
from .vocabulary import Granularity

_BASE = "/api/spot/v3/instruments"


class MarketApi:
    """Instruments, books, tickers, trades and candles. Needs no credentials."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def instruments(self) -> tuple[m.Instrument, ...]:
        """All pairs with their trading rules."""
        reply = await self._rest.get_public(_BASE)
        return tuple(m.decode_instrument(row) for row in rows(reply.payload, "instrument"))

    async def book(self, instrument_id: str, *, size: int | None = None, depth: Decimal | None = None) -> m.BookSnapshot:
        """The book, best first: `size` levels per side (default and maximum 200), merged into steps of `depth`."""
        params = [
            ("size", None if size is None else str(size)),
            ("depth", None if depth is None else plain(depth)),
        ]
        reply = await self._rest.get_public(f"{_BASE}/{segment(instrument_id)}/book", params)
        return m.decode_book(Row.of(reply.payload, "book"), instrument_id=instrument_id.upper())

    async def tickers(self) -> tuple[m.Ticker, ...]:
        """Tickers of all pairs."""
        reply = await self._rest.get_public(f"{_BASE}/ticker")
        return tuple(m.decode_ticker(row) for row in rows(reply.payload, "ticker"))

    async def ticker(self, instrument_id: str) -> m.Ticker:
        """The ticker of one pair."""
        reply = await self._rest.get_public(f"{_BASE}/{segment(instrument_id)}/ticker")
        return m.decode_ticker(Row.of(reply.payload, "ticker"))

    async def trades(self, instrument_id: str, *, limit: int | None = None) -> tuple[m.Trade, ...]:
        """The newest trades, newest first (default and maximum 60)."""
        params = [("limit", None if limit is None else str(limit))]
        reply = await self._rest.get_public(f"{_BASE}/{segment(instrument_id)}/trades", params)
        return tuple(m.decode_trade(row) for row in rows(reply.payload, "trade"))

    async def candles(
        self,
        instrument_id: str,
        *,
        granularity: Granularity | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> tuple[m.Candle, ...]:
        """At most 200 candles, newest first. The venue heeds `start` and `end` only together. ValueError if naive."""
        params = [
            ("granularity", granularity),
            ("start", None if start is None else iso(start)),
            ("end", None if end is None else iso(end)),
        ]
        reply = await self._rest.get_public(f"{_BASE}/{segment(instrument_id)}/candles", params)
        return tuple(m.decode_candle(item) for item in as_list(reply.payload, "list of candles"))
