"""Operations of the driver on the stream: one connection, events kept for each channel, local books.

Owns the stream of a session, what it has brought and was not handed out yet, and the books that follow it. Must not know the
protocol's transport.
Invariant: an event is handed out once, the oldest of its channel first; reconnections change nothing about that.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from . import channels as names
from . import driver_words as w
from .client import OkcoinClient
from .connection import StreamTiming
from .driver_time import HandDrivenTime, turns
from .driver_words import Fields
from .errors import ConnectionLostError
from .events import Connected, Disconnected, Push, PushValue, StreamEvent
from .live_book import LiveBook
from .market_models import BookSnapshot, Candle, Ticker, Trade
from .stream import OkcoinStream
from .trading_models import Balance, OrderUpdate

_MS_PER_S = 1_000

#: For what the venue answers at once unless it has fallen silent: then there is no more to be worked off, and nobody is kept.
_SILENT_AFTER_S = 2.0

#: And for a venue that was silent the last time, and from which nothing was heard since.
_STILL_SILENT_AFTER_S = 0.02

#: How long a venue that may have fallen silent is waited for at the end. Real time: nothing else goes on meanwhile.
_FAREWELL = timedelta(milliseconds=500)

#: What the protocol has a channel for, and which. A book here is a whole one: `book_watch` follows changes.
_CHANNELS: Mapping[type[PushValue], str] = {
    Ticker: "ticker",
    Trade: "trades",
    BookSnapshot: "book",
    Candle: "candles",
    OrderUpdate: "orders",
    Balance: "balances",
}


class StreamOperations:
    """A part of the driver. Its attributes are there while a session lasts."""

    api: OkcoinClient
    ws_url: str | None
    timeout: timedelta
    time: HandDrivenTime

    def __init__(self) -> None:
        self._stream: OkcoinStream | None = None
        self._books: dict[str, LiveBook] = {}
        self._pushes: deque[Push] = deque()
        self._news = asyncio.Event()
        self._silent = False

    # --- its life

    async def stream_open(self, private: bool) -> Fields:
        if self._stream is not None and not self._stream.closed:
            raise ValueError("the stream is open already: close it first")
        if self.ws_url is None:
            raise ValueError("no address of a stream was given")
        stream = self.api.stream(
            self.ws_url,
            log_in=private,
            timing=StreamTiming(connect_within=self.timeout, acknowledge_within=self.timeout, close_within=_FAREWELL),
            stopwatch=self.time.stopwatch(),
        )
        self._pushes.clear()
        self._books.clear()
        stream.listen(self._keep)
        await stream.start()
        self._stream = stream
        return {}

    async def stream_close(self) -> Fields:
        """The stream first: a book that ends before it would still unsubscribe."""
        if self._stream is not None:
            await self._stream.close()
        for book in self._books.values():
            await book.close()
        self._books.clear()
        return {}

    def stream_state(self) -> Fields:
        return {"connected": self._stream is not None and self._stream.connected}

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and type(event.value) in _CHANNELS:
            self._pushes.append(event)
        self._silent = False
        if isinstance(event, Connected | Disconnected):
            self._silent = False  # that was the connection before
        self._news.set()

    def _open_stream(self) -> OkcoinStream:
        if self._stream is None:
            raise ValueError("open the stream first")
        return self._stream

    async def work_off(self) -> None:
        """Returns once all that the venue has sent so far is worked off, and no connection is being made or taken down.

        The venue answers pings of the WebSocket protocol in order, but what it had only just been asked for may follow the
        first answer: hence two. A venue that has fallen silent is waited for a moment only.
        """
        await turns()
        stream = self._stream
        if stream is None or stream.closed:
            return
        try:
            async with asyncio.timeout(_STILL_SILENT_AFTER_S if self._silent else _SILENT_AFTER_S):
                await self._both_answers(stream)
            self._silent = False
        except TimeoutError:
            self._silent = True
        await turns()

    async def _both_answers(self, stream: OkcoinStream) -> None:
        """Returns once a connection has answered twice, or there is none and none in the making."""
        answers = 0
        while answers < 2 and (stream.connected or stream.in_transition):
            self._news.clear()
            if stream.in_transition:
                await self._news.wait()
                continue
            try:
                await stream.round_trip()
                answers += 1
            except ConnectionLostError:
                await turns()  # the stream notices too

    # --- channels

    async def subscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        await self._open_stream().subscribe(_channel_name(channel, symbol, currency, interval_s))
        return {}

    async def unsubscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        await self._open_stream().unsubscribe(_channel_name(channel, symbol, currency, interval_s))
        return {}

    async def next_event(
        self,
        channel: str,
        timeout_ms: int,
        symbol: str | None = None,
        currency: str | None = None,
        interval_s: int | None = None,
    ) -> Fields:
        """Without a symbol, currency or interval: of all that there are."""
        self._open_stream()
        of = symbol or currency

        def wanted(push: Push) -> bool:
            table, _, filter_ = push.channel.partition(":")
            return (
                _CHANNELS[type(push.value)] == channel
                and (of is None or filter_.casefold() == of.casefold())
                and (interval_s is None or table.endswith(f"candle{interval_s}s"))
            )

        await turns()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_ms / _MS_PER_S):
                while True:
                    self._news.clear()
                    push = next(filter(wanted, self._pushes), None)
                    if push is not None:
                        self._pushes.remove(push)
                        return {"event": _event_fields(push)}
                    await self._news.wait()
        return {"event": None}

    # --- local books

    async def book_watch(self, symbol: str) -> Fields:
        if symbol.upper() in self._books:
            raise ValueError(f"the book of {symbol} is watched already")
        book = LiveBook(self._open_stream(), symbol)
        await book.start()
        self._books[symbol.upper()] = book
        return {}

    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        book = self._watched(symbol)
        return {"in_sync": book.in_step, "book": w.book_fields(book.bids(limit), book.asks(limit), book.book.timestamp)}

    async def book_unwatch(self, symbol: str) -> Fields:
        book = self._watched(symbol)
        del self._books[symbol.upper()]
        await book.close()
        return {}

    def _watched(self, symbol: str) -> LiveBook:
        book = self._books.get(symbol.upper())
        if book is None:
            raise ValueError(f"the book of {symbol} is not watched")
        return book


def _channel_name(channel: str, symbol: str | None, currency: str | None, interval_s: int | None) -> str:
    """The venue's name. ValueError if something is missing that it needs."""
    if channel == "balances":
        if currency is None:
            raise ValueError("the channel balances needs a currency")
        return names.balance(currency)
    if symbol is None:
        raise ValueError(f"the channel {channel} needs a symbol")
    match channel:
        case "ticker":
            return names.ticker(symbol)
        case "trades":
            return names.trades(symbol)
        case "book":
            return names.depth5(symbol)
        case "candles":
            if interval_s is None:
                raise ValueError("the channel candles needs an interval")
            return names.candles(symbol, w.granularity(interval_s))
        case "orders":
            return names.orders(symbol)
    raise ValueError(f"there is no channel {channel}")


def _event_fields(push: Push) -> Fields:
    match push.value:
        case Ticker() as ticker:
            return {"ticker": w.ticker_fields(ticker)}
        case Trade() as trade:
            return {"trades": [w.trade_fields(trade)]}
        case BookSnapshot() as book:
            return {"book": w.book_fields(book.bids, book.asks, book.timestamp)}
        case Candle() as candle:
            return {"candles": [w.candle_fields(candle)]}
        case Balance() as balance:
            return {"balances": [w.balance_fields(balance)]}
        case OrderUpdate() as update:
            return w.update_fields(update)
    raise AssertionError(f"{push.channel} is no channel of the protocol")
