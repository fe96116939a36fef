"""An order book that follows a stream.

Owns: the decision when a book can be trusted, and the request for a fresh one when it cannot.
Must not know: how a stream connects, how levels are merged.
Source: OKCoin Japan v3 document, "Checksum": resubscribe after a mismatch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import islice
from types import TracebackType
from typing import Self

from mockex.clients.shared.tasks import cancel

from . import channels
from .book import OrderBook
from .errors import ConnectionLostError, InvalidRequestError, OkcoinError, RequestTimeoutError
from .events import ChannelRefused, Closed, Connected, Disconnected, Push, StreamEvent
from .market_models import BookLevel, DepthChange
from .stream import OkcoinStream
from .vocabulary import DepthAction


class LiveBook:
    """A book that follows a stream. Use it as an async context manager inside the stream's, or call `start`, `close`.

    One live book per channel: closing it ends the subscription of the channel.

    After a failed checksum the book is out of step: it ignores updates, asks for a fresh first message and is in step
    again when that arrives. The first such request goes out at once, and so does one for a first message that stays away.
    Until an update proves right, further requests wait longer each time, because the venue counts subscriptions per hour.
    """

    def __init__(
        self,
        stream: OkcoinStream,
        instrument_id: str,
        *,
        channel: Callable[[str], str] = channels.depth,
        on_change: Callable[[LiveBook], None] | None = None,
    ) -> None:
        """`channel` names the channel of a pair. `on_change` is called after each change and each loss of step."""
        self.book = OrderBook(instrument_id)
        self.mismatches = 0  # failed checksums so far
        self._stream = stream
        self._channel = channel(instrument_id)
        self._on_change = on_change
        self._settled = asyncio.Event()  # set while in step, and when a failure says that waiting is useless
        self._failure: OkcoinError | None = None
        self._doubt = asyncio.Event()  # set when the book may have to be asked for
        self._asked = False  # a first message is on its way: doubt means to wait for it before asking again
        self._repairs_in_row = 0
        self._repairer: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Subscribe and wait for the first whole book. Raises the venue's error if it refuses the channel.

        RequestTimeoutError if no whole book comes, not even after asking for it a second time.
        """
        if self._stop_listening is not None:
            raise RuntimeError("a live book starts once")
        self._stop_listening = self._stream.listen(self._on_event)
        self._repairer = asyncio.create_task(self._repair_when_needed())
        try:
            await self._stream.subscribe(self._channel)
            self._expect_whole_book()
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
        """True while the book is whole and its last checksum was right. Otherwise its levels are stale."""
        return self._settled.is_set() and self._failure is None

    async def wait_in_step(self) -> None:
        """Wait until the book is in step. Raises the error if the channel was refused or the stream has ended."""
        await self._settled.wait()
        if self._failure is not None:
            raise self._failure

    @property
    def best_bid(self) -> BookLevel | None:
        """The highest bid, None if there is none."""
        return self.book.bids.best

    @property
    def best_ask(self) -> BookLevel | None:
        """The lowest ask, None if there is none."""
        return self.book.asks.best

    def bids(self, limit: int | None = None) -> tuple[BookLevel, ...]:
        """Bids, best first."""
        return tuple(islice(self.book.bids, limit))

    def asks(self, limit: int | None = None) -> tuple[BookLevel, ...]:
        """Asks, best first."""
        return tuple(islice(self.book.asks, limit))

    async def _first_book(self) -> None:
        patience = 2 * self._stream.timing.acknowledge_within
        overdue = asyncio.ensure_future(self._stream.stopwatch.await_answer(patience))
        in_step = asyncio.ensure_future(self.wait_in_step())
        try:
            await asyncio.wait({overdue, in_step}, return_when=asyncio.FIRST_COMPLETED)
            if not in_step.done():
                raise RequestTimeoutError(f"{self._channel} sent no whole book")
            in_step.result()
        finally:
            await cancel(overdue, in_step)

    # --- following ---

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

    def _fail(self, error: OkcoinError) -> None:
        self._failure = error
        self._settled.set()
        self._tell()

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change(self)

    async def _repair_when_needed(self) -> None:
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

    async def _stop_following(self) -> None:
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        if self._repairer is not None:
            await cancel(self._repairer)
