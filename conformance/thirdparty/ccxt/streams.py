"""The streaming operations, with ccxt.pro as its users use it: one loop for each thing that is watched.

ccxt connects by itself with the first watch and never tells what the venue acknowledged; `Exchange` listens in on that, and
changes nothing. A watch that fails ends its loop, and the failure is what the next question for an event of that channel gets:
ccxt renews a connection only when it is asked to watch again. Nothing can be unsubscribed.

Invariant: every value is translated the moment that ccxt hands it out, because ccxt goes on changing its own objects.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import ccxt.pro

from .words import Names, balances_of, book_of, candle_of, order_of, ticker_of, timeframe_of, trade_of

Fields = dict[str, Any]
Key = tuple[str, str | None, int | None]
"""Channel, symbol or currency, interval."""

QUIET_TURNS = 50
"""Far more turns of the loop than it takes what lies in a socket to come through ccxt."""


class Exchange(ccxt.pro.okcoin):  # type: ignore[misc]  # it lives in another environment, so it has no types here
    """ccxt's own, which also says which channels the venue has acknowledged."""

    def __init__(self, config: Fields) -> None:
        super().__init__(config)
        self.acknowledged: dict[str, asyncio.Event] = {}

    def handle_subscription_status(self, client: Any, message: Fields) -> Any:
        self.acknowledgement(message["channel"]).set()
        return super().handle_subscription_status(client, message)

    def acknowledgement(self, channel: str) -> asyncio.Event:
        return self.acknowledged.setdefault(channel, asyncio.Event())


class Watch:
    """One channel: ccxt's watch method again and again, and what it gave, translated, until it is asked for."""

    def __init__(self, again: Callable[[], Awaitable[Any]], translate: Callable[[Any], Fields]) -> None:
        self._again = again
        self._translate = translate
        self._events: asyncio.Queue[Fields] = asyncio.Queue()
        self.started = asyncio.Event()
        self.task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        while True:
            given = await self._again()
            self._events.put_nowait(self._translate(given))
            self.started.set()

    async def first_of(self, *wanted: asyncio.Event, seconds: float) -> None:
        """Returns when one of them happens. Raises what ended the watch, and TimeoutError."""
        waiting = [asyncio.ensure_future(event.wait()) for event in wanted]
        try:
            done, _ = await asyncio.wait({self.task, *waiting}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        if self.task in done:
            self.task.result()
        if not done:
            raise TimeoutError("ccxt's watch had no answer")

    async def next(self, seconds: float) -> Fields | None:
        """None if none comes in time. Raises what ended the watch once there are no more."""
        if self._events.empty():
            getting = asyncio.ensure_future(self._events.get())
            try:
                await asyncio.wait({getting, self.task}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
                if getting.done():
                    return getting.result()
            finally:
                getting.cancel()
            if self.task.done():
                self.task.result()
            return None
        return self._events.get_nowait()

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


class StreamOperations:
    """What the driver answers about streams. `exchange`, `names` and `seconds` (to wait for the venue) are the driver's."""

    exchange: Exchange
    names: Names
    seconds: float

    def __init__(self) -> None:
        self._watches: dict[Key, Watch] = {}
        self._books: dict[str, Watch] = {}
        self._kept: dict[str, Any] = {}
        self._logged_in: Any = None

    async def stream_open(self, private: bool) -> None:
        """Connects as the first watch would."""
        url = self.exchange.urls["api"]["ws"]
        if url not in self.exchange.clients:
            self.exchange.acknowledged.clear()
        self.exchange.open()
        client = self.exchange.client(url)
        await asyncio.wait_for(client.connect(self.exchange.session), self.seconds)
        if private:
            await self.exchange.load_markets()
            await asyncio.wait_for(self._log_in(), self.seconds)
            self._logged_in = client

    async def _log_in(self) -> None:
        """The first call raises TypeError after it has sent the login (ccxt 4.1.20 makes a task of something that is none).
        Its users catch that and call again, which waits for the venue's answer."""
        try:
            await self.exchange.authenticate()
        except TypeError:
            await self.exchange.authenticate()

    async def stream_close(self) -> None:
        watches = [*self._watches.values(), *self._books.values()]
        self._watches.clear()
        self._books.clear()
        self._logged_in = None
        for watch in watches:
            await watch.end()
        self.exchange.acknowledged.clear()
        await self.exchange.ws_close()

    def stream_state(self) -> Fields:
        client = self.exchange.clients.get(self.exchange.urls["api"]["ws"])
        alive = client is not None and client.isConnected and not client.closed()
        return {"connected": alive and self._logged_in in (None, client)}

    async def subscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> None:
        key = (channel, symbol or currency, interval_s)
        if key in self._watches:
            await self._watches.pop(key).end()
        venue_channel, again, translate = self._how(channel, symbol, currency, interval_s)
        self._watches[key] = watch = Watch(again, translate)
        await watch.first_of(self.exchange.acknowledgement(venue_channel), seconds=self.seconds)

    def _how(
        self, channel: str, symbol: str | None, currency: str | None, interval_s: int | None
    ) -> tuple[str, Callable[[], Awaitable[Any]], Callable[[Any], Fields]]:
        """The venue's name of the channel, ccxt's method, and the translation of what it gives."""
        exchange, name = self.exchange, self.names.unified(symbol)
        match channel:
            case "ticker":
                return f"spot/ticker:{symbol}", lambda: exchange.watch_ticker(name), self._ticker_event
            case "trades":
                return f"spot/trade:{symbol}", lambda: exchange.watch_trades(name), self._trades_event
            case "book":
                return f"spot/depth:{symbol}", lambda: exchange.watch_order_book(name), self._book_event
            case "orders":
                return f"spot/order:{symbol}", lambda: exchange.watch_orders(name), self._orders_event
            case "candles":
                timeframe = timeframe_of(exchange, interval_s)
                return f"spot/candle{interval_s}s:{symbol}", lambda: exchange.watch_ohlcv(name, timeframe), self._candles_event
            case _:
                # ccxt wants a market here that it does not use.
                params = {"currency": currency, "symbol": self.names.first_with(currency or "")}
                return f"spot/account:{currency}", lambda: exchange.watch_balance(params), self._balances_event

    def _ticker_event(self, ticker: Fields) -> Fields:
        return {"ticker": ticker_of(ticker, self.names)}

    def _trades_event(self, trades: list[Fields]) -> Fields:
        return {"trades": [trade_of(trade) for trade in reversed(trades)]}

    def _book_event(self, book: Fields) -> Fields:
        return {"book": book_of(book)}

    def _orders_event(self, orders: list[Fields]) -> Fields:
        return {"orders": [order_of(order, self.names) for order in orders]}

    def _candles_event(self, rows: list[list[Any]]) -> Fields:
        return {"candles": [candle_of(row) for row in rows]}

    def _balances_event(self, balance: Fields) -> Fields:
        return {"balances": balances_of(balance)}

    async def next_event(
        self,
        channel: str,
        timeout_ms: int,
        symbol: str | None = None,
        currency: str | None = None,
        interval_s: int | None = None,
    ) -> Fields:
        watch = self._watches.get((channel, symbol or currency, interval_s))
        return {"event": None if watch is None else await watch.next(timeout_ms / 1000)}

    # --- the book that ccxt keeps

    async def book_watch(self, symbol: str) -> None:
        """Whatever was watched once on a connection, ccxt goes on keeping: then nothing whole is pushed again, nor needed."""
        await self.book_unwatch(symbol)
        name = self.names.unified(symbol)
        self._books[symbol] = watch = Watch(lambda: self.exchange.watch_order_book(name), lambda _book: {})
        connection = self.exchange.clients.get(self.exchange.urls["api"]["ws"])
        elsewhere = self._watches.get(("book", symbol, None))
        if connection is None or self._kept.get(symbol) is not connection:
            there = [watch.started] if elsewhere is None else [watch.started, elsewhere.started]
            await watch.first_of(*there, seconds=self.seconds)
            self._kept[symbol] = self.exchange.clients.get(self.exchange.urls["api"]["ws"])

    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        """ccxt checks no sum; all that it tells is that the watch has failed."""
        watch = self._books.get(symbol)
        book = self.exchange.orderbooks.get(self.names.unified(symbol))
        if watch is None or book is None:
            raise LookupError(f"no book of {symbol} is watched")
        return {"in_sync": not watch.task.done(), "book": book_of(book, limit)}

    async def book_unwatch(self, symbol: str) -> None:
        """The venue goes on pushing: ccxt cannot unsubscribe."""
        watch = self._books.pop(symbol, None)
        if watch is not None:
            await watch.end()

    async def settle(self) -> None:
        """ccxt works off one frame for each turn of the loop: done after some turns in which there was none."""
        quiet_turns = 0
        while quiet_turns < QUIET_TURNS:
            await asyncio.sleep(0)
            waiting = any(getattr(client, "stack", ()) for client in self.exchange.clients.values())
            quiet_turns = 0 if waiting else quiet_turns + 1
