"""An order book that follows a stream of `/feed`.

Owns: the decision when a whole book is asked for.
Must not know: how a stream connects, how increments are aligned and merged (see `book`).
Source: HTX document, "Market By Price (incremental update)"; htx§5.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mockex.clients.shared.book import BookSide
from mockex.clients.shared.live_book import FollowingBook

from . import channels
from .book import OrderBook, Outcome
from .errors import ConnectionLostError, HtxError, InvalidRequestError, MalformedReplyError, RequestTimeoutError
from .events import ChannelRefused, Closed, Disconnected, Push, StreamEvent, Subscribed
from .market_models import BookChange, BookImage, Level
from .stream import HtxStream


class LiveBook(FollowingBook[HtxStream, StreamEvent, Level]):
    """A book that follows a stream. Use it as an async context manager inside the stream's, or call `start`, `close`.

    One live book per topic: closing it ends the subscription of the topic.

    It subscribes, keeps the increments, asks for the whole book and joins both. When an increment is missing the book is out of
    step: it asks again, and is in step when whole book and increments fit. The first request after a subscription goes out at
    once. Until an increment proves right, further requests wait longer each time, because the venue limits them.
    """

    patience = 2  # so that a first book that was wrong, or stayed away, can be asked for again

    def __init__(
        self,
        stream: HtxStream,
        symbol: str,
        *,
        levels: channels.BookLevels = 150,
        on_change: Callable[[LiveBook], None] | None = None,
    ) -> None:
        """`on_change` is called after each change and each loss of step."""
        super().__init__(stream, channels.book(symbol, levels), on_change=on_change)
        self.book = OrderBook(symbol, levels)
        self.gaps = 0  # increments that did not follow the one before
        self._needed = asyncio.Event()  # set when the whole book must be asked for
        self._requests_in_row = 0
        self._connection = 0  # counts connections: a whole book of an earlier one is of no use

    @property
    def in_step(self) -> bool:
        """True while the book is whole and no increment is missing. Otherwise its levels are stale."""
        return self.book.aligned and self._failure is None

    def _overdue(self) -> RequestTimeoutError:
        return RequestTimeoutError(f"{self._channel} did not come into step")

    def _sides(self) -> tuple[BookSide[Level], BookSide[Level]]:
        return self.book.bids, self.book.asks

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

    async def _mend_when_needed(self) -> None:
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
