"""Operations of the driver on streams, in the names of this venue.

Owns which socket has which channel, what the protocol's channels are called here, and which push belongs to which. Must not
know the protocol's transport.
The protocol has one stream, the venue three sockets: for orders and balances, for market data, and for books.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto

from mockex.clients.shared.driver_streams import FAREWELL, StreamForEachSocket

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


class StreamOperations(StreamForEachSocket[HtxStream, Push, LiveBook, Address]):
    """A part of the driver. Its attributes are there while a session lasts."""

    lost = ConnectionLostError
    public_socket, private_socket = Address.MARKET, Address.ACCOUNT
    api: HtxClient

    def __init__(self) -> None:
        super().__init__()
        self._currencies: set[str | None] = set()  # whose balances are wanted: one topic has all of them

    def _new_stream(self, socket: Address, url: str) -> HtxStream:
        connect: Callable[..., HtxStream] = self.api.account_stream if socket is Address.ACCOUNT else self.api.market_stream
        usual = ACCOUNT_TIMING if socket is Address.ACCOUNT else MARKET_TIMING
        timing = StreamTiming(
            connect_within=self.timeout,
            acknowledge_within=self.timeout,
            close_within=FAREWELL,
            silent_for=usual.silent_for,
        )
        return connect(url, timing=timing, stopwatch=self.time.stopwatch())

    def _forget_events(self) -> None:
        super()._forget_events()
        self._currencies.clear()

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and _channel_of(event) is not None:
            self._inbox.keep(event)

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
        venues = None if currency is None else w.venue_currency(currency)
        return await super().next_event(channel, timeout_ms, symbol, venues, interval_s)

    def _is_of(self, push: Push, channel: str, of: str | None, interval_s: int | None) -> bool:
        return (
            _channel_of(push) == channel
            and of in (None, _subject(push))
            and (interval_s is None or push.channel.endswith(f".{w.period(interval_s)}"))
        )

    def _event_fields(self, push: Push) -> Fields:
        return _event_fields(push)

    # --- local books

    async def _new_book(self, symbol: str) -> LiveBook:
        return LiveBook(await self._stream_of(Address.FEED), symbol)

    def _book_view(self, book: LiveBook, limit: int | None) -> Fields:
        """Increments have no time."""
        return {"in_sync": book.in_step, "book": w.book_fields(book.bids(limit), book.asks(limit), None)}


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
