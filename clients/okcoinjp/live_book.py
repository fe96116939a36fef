"""An order book that follows a stream.

Owns: the decision when a book can be trusted, and the request for a fresh one when it cannot.
Must not know: how a stream connects, how levels are merged.
Source: OKCoin Japan v3 document, "Checksum": resubscribe after a mismatch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mockex.clients.shared.book import BookSide
from mockex.clients.shared.live_book import FollowingBook
from mockex.clients.shared.tasks import cancel

from . import channels
from .book import OrderBook
from .errors import ConnectionLostError, InvalidRequestError, OkcoinError, RequestTimeoutError
from .events import ChannelRefused, Closed, Connected, Disconnected, Push, StreamEvent
from .market_models import BookLevel, DepthChange
from .stream import OkcoinStream
from .vocabulary import DepthAction


class LiveBook(FollowingBook[OkcoinStream, StreamEvent, BookLevel]):
    """A book that follows a stream. Use it as an async context manager inside the stream's, or call `start`, `close`.

    One live book per channel: closing it ends the subscription of the channel.

    After a failed checksum the book is out of step: it ignores updates, asks for a fresh first message and is in step
    again when that arrives. The first such request goes out at once, and so does one for a first message that stays away.
    Until an update proves right, further requests wait longer each time, because the venue counts subscriptions per hour.
    """

    patience = 2  # so that a first book that was wrong, or stayed away, can be asked for again

    def __init__(
        self,
        stream: OkcoinStream,
        instrument_id: str,
        *,
        channel: Callable[[str], str] = channels.depth,
        on_change: Callable[[LiveBook], None] | None = None,
    ) -> None:
        """`channel` names the channel of a pair. `on_change` is called after each change and each loss of step."""
        super().__init__(stream, channel(instrument_id), on_change=on_change)
        self.book = OrderBook(instrument_id)
        self.mismatches = 0  # failed checksums so far
        self._doubt = asyncio.Event()  # set when the book may have to be asked for
        self._asked = False  # a first message is on its way: doubt means to wait for it before asking again
        self._repairs_in_row = 0

    @property
    def in_step(self) -> bool:
        """True while the book is whole and its last checksum was right. Otherwise its levels are stale."""
        return self._settled.is_set() and self._failure is None

    def _overdue(self) -> RequestTimeoutError:
        return RequestTimeoutError(f"{self._channel} sent no whole book")

    def _sides(self) -> tuple[BookSide[BookLevel], BookSide[BookLevel]]:
        return self.book.bids, self.book.asks

    # --- following ---

    async def _subscribe(self) -> None:
        await super()._subscribe()
        self._expect_whole_book()

    def _on_event(self, event: StreamEvent) -> None:
        match event:
            case Push(value=DepthChange() as change) if channels.same(event.channel, self._channel):
                self._on_depth(change)
            case Disconnected():
                self._lose_step()
            case Connected():
                self._expect_whole_book()  # the stream has subscribed again
            case ChannelRefused() if channels.same(event.channel, self._channel):
                self._fail(event.error)
            case Closed():
                self._fail(ConnectionLostError("the stream is closed"))
            case _:
                pass  # other channels, and events that do not touch the book

    def _on_depth(self, change: DepthChange) -> None:
        if change.action is DepthAction.UPDATE and not self.in_step:
            return  # part of a book that is already known to be wrong
        if not self.book.apply(change):
            self.mismatches += 1
            self._lose_step()
            self._asked = False
            self._doubt.set()
            return
        if change.action is DepthAction.UPDATE:
            self._repairs_in_row = 0  # a right first message shows nothing about the merge; a right update does
        self._failure = None
        self._settled.set()
        self._tell()

    def _expect_whole_book(self) -> None:
        if not self.in_step:
            self._asked = True
            self._doubt.set()

    def _lose_step(self) -> None:
        if self.in_step:
            self._settled.clear()
            self._tell()

    async def _mend_when_needed(self) -> None:
        while True:
            await self._doubt.wait()
            self._doubt.clear()
            if self._asked and not await self._stays_away():
                continue
            if self._repairs_in_row:
                await self._stream.stopwatch.sleep(self._stream.timing.retry_delay(self._repairs_in_row - 1))
            if self.in_step or not self._stream.connected:
                continue  # a new connection has brought a fresh book meanwhile, or will
            self._repairs_in_row += 1
            self._asked = True  # before asking: a wrong answer may be here before the acknowledgement is noticed
            try:
                await self._stream.resubscribe(self._channel)
            except InvalidRequestError:
                return  # refused for good
            except OkcoinError:
                self._asked = False
            if not self._stream.closed:
                self._doubt.set()

    async def _stays_away(self) -> bool:
        """True if no first message comes in time. False once it is here, right or wrong, or cannot come any more."""
        waiting = (
            asyncio.ensure_future(self._settled.wait()),
            asyncio.ensure_future(self._doubt.wait()),
            asyncio.ensure_future(self._stream.stopwatch.await_answer(self._stream.timing.acknowledge_within)),
        )
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancel(*waiting)
        return not self._settled.is_set() and not self._doubt.is_set()
