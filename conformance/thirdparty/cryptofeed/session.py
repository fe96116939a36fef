"""cryptofeed's OKCoin feed with checksum validation on: a book whose checksum does not fit is an exception of its own.

Its addresses are class attributes that a subclass may set. It insists on a `wss://` address there, so the hook that it calls
before it connects hands out the plain one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cryptofeed.connection import RestEndpoint, Routes, WebsocketEndpoint
from cryptofeed.defines import L2_BOOK, TICKER, TRADES
from cryptofeed.exchanges import OKCoin
from cryptofeed.feedhandler import FeedHandler


@asynccontextmanager
async def connect(settings: dict[str, Any]) -> AsyncIterator[Session]:
    session = Session(settings["rest"], settings["ws"]["main"])
    try:
        yield session
    finally:
        await session.close()


class Session:
    """Everything that the feed called back with, by kind, until it is asked for."""

    def __init__(self, rest_url: str, ws_url: str) -> None:
        class LocalFeed(OKCoin):  # type: ignore[misc]  # the class has no types here: it lives in another environment
            websocket_endpoints = (WebsocketEndpoint(ws_url.replace("ws://", "wss://"), authentication=True),)
            rest_endpoints = (RestEndpoint(rest_url, routes=Routes("/api/spot/v3/instruments")),)

            async def _ws_authentication(self, address: str, options: Any) -> tuple[str, Any]:
                return ws_url, options

        self._feed_class = LocalFeed
        self._handler: Any = None
        self._received: dict[str, asyncio.Queue[Any]] = {kind: asyncio.Queue() for kind in (L2_BOOK, TRADES, TICKER)}

    async def subscribe(self, symbols: list[str]) -> None:
        """Books, trades and tickers of these, in cryptofeed's own names. Reads the list of instruments first."""
        feed = self._feed_class(
            symbols=symbols,
            channels=[L2_BOOK, TRADES, TICKER],
            callbacks={L2_BOOK: self._keep_book, TRADES: self._keep_trade, TICKER: self._keep_ticker},
            checksum_validation=True,
            retries=0,
        )
        self._handler = FeedHandler()
        self._handler.add_feed(feed)
        self._handler.run(start_loop=False, install_signal_handlers=False)

    async def next(self, kind: str, *, seconds: float = 10.0) -> Any:
        """The oldest unread book ("l2_book"), trade ("trades") or ticker ("ticker")."""
        return await asyncio.wait_for(self._received[kind].get(), seconds)

    async def close(self) -> None:
        if self._handler is not None:
            await self._handler.stop_async(asyncio.get_running_loop())

    async def _keep_book(self, book: Any, _received: float) -> None:
        sides = book.book.to_dict()
        levels = {side: [[str(price), str(qty)] for price, qty in sides[side].items()] for side in ("bid", "ask")}
        self._received[L2_BOOK].put_nowait({"symbol": book.symbol, "checksum": book.checksum, **levels})

    async def _keep_trade(self, trade: Any, _received: float) -> None:
        self._received[TRADES].put_nowait(trade.to_dict(numeric_type=str))

    async def _keep_ticker(self, ticker: Any, _received: float) -> None:
        self._received[TICKER].put_nowait(ticker.to_dict(numeric_type=str))
