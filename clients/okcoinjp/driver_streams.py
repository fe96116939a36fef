"""Operations of the driver on the stream: one connection, events kept for each channel, local books.

Owns the stream of a session, what it has brought and was not handed out yet, and the books that follow it. Must not know the
protocol's transport.
Invariant: an event is handed out once, the oldest of its channel first; reconnections change nothing about that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from mockex.clients.shared.driver_events import Inbox
from mockex.clients.shared.driver_lines import Line
from mockex.clients.shared.driver_time import HandDrivenTime, turns

from . import channels as names
from . import driver_words as w
from .client import OkcoinClient
from .connection import StreamTiming
from .driver_words import Fields
from .errors import ConnectionLostError
from .events import Push, PushValue, StreamEvent
from .live_book import LiveBook
from .market_models import BookSnapshot, Candle, Ticker, Trade
from .stream import OkcoinStream
from .trading_models import Balance, OrderUpdate

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
        self._line: Line[OkcoinStream] | None = None
        self._books: dict[str, LiveBook] = {}
        self._inbox: Inbox[Push] = Inbox()

    @property
    def _stream(self) -> OkcoinStream | None:
        return None if self._line is None else self._line.stream

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
        self._inbox.clear()
        self._books.clear()
        line = Line(stream, lost=ConnectionLostError)
        stream.listen(self._keep)
        stream.listen(line.notice)
        await stream.start()
        self._line = line
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
            self._inbox.keep(event)

    def _open_stream(self) -> OkcoinStream:
        if self._stream is None:
            raise ValueError("open the stream first")
        return self._stream

    async def work_off(self) -> None:
        """Of the stream, if there is one."""
        await turns()
        if self._line is not None:
            await self._line.work_off()
            await turns()

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

        push = await self._inbox.next(wanted, timeout_ms)
        return {"event": None if push is None else _event_fields(push)}

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
