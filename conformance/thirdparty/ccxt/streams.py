"""The streaming operations, with ccxt.pro as its users use it: one loop for each thing that is watched.

ccxt connects by itself with the first watch and never tells what the venue acknowledged; `Acknowledged` listens in on that. A
watch that fails ends its loop, and the failure is what the next question for an event of that channel gets: ccxt renews a
connection only when it is asked to watch again. What is said of channels, sockets and logins is the venue's driver's.

Invariant: every value is translated the moment that ccxt hands it out, because ccxt goes on changing its own objects.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from .words import Names, balances_of, book_of, candle_of, order_of, ticker_of, trade_of

Fields = dict[str, Any]
Key = tuple[str, str | None, int | None]
"""Channel, symbol or currency, interval."""

QUIET_TURNS = 50
"""Far more turns of the loop than it takes what lies in a socket to come through ccxt."""


class Acknowledged:
    """Mixed into ccxt's exchange, it says which channels the venue has acknowledged, and changes nothing."""

    def __init__(self, config: Fields) -> None:
        super().__init__(config)  # type: ignore[call-arg]  # ccxt's, which has no types here
        self.acknowledged: dict[str, asyncio.Event] = {}

    def acknowledged_by(self, message: Fields) -> str | None:
        """The channel that the venue acknowledges with this message, in the venue's words; None if it is another message."""
        raise NotImplementedError

    def handle_subscription_status(self, client: Any, message: Fields) -> Any:
        if name := self.acknowledged_by(message):
            self.acknowledgement(name).set()
        return super().handle_subscription_status(client, message)  # type: ignore[misc]

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


How = tuple[str, Callable[[], Awaitable[Any]], Callable[[Any], Fields]]
"""The venue's name of a channel, ccxt's method to call again and again, and the translation of what it gives."""


class StreamOperations:
    """What the driver answers about streams. `exchange`, `names` and `seconds` (to wait for the venue) are the driver's."""

    exchange: Any
    names: Names
    seconds: float

    def __init__(self) -> None:
        self._watches: dict[Key, Watch] = {}
        self._books: dict[str, Watch] = {}
        self._kept: dict[str, Any] = {}
        self._open: set[str] = set()
        self._logged_in: Any = None

    # --- the venue's part

    def address(self, channel: str) -> str:
        """Of the socket that has this channel."""
        raise NotImplementedError

    def how(self, channel: str, symbol: str | None, currency: str | None, interval_s: int | None) -> How:
        """How to watch a channel."""
        raise NotImplementedError

    async def log_in(self) -> None:
        """Returns once the venue has accepted it."""
        raise NotImplementedError

    async def forget_book(self, symbol: str) -> bool:
        """Ends the subscription of the kept book. False where ccxt cannot: then it goes on keeping it."""
        return False

    # --- the connection

    async def stream_open(self, private: bool) -> None:
        """Connects as the first watch would."""
        url = self.address("orders" if private else "ticker")
        if url not in self.exchange.clients:
            self.exchange.acknowledged.clear()
        self.exchange.open()
        client = self.exchange.client(url)
        await asyncio.wait_for(client.connect(self.exchange.session), self.seconds)
        if private:
            await asyncio.wait_for(self.log_in(), self.seconds)
            self._logged_in = client
        self._open.add(url)

    async def stream_close(self) -> None:
        watches = [*self._watches.values(), *self._books.values()]
        self._watches.clear()
        self._books.clear()
        self._open.clear()
        self._logged_in = None
        for watch in watches:
            await watch.end()
        self.exchange.acknowledged.clear()
        await self.end_connections()

    async def end_connections(self) -> None:
        await self.exchange.ws_close()

    def stream_state(self) -> Fields:
        there = [self.exchange.clients.get(url) for url in self._open]
        alive = bool(there) and all(client is not None and client.isConnected and not client.closed() for client in there)
        return {"connected": alive and (self._logged_in is None or self._logged_in in there)}

    # --- channels

    async def subscribe(
        self, channel: str, symbol: str | None = None, currency: str | None = None, interval_s: int | None = None
    ) -> None:
        key = (channel, symbol or currency, interval_s)
        await self.end_watch(key)
        venue_channel, again, translate = self.how(channel, symbol, currency, interval_s)
        self._watches[key] = watch = Watch(again, translate)
        await watch.first_of(self.exchange.acknowledgement(venue_channel), seconds=self.seconds)
        self._open.add(self.address(channel))

    async def end_watch(self, key: Key) -> None:
        """Harmless if there is none."""
        if watch := self._watches.pop(key, None):
            await watch.end()

    def ticker_event(self, ticker: Fields) -> Fields:
        return {"ticker": ticker_of(ticker, self.names)}

    def trades_event(self, trades: list[Fields]) -> Fields:
        return {"trades": [trade_of(trade) for trade in reversed(trades)]}

    def book_event(self, book: Fields) -> Fields:
        return {"book": book_of(book)}

    def orders_event(self, orders: list[Fields]) -> Fields:
        return {"orders": [order_of(order, self.names) for order in orders]}

    def candles_event(self, rows: list[list[Any]]) -> Fields:
        return {"candles": [candle_of(row) for row in rows]}

    def balances_event(self, balance: Fields) -> Fields:
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
        """Whatever is watched on a connection already, ccxt goes on keeping: then nothing whole is pushed again, nor needed."""
        await self._end_book(symbol)
        _, again, _ = self.how("book", symbol, None, None)
        self._books[symbol] = watch = Watch(again, lambda _book: {})
        url = self.address("book")
        connection = self.exchange.clients.get(url)
        elsewhere = self._watches.get(("book", symbol, None))
        if connection is None or self._kept.get(symbol) is not connection:
            there = [watch.started] if elsewhere is None else [watch.started, elsewhere.started]
            await watch.first_of(*there, seconds=self.seconds)
            self._kept[symbol] = self.exchange.clients.get(url)
        self._open.add(url)

    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        """ccxt says nothing about its book; all that it tells is that the watch has failed."""
        watch = self._books.get(symbol)
        book = self.exchange.orderbooks.get(self.names.unified(symbol))
        if watch is None or book is None:
            raise LookupError(f"no book of {symbol} is watched")
        return {"in_sync": not watch.task.done(), "book": book_of(book, limit)}

    async def book_unwatch(self, symbol: str) -> None:
        await self._end_book(symbol)
        if ("book", symbol, None) not in self._watches and await self.forget_book(symbol):
            self._kept.pop(symbol, None)

    async def _end_book(self, symbol: str) -> None:
        watch = self._books.pop(symbol, None)
        if watch is not None:
            await watch.end()

    async def settle(self) -> None:
        """ccxt works off one frame for each turn of the loop: done after some turns in which there was none, or none any more,
        because an exception has ended ccxt's own loop."""
        quiet_turns, before = 0, 0
        while quiet_turns < QUIET_TURNS:
            await asyncio.sleep(0)
            left = sum(map(unread, self.exchange.clients.values()))
            quiet_turns = quiet_turns + 1 if left in (0, before) else 0
            before = left


def unread(connection: Any) -> int:
    """How many frames of it ccxt has not worked off. Releases name them differently."""
    return len(getattr(connection, "stack", None) or getattr(connection, "buffer", None) or ())
