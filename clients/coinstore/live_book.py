"""An order book that follows a stream.

Owns: the newest whole book, and the decision whether it can be trusted.
Must not know: how a stream connects.
The depth channel sends whole books of N levels each time, so there is nothing to merge: a lost message is healed by the next
(cs§9.4, as two clients read it; the document calls them updates).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from mockex.clients.shared.tasks import cancel

from . import channels
from .errors import CoinstoreError, ConnectionLostError, RequestTimeoutError
from .events import ChannelRefused, Closed, Disconnected, FramesLost, Push, StreamEvent
from .market import Levels
from .market_models import Book, Level
from .stream import CoinstoreStream


class LiveBook:
    """A book that follows a stream. Use it as an async context manager inside the stream's, or call `start`, `close`.

    One live book per channel: closing it ends the subscription of the channel.
    """

    def __init__(
        self,
        stream: CoinstoreStream,
        pair: channels.Pair,
        *,
        levels: Levels = 20,
        on_change: Callable[[LiveBook], None] | None = None,
    ) -> None:
        """`on_change` is called after each book and each loss of step."""
        self._stream = stream
        self._channel = channels.depth(pair, levels)
        self._on_change = on_change
        self._book: Book | None = None
        self._stale = True
        self._settled = asyncio.Event()  # set while in step, and when a failure says that waiting is useless
        self._failure: CoinstoreError | None = None
        self._stop_listening: Callable[[], None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Subscribe and wait for the first book. Raises the venue's error if it refuses the channel.

        RequestTimeoutError if no book comes in the time that an acknowledgement may take.
        """
        if self._stop_listening is not None:
            raise RuntimeError("a live book starts once")
        self._stop_listening = self._stream.listen(self._on_event)
        try:
            await self._stream.subscribe(self._channel)
            await self._first_book()
        except BaseException:
            self._stop_following()
            raise

    async def close(self) -> None:
        """Stop following and unsubscribe. Harmless to repeat."""
        if self._stop_listening is not None:
            self._stop_following()
            await self._stream.unsubscribe(self._channel)

    @property
    def in_step(self) -> bool:
        """True from a book on until a message or the connection is lost. Otherwise its levels are stale."""
        return not self._stale and self._failure is None

    async def wait_in_step(self) -> None:
        """Wait until the book is in step. Raises the error if the channel was refused or the stream has ended."""
        await self._settled.wait()
        if self._failure is not None:
            raise self._failure

    @property
    def book(self) -> Book | None:
        """The newest book, stale or not; None before the first."""
        return self._book

    @property
    def best_bid(self) -> Level | None:
        """The highest bid, None if there is none."""
        return next(iter(self.bids()), None)

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask, None if there is none."""
        return next(iter(self.asks()), None)

    def bids(self, limit: int | None = None) -> tuple[Level, ...]:
        """Bids, best first."""
        return () if self._book is None else self._book.bids[:limit]

    def asks(self, limit: int | None = None) -> tuple[Level, ...]:
        """Asks, best first."""
        return () if self._book is None else self._book.asks[:limit]

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

    def _on_event(self, event: StreamEvent) -> None:
        match event:
            case Push(value=Book() as book) if channels.same(event.channel, self._channel):
                self._book, self._stale = book, False
                self._settled.set()
                self._tell()
            case Disconnected() | FramesLost():
                self._lose_step()
            case ChannelRefused() if channels.same(event.channel, self._channel):
                self._fail(event.error)
            case Closed():
                self._fail(ConnectionLostError("the stream is closed"))
            case _:
                pass  # other channels, and events that do not touch the book

    def _lose_step(self) -> None:
        if self.in_step:
            self._stale = True
            self._settled.clear()
            self._tell()

    def _fail(self, error: CoinstoreError) -> None:
        self._failure = error
        self._settled.set()
        self._tell()

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change(self)

    def _stop_following(self) -> None:
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
