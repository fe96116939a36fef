"""An order book that follows a stream of `/feed`.

Owns: the decision when a whole book is asked for.
Must not know: how a stream connects, how increments are aligned and merged (see `book`).
Source: HTX document, "Market By Price (incremental update)"; htx§5.
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
from .errors import ConnectionLostError, HtxError, InvalidRequestError, MalformedReplyError, RequestTimeoutError
from .events import ChannelRefused, Closed, Disconnected, Push, StreamEvent, Subscribed
from .market_models import BookChange, BookImage, Level
from .stream import HtxStream


class LiveBook:
    """A book that follows a stream. Use it as an async context manager inside the stream's, or call `start`, `close`.

    One live book per topic: closing it ends the subscription of the topic.

    It subscribes, keeps the increments, asks for the whole book and joins both. When an increment is missing the book is out of
    step: it asks again, and is in step when whole book and increments fit. The first request after a subscription goes out at
    once. Until an increment proves right, further requests wait longer each time, because the venue limits them.
    """

    def __init__(
        self,
        stream: HtxStream,
        symbol: str,
        *,
        levels: channels.BookLevels = 150,
        on_change: Callable[[LiveBook], None] | None = None,
    ) -> None:
        """`on_change` is called after each change and each loss of step."""
        self.book = OrderBook(symbol, levels)
        self.gaps = 0  # increments that did not follow the one before
        self._stream = stream
        self._channel = channels.book(symbol, levels)
        self._on_change = on_change
        self._settled = asyncio.Event()  # set while in step, and when a failure says that waiting is useless
        self._failure: HtxError | None = None
        self._needed = asyncio.Event()  # set when the whole book must be asked for
        self._requests_in_row = 0
        self._connection = 0  # counts connections: a whole book of an earlier one is of no use
        self._requester: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Subscribe and wait until the book is in step. Raises the venue's error if it refuses the topic.

        RequestTimeoutError if the book is not in step in twice the time that an acknowledgement may take.
        """
        if self._stop_listening is not None:
            raise RuntimeError("a live book starts once")
        self._stop_listening = self._stream.listen(self._on_event)
        self._requester = asyncio.create_task(self._ask_when_needed())
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
            await self._stream.unsubscribe(self._channel)

    @property
    def in_step(self) -> bool:
        """True while the book is whole and no increment is missing. Otherwise its levels are stale."""
        return self.book.aligned and self._failure is None

    async def wait_in_step(self) -> None:
        """Wait until the book is in step. Raises the error if the topic was refused or the stream has ended."""
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
        patience = 2 * self._stream.timing.acknowledge_within
        overdue = asyncio.ensure_future(self._stream.stopwatch.await_answer(patience))
        in_step = asyncio.ensure_future(self.wait_in_step())
        try:
            await asyncio.wait((overdue, in_step), return_when=asyncio.FIRST_COMPLETED)
            if not in_step.done():
                raise RequestTimeoutError(f"{self._channel} did not come into step")
            in_step.result()
        finally:
            await cancel(overdue, in_step)

    # --- following ---

    def _on_event(self, event: StreamEvent) -> None:
        match event:
            case Push(value=BookChange() as change) if event.channel == self._channel:
                self._on_increment(change)
            case Subscribed() if event.channel == self._channel:
                # Increments come from here on, so the whole book may be asked for.
                self._requests_in_row = 0
                self._needed.set()
            case Disconnected():
                self._connection += 1
                self._lose_step()
            case ChannelRefused() if event.channel == self._channel:
                self._fail(event.error)
            case Closed():
                self._fail(ConnectionLostError("the stream is closed"))
            case _:
                pass  # other topics, and events that do not touch the book

    def _on_increment(self, change: BookChange) -> None:
        match self.book.apply_change(change):
            case Outcome.APPLIED:
                self._requests_in_row = 0  # a whole book shows nothing about the chain; a right increment does
                self._tell()
            case Outcome.LOST:
                self.gaps += 1
                self._settled.clear()
                self._needed.set()
                self._tell()
            case _:
                pass  # nothing has changed for a reader

    def _on_image(self, image: BookImage) -> None:
        if self.book.apply_image(image) is Outcome.TOO_OLD:
            self._needed.set()
            return
        self._settled.set()
        self._tell()

    def _lose_step(self) -> None:
        was_in_step = self.in_step
        self.book.reset()
        if was_in_step:
            self._settled.clear()
            self._tell()

    def _fail(self, error: HtxError) -> None:
        self._failure = error
        self._settled.set()
        self._tell()

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change(self)

    async def _ask_when_needed(self) -> None:
        while True:
            await self._needed.wait()
            self._needed.clear()
            if self._requests_in_row:
                await self._stream.stopwatch.sleep(self._stream.timing.retry_delay(self._requests_in_row - 1))
            if self.in_step or not self._stream.connected:
                continue  # a new connection will be followed by a new subscription
            self._requests_in_row += 1
            connection = self._connection
            try:
                image = await self._stream.request(self._channel)
                if not isinstance(image, BookImage):
                    raise MalformedReplyError(f"{self._channel} was answered with {type(image).__name__}")
            except InvalidRequestError as error:
                self._fail(error)
                return
            except HtxError:
                if not self._stream.closed:
                    self._needed.set()
                continue
            if connection == self._connection:
                self._on_image(image)

    async def _stop_following(self) -> None:
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        if self._requester is not None:
            await cancel(self._requester)
