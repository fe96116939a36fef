"""Operations of the driver on the stream, in the names of this venue.

Owns what the protocol's channels are called here, and which push belongs to which. Must not know the protocol's transport.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.clients.shared.driver_streams import FAREWELL, OneStream

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

#: What the protocol has a channel for, and which. A book here is a whole one: `book_watch` follows changes.
_CHANNELS: Mapping[type[PushValue], str] = {
    Ticker: "ticker",
    Trade: "trades",
    BookSnapshot: "book",
    Candle: "candles",
    OrderUpdate: "orders",
    Balance: "balances",
}


class StreamOperations(OneStream[OkcoinStream, Push, LiveBook]):
    """A part of the driver. Its attributes are there while a session lasts."""

    lost = ConnectionLostError
    api: OkcoinClient

    def _new_stream(self, url: str, *, private: bool) -> OkcoinStream:
        timing = StreamTiming(connect_within=self.timeout, acknowledge_within=self.timeout, close_within=FAREWELL)
        return self.api.stream(url, log_in=private, timing=timing, stopwatch=self.time.stopwatch())

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and type(event.value) in _CHANNELS:
            self._inbox.keep(event)

    # --- channels

    def _channel(self, channel: str, symbol: str | None, currency: str | None, interval_s: int | None) -> str:
        return _channel_name(channel, symbol, currency, interval_s)

    def _is_of(self, push: Push, channel: str, of: str | None, interval_s: int | None) -> bool:
        table, _, filter_ = push.channel.partition(":")
        return (
            _CHANNELS[type(push.value)] == channel
            and (of is None or filter_.casefold() == of.casefold())
            and (interval_s is None or table.endswith(f"candle{interval_s}s"))
        )

    def _event_fields(self, push: Push) -> Fields:
        return _event_fields(push)

    # --- local books

    def _book_name(self, symbol: str) -> str:
        return symbol.upper()

    async def _new_book(self, symbol: str) -> LiveBook:
        return LiveBook(self._open_stream(), symbol)

    def _book_view(self, book: LiveBook, limit: int | None) -> Fields:
        return {"in_sync": book.in_step, "book": w.book_fields(book.bids(limit), book.asks(limit), book.book.timestamp)}


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
