"""Operations of the driver on the stream, in the names of this venue.

Owns what the protocol's channels are called here, and which push belongs to which. Must not know the protocol's transport.
Orders and balances go by the older generation of private channels: it tells every change of one pair or currency, the newer one
the newest state of all (cs§9.5).
"""

from __future__ import annotations

from mockex.clients.shared.driver_streams import FAREWELL, OneStream

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

#: Of whole books that are handed out, and of those that are followed: two channels, so that each has its own subscription.
_HANDED_OUT: Levels = 20
_FOLLOWED: Levels = 100


class StreamOperations(OneStream[CoinstoreStream, Push, LiveBook]):
    """A part of the driver. Its attributes are there while a session lasts."""

    lost = ConnectionLostError
    api: CoinstoreClient

    def _new_stream(self, url: str, *, private: bool) -> CoinstoreStream:
        connect = self.api.private_stream if private else self.api.stream
        timing = StreamTiming(connect_within=self.timeout, acknowledge_within=self.timeout, close_within=FAREWELL)
        return connect(url, timing=timing, stopwatch=self.time.stopwatch())

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and _channel_of(event) is not None:
            self._inbox.keep(event)

    # --- channels

    def _channel(self, channel: str, symbol: str | None, currency: str | None, interval_s: int | None) -> str:
        return _channel_name(channel, symbol, currency, interval_s)

    def _is_of(self, push: Push, channel: str, of: str | None, interval_s: int | None) -> bool:
        return (
            _channel_of(push) == channel
            and of in (None, _subject(push))
            and (interval_s is None or push.channel.endswith(f"@{w.interval(interval_s)}"))
        )

    def _event_fields(self, push: Push) -> Fields:
        return _event_fields(push)

    # --- local books

    async def _new_book(self, symbol: str) -> LiveBook:
        return LiveBook(self._open_stream(), symbol, levels=_FOLLOWED)

    def _book_view(self, book: LiveBook, limit: int | None) -> Fields:
        return {"in_sync": book.in_step, "book": w.book_fields(book.bids(limit), book.asks(limit))}


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
