"""Operations of the driver on streams: one connection to each socket, events kept for each channel, local books.

Owns the streams of a session, what they have brought and was not handed out yet, and the books that follow them. Must not know
the protocol's transport.
The protocol has one stream, the venue two sockets: that of the user is opened by a private `stream_open`, that of market data
by a public one or when a channel of it is first wanted. What the user's brings flows by itself after the login, so that a
subscription of it is a matter of the driver's alone: what was not subscribed is not handed out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

from mockex.clients.shared.driver_events import Inbox
from mockex.clients.shared.driver_lines import Line
from mockex.clients.shared.driver_time import HandDrivenTime, turns

from . import channels as names
from . import driver_words as w
from .account_models import Balance, Position
from .client import KtxClient
from .connection import StreamTiming
from .driver_words import Fields
from .errors import ConnectionLostError
from .events import Push, PushValue, StreamEvent
from .live_book import LiveBook
from .market_models import Book, Candles, Ticker, Trades
from .stream import KtxStream
from .trading_models import Order

#: How long a venue that may have fallen silent is waited for at the end. Real time: nothing else goes on meanwhile.
_FAREWELL = timedelta(milliseconds=500)

#: Of books that are handed out, and of those that are followed: two streams, so that each has its own subscription.
_HANDED_OUT: names.Depth = 20
_FOLLOWED: names.Depth = 100


class Socket(Enum):
    """The venue's sockets, by the names that they go by (ktx§2)."""

    MARKET = "market"
    USER = "user"


#: What the protocol has a channel for, and which.
_CHANNELS: Mapping[type[PushValue], str] = {
    Ticker: "ticker",
    Trades: "trades",
    Book: "book",
    Candles: "candles",
    Order: "orders",
    Balance: "balances",
    Position: "positions",
}
_PRIVATE = frozenset({"orders", "balances", "positions"})


class StreamOperations:
    """A part of the driver. Its attributes are there while a session lasts."""

    api: KtxClient
    ws_urls: Mapping[Socket, str]
    timeout: timedelta
    time: HandDrivenTime

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[Socket, Line[KtxStream]] = {}
        self._is_open = False
        self._books: dict[str, LiveBook] = {}
        self._inbox: Inbox[Push] = Inbox()
        self._subscribed: set[tuple[str, str | None]] = set()  # of the user's socket: channel, and symbol or currency

    # --- its life

    async def stream_open(self, private: bool) -> Fields:
        if self._is_open:
            raise ValueError("the stream is open already: close it first")
        self._inbox.clear()
        self._books.clear()
        self._subscribed.clear()
        await self._open(Socket.USER if private else Socket.MARKET)
        self._is_open = True
        return {}

    async def stream_close(self) -> Fields:
        """The streams first: a book that ends before its own would still unsubscribe."""
        self._is_open = False
        lines, self._lines = self._lines, {}
        await asyncio.gather(*(line.stream.close() for line in lines.values()))
        for book in self._books.values():
            await book.close()
        self._books.clear()
        return {}

    def stream_state(self) -> Fields:
        return {"connected": self._is_open and all(line.stream.connected for line in self._lines.values())}

    async def _open(self, socket: Socket) -> KtxStream:
        """The stream to that socket, connected if it was not before."""
        if socket in self._lines:
            return self._lines[socket].stream
        if socket not in self.ws_urls:
            raise ValueError(f"no address of the {socket.value} socket was given")
        connect = self.api.user_stream if socket is Socket.USER else self.api.market_stream
        timing = StreamTiming(connect_within=self.timeout, acknowledge_within=self.timeout, close_within=_FAREWELL)
        stream = connect(self.ws_urls[socket], timing=timing, stopwatch=self.time.stopwatch())
        line = Line(stream, lost=ConnectionLostError)
        stream.listen(self._keep)
        stream.listen(line.notice)
        await stream.start()
        self._lines[socket] = line
        return stream

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and self._is_wanted(event):
            self._inbox.keep(event)

    def _is_wanted(self, push: Push) -> bool:
        channel = _CHANNELS.get(type(push.value))
        if channel not in _PRIVATE:
            return channel is not None
        return not self._subscribed.isdisjoint({(channel, None), (channel, _subject(push))})

    async def _stream_of(self, socket: Socket) -> KtxStream:
        if not self._is_open:
            raise ValueError("open the stream first")
        if socket is Socket.USER and socket not in self._lines:
            raise ValueError("private channels need a stream that was opened as a private one")
        return await self._open(socket)

    async def work_off(self) -> None:
        """Of every stream."""
        await turns()
        if self._lines:
            await asyncio.gather(*(line.work_off() for line in self._lines.values()))
            await turns()

    # --- channels

    async def subscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        if channel in _PRIVATE:
            await self._stream_of(Socket.USER)
            self._subscribed.add((channel, symbol or currency))
            return {}
        name = _name(channel, symbol, interval_s)
        await (await self._stream_of(Socket.MARKET)).subscribe(name)
        return {}

    async def unsubscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        if channel in _PRIVATE:
            await self._stream_of(Socket.USER)
            self._subscribed.discard((channel, symbol or currency))
            return {}
        name = _name(channel, symbol, interval_s)
        await (await self._stream_of(Socket.MARKET)).unsubscribe(name)
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
        if not self._is_open:
            raise ValueError("open the stream first")
        of = symbol or currency

        def wanted(push: Push) -> bool:
            return (
                _CHANNELS[type(push.value)] == channel
                and of in (None, _subject(push))
                and (interval_s is None or push.channel.endswith(f".{w.time_frame(interval_s).on_stream}"))
            )

        push = await self._inbox.next(wanted, timeout_ms)
        return {"event": None if push is None else _event_fields(push)}

    # --- local books

    async def book_watch(self, symbol: str) -> Fields:
        if symbol in self._books:
            raise ValueError(f"the book of {symbol} is watched already")
        book = LiveBook(await self._stream_of(Socket.MARKET), w.market(symbol), symbol, depth=_FOLLOWED)
        await book.start()
        self._books[symbol] = book
        return {}

    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        book = self._watched(symbol)
        return {"in_sync": book.in_step, "book": w.book_fields(book.bids(limit), book.asks(limit), None)}

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


def addresses(ws: Mapping[str, str]) -> dict[Socket, str]:
    """The venue's sockets among those named."""
    return {socket: ws[socket.value] for socket in Socket if socket.value in ws}


def _name(channel: str, symbol: str | None, interval_s: int | None) -> str:
    """The venue's name of a stream. ValueError if something is missing that it needs."""
    if symbol is None:
        raise ValueError(f"the channel {channel} needs a symbol")
    market = w.market(symbol)
    match channel:
        case "ticker":
            return names.ticker(market, symbol)
        case "trades":
            return names.trades(market, symbol)
        case "book":
            return names.book(market, symbol, _HANDED_OUT)
        case "candles":
            if interval_s is None:
                raise ValueError("the channel candles needs an interval")
            return names.candles(market, symbol, w.time_frame(interval_s))
    raise ValueError(f"there is no channel {channel}")


def _subject(push: Push) -> str | None:
    """The symbol or currency of a push: market data names its symbol in the stream's name alone."""
    match push.value:
        case Order() | Position() as told:
            return told.symbol
        case Balance() as balance:
            return balance.asset
    return push.channel.split(".")[1]


def _event_fields(push: Push) -> Fields:
    match push.value:
        case Ticker() as ticker:
            return {"ticker": w.ticker_fields(ticker)}
        case Trades() as trades:
            return {"trades": [w.trade_fields(each) for each in trades.trades]}
        case Book() as book:
            return {"book": w.book_fields(book.bids, book.asks, book.at)}
        case Candles() as candles:
            return {"candles": [w.candle_fields(each) for each in candles.candles]}
        case Order() as order:
            return {"orders": [w.order_fields(order)]}
        case Balance() as balance:
            return {"balances": [w.balance_fields(balance)]}
        case Position() as position:
            return {"positions": [w.position_fields(position)]}
    raise AssertionError(f"{push.channel} is no channel of the protocol")
