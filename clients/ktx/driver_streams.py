"""Operations of the driver on streams, in the names of this venue.

Owns which socket has which channel, what the protocol's channels are called here, and which push belongs to which. Must not
know the protocol's transport.
The protocol has one stream, the venue two sockets: for the user and for market data. What the user's brings flows by itself
after the login, so that a subscription of it is a matter of the driver's alone: what was not subscribed is not handed out.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mockex.clients.shared.driver_streams import FAREWELL, StreamForEachSocket

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


class StreamOperations(StreamForEachSocket[KtxStream, Push, LiveBook, Socket]):
    """A part of the driver. Its attributes are there while a session lasts."""

    lost = ConnectionLostError
    public_socket, private_socket = Socket.MARKET, Socket.USER
    api: KtxClient

    def __init__(self) -> None:
        super().__init__()
        self._subscribed: set[tuple[str, str | None]] = set()  # of the user's socket: channel, and symbol or currency

    def _new_stream(self, socket: Socket, url: str) -> KtxStream:
        connect = self.api.user_stream if socket is Socket.USER else self.api.market_stream
        timing = StreamTiming(connect_within=self.timeout, acknowledge_within=self.timeout, close_within=FAREWELL)
        return connect(url, timing=timing, stopwatch=self.time.stopwatch())

    def _forget_events(self) -> None:
        super()._forget_events()
        self._subscribed.clear()

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and self._is_wanted(event):
            self._inbox.keep(event)

    def _is_wanted(self, push: Push) -> bool:
        channel = _CHANNELS.get(type(push.value))
        if channel not in _PRIVATE:
            return channel is not None
        return not self._subscribed.isdisjoint({(channel, None), (channel, _subject(push))})

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

    def _is_of(self, push: Push, channel: str, of: str | None, interval_s: int | None) -> bool:
        return (
            _CHANNELS[type(push.value)] == channel
            and of in (None, _subject(push))
            and (interval_s is None or push.channel.endswith(f".{w.time_frame(interval_s).on_stream}"))
        )

    def _event_fields(self, push: Push) -> Fields:
        return _event_fields(push)

    # --- local books

    async def _new_book(self, symbol: str) -> LiveBook:
        return LiveBook(await self._stream_of(Socket.MARKET), w.market(symbol), symbol, depth=_FOLLOWED)

    def _book_view(self, book: LiveBook, limit: int | None) -> Fields:
        return {"in_sync": book.in_step, "book": w.book_fields(book.bids(limit), book.asks(limit), None)}


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
