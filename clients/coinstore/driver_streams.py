"""Operations of the driver on the stream: one connection, events kept for each channel, local books.

Owns the stream of a session, what it has brought and was not handed out yet, and the books that follow it. Must not know the
protocol's transport.
Orders and balances go by the older generation of private channels: it tells every change of one pair or currency, the newer one
the newest state of all (cs§9.5).
Invariant: an event is handed out once, the oldest of its channel first; reconnections change nothing about that.
"""

from __future__ import annotations

from datetime import timedelta

from mockex.clients.shared.driver_events import Inbox
from mockex.clients.shared.driver_lines import Line
from mockex.clients.shared.driver_time import HandDrivenTime, turns

from . import channels as names
from . import driver_words as w
from .client import CoinstoreClient
from .connection import StreamTiming
from .driver_words import Fields
from .errors import ConnectionLostError
from .events import BalanceUpdate, OrderUpdate, Push, StreamEvent
from .live_book import LiveBook
from .market import Levels
from .market_models import Book, CandleUpdate, Ticker, Trade, TradeHistory
from .stream import CoinstoreStream

#: How long a venue that may have fallen silent is waited for at the end. Real time: nothing else goes on meanwhile.
_FAREWELL = timedelta(milliseconds=500)

#: Of whole books that are handed out, and of those that are followed: two channels, so that each has its own subscription.
_HANDED_OUT: Levels = 20
_FOLLOWED: Levels = 100


class StreamOperations:
    """A part of the driver. Its attributes are there while a session lasts."""

    api: CoinstoreClient
    ws_url: str | None
    timeout: timedelta
    time: HandDrivenTime

    def __init__(self) -> None:
        super().__init__()
        self._line: Line[CoinstoreStream] | None = None
        self._books: dict[str, LiveBook] = {}
        self._inbox: Inbox[Push] = Inbox()

    # --- its life

    async def stream_open(self, private: bool) -> Fields:
        if self._line is not None and not self._line.stream.closed:
            raise ValueError("the stream is open already: close it first")
        if self.ws_url is None:
            raise ValueError("no address of a stream was given")
        connect = self.api.private_stream if private else self.api.stream
        timing = StreamTiming(connect_within=self.timeout, acknowledge_within=self.timeout, close_within=_FAREWELL)
        stream = connect(self.ws_url, timing=timing, stopwatch=self.time.stopwatch())
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
        if self._line is not None:
            await self._line.stream.close()
        for book in self._books.values():
            await book.close()
        self._books.clear()
        return {}

    def stream_state(self) -> Fields:
        return {"connected": self._line is not None and self._line.stream.connected}

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and _channel_of(event) is not None:
            self._inbox.keep(event)

    def _stream(self) -> CoinstoreStream:
        if self._line is None:
            raise ValueError("open the stream first")
        return self._line.stream

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
        await self._stream().subscribe(_channel_name(channel, symbol, currency, interval_s))
        return {}

    async def unsubscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        await self._stream().unsubscribe(_channel_name(channel, symbol, currency, interval_s))
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
        self._stream()
        of = symbol or currency

        def wanted(push: Push) -> bool:
            return (
                _channel_of(push) == channel
                and of in (None, _subject(push))
                and (interval_s is None or push.channel.endswith(f"@{w.interval(interval_s)}"))
            )

        push = await self._inbox.next(wanted, timeout_ms)
        return {"event": None if push is None else _event_fields(push)}

    # --- local books

    async def book_watch(self, symbol: str) -> Fields:
        if symbol in self._books:
            raise ValueError(f"the book of {symbol} is watched already")
        book = LiveBook(self._stream(), symbol, levels=_FOLLOWED)
        await book.start()
        self._books[symbol] = book
        return {}

    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        book = self._watched(symbol)
        return {"in_sync": book.in_step, "book": w.book_fields(book.bids(limit), book.asks(limit))}

    async def book_unwatch(self, symbol: str) -> Fields:
        book = self._watched(symbol)
        del self._books[symbol]
        await book.close()
        return {}

    def _watched(self, symbol: str) -> LiveBook:
        book = self._books.get(symbol)
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
            return names.depth(symbol, _HANDED_OUT)
        case "candles":
            if interval_s is None:
                raise ValueError("the channel candles needs an interval")
            return names.candles(symbol, w.interval(interval_s))
        case "orders":
            return names.orders(symbol)
    raise ValueError(f"there is no channel {channel}")


def _channel_of(push: Push) -> str | None:
    """The protocol's channel of a push; None if it has none, or nothing to tell."""
    match push.value:
        case Ticker():
            return "ticker"
        case Trade():
            return "trades"
        case TradeHistory() as history:
            return "trades" if history.trades else None
        case Book() as book:
            return "book" if book.level == _HANDED_OUT else None
        case CandleUpdate():
            return "candles"
        case OrderUpdate():
            return "orders"
        case BalanceUpdate():
            return "balances"
    return None


def _subject(push: Push) -> str | None:
    """The symbol or currency of a push."""
    match push.value:
        case TradeHistory() as history:
            return history.trades[0].symbol
        case BalanceUpdate() as update:
            return update.currency
        case Ticker() | Trade() | Book() | CandleUpdate() | OrderUpdate() as told:
            return told.symbol
    return None


def _event_fields(push: Push) -> Fields:
    match push.value:
        case Ticker() as ticker:
            return {"ticker": w.ticker_fields(ticker)}
        case Trade() as trade:
            return {"trades": [w.trade_fields(trade)]}
        case TradeHistory() as history:  # oldest first on the wire
            return {"trades": [w.trade_fields(trade) for trade in reversed(history.trades)]}
        case Book() as book:
            return {"book": w.book_fields(book.bids, book.asks)}
        case CandleUpdate() as update:
            return {"candles": [w.candle_fields(update.candle)]}
        case OrderUpdate() as update:
            return w.order_update_fields(update)
        case BalanceUpdate() as update:
            return {"balances": [w.balance_update_fields(update)]}
    raise AssertionError(f"{push.channel} is no channel of the protocol")
