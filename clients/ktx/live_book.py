"""An order book that follows a stream.

Owns: the decision which message is a whole book, and when another whole book is asked for.
Must not know: how a stream connects, how increments are merged (see `book`).
Source: KTX document, "Market Data Streams > order book"; ktx§8.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import islice
from types import TracebackType
from typing import Self

from mockex.clients.shared.tasks import cancel

from . import channels
from .book import OrderBook, Outcome
from .errors import ConnectionLostError, InvalidRequestError, KtxError, RequestTimeoutError
from .events import ChannelRefused, Closed, Disconnected, ErrorReported, Push, StreamEvent
from .market_models import Book, Level
from .stream import KtxStream
from .vocabulary import Market


class LiveBook:
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
        self.book = OrderBook(depth)
        self.rebuilds = 0  # books that turned out wrong
        self._stream = stream
        self._channel = channels.book(market, symbol, depth)
        self._on_change = on_change
        self._awaits_whole = False  # the next message is a whole book
        self._settled = asyncio.Event()  # set while in step, and when a failure says that waiting is useless
        self._failure: KtxError | None = None
        self._wrong = asyncio.Event()  # set when another whole book must be asked for
        self._rebuilds_in_row = 0
        self._rebuilder: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Subscribe and wait until the book is in step. Raises the venue's error if it refuses the stream.

        RequestTimeoutError if no book comes in the time that an acknowledgement may take.
        """
        if self._stop_listening is not None:
            raise RuntimeError("a live book starts once")
        self._stop_listening = self._stream.listen(self._on_event)
        self._rebuilder = asyncio.create_task(self._rebuild_when_wrong())
        self._awaits_whole = True
        try:
            await self._stream.subscribe(self._channel)
            await self._first_book()
        except BaseException:
            await self._stop_following()
            raise

    async def close(self) -> None:
        """Stop following and unsubscribe. Harmless to repeat."""
        if self._stop_listening is not None:
            await self._stop_following()
            if not self._stream.closed:
                await self._stream.unsubscribe(self._channel)

    @property
    def in_step(self) -> bool:
        """True while the book is whole and the connection stands. Otherwise its levels are stale."""
        return self.book.whole and self._failure is None

    async def wait_in_step(self) -> None:
        """Wait until the book is in step. Raises the error if the stream was refused or has ended."""
        await self._settled.wait()
        if self._failure is not None:
            raise self._failure

    @property
    def best_bid(self) -> Level | None:
        """The highest bid, None if there is none."""
        return self.book.bids.best

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask, None if there is none."""
        return self.book.asks.best

    def bids(self, limit: int | None = None) -> tuple[Level, ...]:
        """Bids, best first."""
        return tuple(islice(self.book.bids, limit))

    def asks(self, limit: int | None = None) -> tuple[Level, ...]:
        """Asks, best first."""
        return tuple(islice(self.book.asks, limit))

    async def _first_book(self) -> None:
        overdue = asyncio.ensure_future(self._stream.stopwatch.await_answer(self._stream.timing.acknowledge_within))
        in_step = asyncio.ensure_future(self.wait_in_step())
        try:
            await asyncio.wait((overdue, in_step), return_when=asyncio.FIRST_COMPLETED)
            if not in_step.done():
                raise RequestTimeoutError(f"no book came on {self._channel}")
            in_step.result()
        finally:
            await cancel(overdue, in_step)

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

    def _fail(self, error: KtxError) -> None:
        self._failure = error
        self._settled.set()
        self._tell()

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change(self)

    async def _rebuild_when_wrong(self) -> None:
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

    async def _stop_following(self) -> None:
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        if self._rebuilder is not None:
            await cancel(self._rebuilder)
