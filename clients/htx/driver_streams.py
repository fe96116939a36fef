"""Operations of the driver on streams: one connection to each socket, events kept for each channel, local books.

Owns the streams of a session, what they have brought and was not handed out yet, and the books that follow them. Must not know
the protocol's transport.
The protocol has one stream, the venue three sockets: the one for orders and balances is opened by a private `stream_open`, the
one for market data by a public one or when a channel of it is first wanted, the one for books when one is watched.
Invariant: an event is handed out once, the oldest of its channel first; reconnections change nothing about that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum, auto

from mockex.clients.shared.driver_events import Inbox
from mockex.clients.shared.driver_lines import Line
from mockex.clients.shared.driver_time import HandDrivenTime, turns

from . import channels as names
from . import driver_words as w
from .account_models import BalanceUpdate
from .client import HtxClient
from .connection import ACCOUNT_TIMING, MARKET_TIMING, StreamTiming
from .driver_words import Fields
from .errors import ConnectionLostError
from .events import Push, StreamEvent
from .live_book import LiveBook
from .market_models import Candle, Depth, Match, TickerUpdate
from .stream import HtxStream
from .stream_models import OrderCancelled, OrderCreated, OrderTraded

#: How long a venue that may have fallen silent is waited for at the end. Real time: nothing else goes on meanwhile.
_FAREWELL = timedelta(milliseconds=500)


class Address(Enum):
    """The venue's sockets."""

    MARKET = auto()
    FEED = auto()
    ACCOUNT = auto()


#: By the end of their addresses, because what a server calls them is its own affair (htx§1).
_PATHS: Mapping[str, Address] = {"/ws": Address.MARKET, "/feed": Address.FEED, "/ws/v2": Address.ACCOUNT}

#: What the protocol has a channel for. A book here is a whole one: `book_watch` follows increments.
_TICKER, _TRADES, _BOOK, _CANDLES, _ORDERS, _BALANCES = "ticker", "trades", "book", "candles", "orders", "balances"
_PRIVATE = (_ORDERS, _BALANCES)


class StreamOperations:
    """A part of the driver. Its attributes are there while a session lasts."""

    api: HtxClient
    ws_urls: Mapping[Address, str]
    timeout: timedelta
    time: HandDrivenTime

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[Address, Line[HtxStream]] = {}
        self._is_open = False
        self._books: dict[str, LiveBook] = {}
        self._inbox: Inbox[Push] = Inbox()
        self._currencies: set[str | None] = set()  # whose balances are wanted: one topic has all of them

    # --- its life

    async def stream_open(self, private: bool) -> Fields:
        if self._is_open:
            raise ValueError("the stream is open already: close it first")
        self._inbox.clear()
        self._books.clear()
        self._currencies.clear()
        await self._open(Address.ACCOUNT if private else Address.MARKET)
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

    async def _open(self, address: Address) -> HtxStream:
        """The stream to that socket, connected if it was not before."""
        if address in self._lines:
            return self._lines[address].stream
        if address not in self.ws_urls:
            raise ValueError(f"no address of the {address.name.lower()} socket was given")
        connect: Callable[..., HtxStream] = self.api.account_stream if address is Address.ACCOUNT else self.api.market_stream
        usual = ACCOUNT_TIMING if address is Address.ACCOUNT else MARKET_TIMING
        timing = StreamTiming(
            connect_within=self.timeout,
            acknowledge_within=self.timeout,
            close_within=_FAREWELL,
            silent_for=usual.silent_for,
        )
        stream = connect(self.ws_urls[address], timing=timing, stopwatch=self.time.stopwatch())
        line = Line(stream, lost=ConnectionLostError)
        stream.listen(self._keep)
        stream.listen(line.notice)
        await stream.start()
        self._lines[address] = line
        return stream

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and _channel_of(event) is not None:
            self._inbox.keep(event)

    async def _stream_of(self, address: Address) -> HtxStream:
        if not self._is_open:
            raise ValueError("open the stream first")
        if address is Address.ACCOUNT and address not in self._lines:
            raise ValueError("private channels need a stream that was opened as a private one")
        return await self._open(address)

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
        topic = _topic(channel, symbol, interval_s)
        stream = await self._stream_of(_address(channel))
        await stream.subscribe(topic)
        if channel == _BALANCES:
            self._currencies.add(currency)
        return {}

    async def unsubscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> Fields:
        topic = _topic(channel, symbol, interval_s)
        stream = await self._stream_of(_address(channel))
        if channel == _BALANCES:
            self._currencies.discard(currency)
            if self._currencies:
                return {}  # the topic still has to bring the others
        await stream.unsubscribe(topic)
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
        of = symbol or (None if currency is None else w.venue_currency(currency))

        def wanted(push: Push) -> bool:
            return (
                _channel_of(push) == channel
                and of in (None, _subject(push))
                and (interval_s is None or push.channel.endswith(f".{w.period(interval_s)}"))
            )

        push = await self._inbox.next(wanted, timeout_ms)
        return {"event": None if push is None else _event_fields(push)}

    # --- local books

    async def book_watch(self, symbol: str) -> Fields:
        if symbol in self._books:
            raise ValueError(f"the book of {symbol} is watched already")
        book = LiveBook(await self._stream_of(Address.FEED), symbol)
        await book.start()
        self._books[symbol] = book
        return {}

    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        """Increments have no time."""
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


def addresses(ws: Mapping[str, str]) -> dict[Address, str]:
    """The venue's sockets among those named."""
    return {address: url for url in ws.values() for path, address in _PATHS.items() if url.endswith(path)}


def _address(channel: str) -> Address:
    return Address.ACCOUNT if channel in _PRIVATE else Address.MARKET


def _topic(channel: str, symbol: str | None, interval_s: int | None) -> str:
    """The venue's name. ValueError if something is missing that it needs."""
    if channel == _BALANCES:
        return names.balances()
    if symbol is None:
        raise ValueError(f"the channel {channel} needs a symbol")
    if channel == _CANDLES:
        if interval_s is None:
            raise ValueError("the channel candles needs an interval")
        return names.candles(symbol, w.period(interval_s))
    topics = {_TICKER: names.ticker, _TRADES: names.trades, _BOOK: names.depth, _ORDERS: names.orders}
    if channel not in topics:
        raise ValueError(f"there is no channel {channel}")
    return topics[channel](symbol)


def _channel_of(push: Push) -> str | None:
    """The protocol's channel of a push; None if it has none."""
    match push.value:
        case TickerUpdate():
            return _TICKER
        case Match():
            return _TRADES
        case Depth():
            return _BOOK
        case Candle():
            return _CANDLES
        case OrderCreated() | OrderTraded() | OrderCancelled():
            return _ORDERS
        case BalanceUpdate():
            return _BALANCES
    return None


def _subject(push: Push) -> str | None:
    """The symbol or currency of a push."""
    match push.value:
        case OrderCreated() | OrderTraded() | OrderCancelled() as event:
            return event.order.symbol
        case BalanceUpdate() as update:
            return update.currency
        case TickerUpdate() | Match() | Depth() | Candle() as told:
            return told.symbol
    return None


def _event_fields(push: Push) -> Fields:
    match push.value:
        case TickerUpdate() as ticker:
            return {_TICKER: w.ticker_update_fields(ticker)}
        case Match() as match:
            return {_TRADES: [w.trade_fields(trade) for trade in match.trades]}
        case Depth() as book:
            return {_BOOK: w.book_fields(book.bids, book.asks, book.timestamp)}
        case Candle() as candle:
            return {_CANDLES: [w.candle_fields(candle)]}
        case BalanceUpdate() as update:
            return {_BALANCES: [w.balance_update_fields(update)]}
        case OrderCreated() | OrderTraded() | OrderCancelled() as event:
            return w.order_event_fields(event)
    raise AssertionError(f"{push.channel} is no channel of the protocol")
