"""An order book that follows a stream.

Owns: the decision which message is a whole book, and when another whole book is asked for.
Must not know: how a stream connects, how increments are merged (see `book`).
Source: KTX document, "Market Data Streams > order book"; ktx§8.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mockex.clients.shared.book import BookSide
from mockex.clients.shared.live_book import FollowingBook

from . import channels
from .book import OrderBook, Outcome
from .errors import ConnectionLostError, InvalidRequestError, KtxError, RequestTimeoutError
from .events import ChannelRefused, Closed, Disconnected, ErrorReported, Push, StreamEvent
from .market_models import Book, Level
from .stream import KtxStream
from .vocabulary import Market


class LiveBook(FollowingBook[KtxStream, StreamEvent, Level]):
    """A book that follows a stream. Use it as an async context manager inside the stream's, or call `start`, `close`.

    One live book per stream name: closing it ends the subscription.

    Whole books and increments look alike: the first message of a subscription is whole. When the book turns out wrong, crossed
    or with a message that could not be read, it ends the subscription and begins another; until an increment proves right, it
    waits longer each time.
    """

    def __init__(
        self,
        stream: KtxStream,
        market: Market,
        symbol: str,
        *,
        depth: channels.Depth = 100,
        on_change: Callable[[LiveBook], None] | None = None,
    ) -> None:
        """`on_change` is called after each change and each loss of step."""
        super().__init__(stream, channels.book(market, symbol, depth), on_change=on_change)
        self.book = OrderBook(depth)
        self.rebuilds = 0  # books that turned out wrong
        self._awaits_whole = True  # the next message is a whole book
        self._wrong = asyncio.Event()  # set when another whole book must be asked for
        self._rebuilds_in_row = 0

    @property
    def in_step(self) -> bool:
        """True while the book is whole and the connection stands. Otherwise its levels are stale."""
        return self.book.whole and self._failure is None

    def _overdue(self) -> RequestTimeoutError:
        return RequestTimeoutError(f"no book came on {self._channel}")

    def _sides(self) -> tuple[BookSide[Level], BookSide[Level]]:
        return self.book.bids, self.book.asks

    # --- following ---

    def _on_event(self, event: StreamEvent) -> None:
        match event:
            case Push(value=Book() as book) if event.channel == self._channel:
                self._on_book(book)
            case ErrorReported() if event.channel == self._channel:
                self._doubt()
            case Disconnected():
                self._lose_step()
                self._awaits_whole = True  # the next connection subscribes anew
            case ChannelRefused() if event.channel == self._channel:
                self._fail(event.error)
            case Closed():
                self._fail(ConnectionLostError("the stream is closed"))
            case _:
                pass  # other streams, and events that do not touch the book

    def _on_book(self, book: Book) -> None:
        outcome = self.book.apply_whole(book) if self._awaits_whole else self.book.apply_increment(book)
        match outcome:
            case Outcome.APPLIED:
                if not self._awaits_whole:
                    self._rebuilds_in_row = 0  # a whole book shows nothing about increments; a right one does
                self._awaits_whole = False
                self._settled.set()
                self._tell()
            case Outcome.CROSSED:
                self._doubt()
            case Outcome.IGNORED:
                pass  # nothing has changed for a reader

    def _doubt(self) -> None:
        """The book is wrong: what comes is passed over until it is subscribed anew."""
        self._awaits_whole = False
        self.rebuilds += 1
        self.book.doubt()
        self._settled.clear()
        self._wrong.set()
        self._tell()

    def _lose_step(self) -> None:
        was_in_step = self.in_step
        self.book.doubt()
        if was_in_step:
            self._settled.clear()
            self._tell()

    async def _mend_when_needed(self) -> None:
        while self._failure is None:
            await self._wrong.wait()
            self._wrong.clear()
            if self._rebuilds_in_row:
                await self._stream.stopwatch.sleep(self._stream.timing.retry_delay(self._rebuilds_in_row - 1))
            if self._channel in self._stream.channels and (self.in_step or self._awaits_whole or not self._stream.connected):
                continue  # another connection has brought, or will bring, a whole book
            self._rebuilds_in_row += 1
            try:
                await self._stream.unsubscribe(self._channel)
                self._awaits_whole = True
                await self._stream.subscribe(self._channel)
            except InvalidRequestError as error:
                self._fail(error)
            except KtxError as error:
                if self._stream.closed:
                    self._fail(error)
                else:  # without an acknowledgement the stream has given the subscription up: nothing would ever come
                    self._awaits_whole = False
                    self._wrong.set()
